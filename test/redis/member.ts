import { Redis } from 'ioredis';
import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { ioredis, redisStore } from 'runestone/redis';

/** What a process of the fleet does: it asks so often, for so long, and tells how that went when it is done. */
export interface MemberTask {
  readonly redis: string;
  readonly upstream: string;
  readonly prefix: string;
  readonly requestsPerMinute?: number;
  readonly budgetUsd?: number;
  readonly processes: number;
  /** Requests that it makes, evenly over `forMs`. */
  readonly requests: number;
  readonly forMs: number;
  /** Every third is left after its first words. */
  readonly leaves?: boolean;
  readonly maxTokens: number;
}

/** What it says in the end, as one line of JSON. */
export interface MemberReport {
  readonly answered: number;
  readonly left: number;
  /** By code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly costNanoUsd: number;
  readonly lost: number;
}

async function play(task: MemberTask): Promise<MemberReport> {
  const client = new Redis(task.redis);
  const pool = new ProviderPool({
    providers: [anthropic({ apiKey: 'sk-ant-test', baseURL: task.upstream })],
    shared: {
      store: redisStore(ioredis(client), { prefix: task.prefix }),
      expectedProcesses: task.processes,
      // A machine that is busy with other tests is not a store that is away.
      timeoutMs: 5_000,
    },
    limits: {
      ...(task.requestsPerMinute && { pool: { requestsPerMinute: task.requestsPerMinute } }),
      queue: { maxWaitMs: 0 },
    },
    ...(task.budgetUsd && { cost: { budgets: [{ limitUsd: task.budgetUsd, window: 'month' }] } }),
  });
  const refused: Record<string, number> = {};
  let [answered, left, costNanoUsd, lost] = [0, 0, 0, 0];
  pool.on('cost.recorded', (event) => (costNanoUsd += event.costNanoUsd ?? 0));
  pool.on('store.lost', () => (lost += 1));
  const ask = async (index: number): Promise<void> => {
    try {
      const stream = await pool.streamRequest({
        model: 'claude-sonnet-4-5',
        max_tokens: task.maxTokens,
        messages: [{ role: 'user', content: 'Hello' }],
      });
      for await (const _ of stream) {
        if (!task.leaves || index % 3 !== 0) continue;
        left += 1;
        return;
      }
      answered += 1;
    } catch (error) {
      const code = String(Object(error).code);
      refused[code] = (refused[code] ?? 0) + 1;
    }
  };
  const startMs = performance.now();
  const asked: Promise<void>[] = [];
  while (asked.length < task.requests) {
    const due =
      task.forMs === 0 ? task.requests : ((performance.now() - startMs) / task.forMs) * task.requests;
    while (asked.length < Math.min(due, task.requests)) asked.push(ask(asked.length));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(asked);
  await pool.close();
  await client.quit();
  return { answered, left, refused, costNanoUsd, lost };
}

const [task] = process.argv.slice(2);
if (task) console.log(JSON.stringify(await play(JSON.parse(task))));
