import type { ChatCompletion, ChatRequest, ForeignChatRequest, ProviderPool } from '../index.ts';
import type { OverflowJob } from './bull-queue.ts';
import { isOverflowId, overflowId } from './node-overflow-id.ts';
import { type OverflowFinished, type OverflowResult, opened, sealed } from './overflow-data.ts';
import {
  checkedCall,
  type OverflowCall,
  type OverflowOptions,
  toOverflowSettings,
} from './overflow-options.ts';
import { isOwnRefusal } from './own-refusal.ts';
import { bare, within } from './within.ts';

/** What became of a request at once. */
export type OverflowOutcome =
  | { readonly status: 'answered'; readonly completion: ChatCompletion }
  | { readonly status: 'queued'; readonly id: string };

/** A pool whose own refusals are not the last word. */
export interface Overflow {
  /**
   * Asks the pool; what it has no room for is queued, and run later by a worker. Streams are not.
   *
   * With an idempotency key the queue is asked first: what waits there is not asked again, what was answered is the
   * answer. A `schemaFormat` shapes a queued answer too, but nobody parses it.
   *
   * @throws ConfigError for an `apiKey` or a `signal`; RunestoneError as `pool.request` does, its refusal included
   *   where the queue does not take the request
   */
  request(request: ChatRequest | ForeignChatRequest, call?: OverflowCall): Promise<OverflowOutcome>;
  /**
   * What is known of a queued request; `undefined` when nothing is, or not any more.
   *
   * @param asked.tenant - whose request it must be, if given. An id that comes from outside proves nothing.
   * @throws Error when Redis cannot be reached
   */
  result(id: string, asked?: { readonly tenant?: string }): Promise<OverflowResult | undefined>;
}

/** Smaller is sooner. 0 would be before all that have a priority. */
const RANKS = { high: 1, normal: 2, low: 3 } as const;

/**
 * Puts a durable queue behind a pool: what its limits refuse waits in BullMQ, on Redis, for `overflowWorker`.
 *
 * A job's data holds the request until it is answered, and then the answer: use a `cipher` where Redis may not see
 * either. Nothing else does, neither names and ids of jobs nor events and errors.
 *
 * @throws ConfigError
 *
 * @example
 * const spill = overflow(pool, { queue: new Queue('overflow', { connection }) });
 * const outcome = await spill.request({ model: 'fast', messages }, { tenant: 'acme', idempotencyKey: 'order-7' });
 * if (outcome.status === 'queued') await spill.result(outcome.id);
 */
export function overflow(pool: Pick<ProviderPool, 'request'>, options: OverflowOptions): Overflow {
  const settings = toOverflowSettings(options);
  const { queue, cipher, maxQueued, storeTimeoutMs, onError } = settings;

  /** What the queue says; `undefined`, and a word to `onError`, where it says nothing. */
  const asked = <Value>(work: Promise<Value>): Promise<Value | undefined> =>
    within(work, storeTimeoutMs).catch((error: unknown) => void onError?.(bare(error)));

  async function look(id: string, tenant?: string): Promise<OverflowResult | undefined> {
    // First the state: a job that had ended by then has its result in what is read after it.
    const state = await queue.getJobState(id);
    const job = await queue.getJob(id);
    if (!job) return undefined;
    if ((job.finishedOn ?? Number.POSITIVE_INFINITY) + settings.keepMs <= Date.now()) {
      // BullMQ itself lets go of the old only when another job ends.
      await job.remove();
      return undefined;
    }
    const content = await opened(job.data, id, cipher);
    if (tenant !== undefined && content?.tenant !== tenant) return undefined;
    return content && content.status !== 'asked' ? finished(content) : unfinished(state, job);
  }

  async function earlier(id: string): Promise<OverflowOutcome | undefined> {
    const known = await look(id);
    // Nobody is served by a key that can only fail for a day.
    if (known?.status === 'failed') return void (await (await queue.getJob(id))?.remove());
    return known?.status === 'answered' ? known : known && { status: 'queued', id };
  }

  async function store(id: string, text: string, { priority = 'normal' }: OverflowCall): Promise<boolean> {
    const [data, waiting] = await Promise.all([sealed(text, id, cipher), queue.count()]);
    if (waiting >= maxQueued) return false;
    const keep = { age: Math.ceil(settings.keepMs / 1_000), count: settings.keepCount };
    await queue.add('chat', data, {
      jobId: id,
      priority: RANKS[priority],
      attempts: settings.attempts,
      backoff: { type: 'custom' },
      removeOnComplete: keep,
      removeOnFail: keep,
      stackTraceLimit: 0,
    });
    return true;
  }

  return {
    async request(request, given = {}) {
      const { idempotencyKey, ...call } = checkedCall(given);
      const id = overflowId(call.tenant, idempotencyKey);
      // Before anything is waited for, as the pool does: what the caller changes later is another request.
      const text = textOf(request, call, Date.now() + settings.maxWaitMs);
      const known = idempotencyKey === undefined ? undefined : await asked(earlier(id));
      if (known) return known;
      try {
        return { status: 'answered', completion: await pool.request(request, call) };
      } catch (error) {
        const isSmall = text !== undefined && Buffer.byteLength(text) <= settings.maxBytes;
        if (isSmall && isOwnRefusal(error) && (await asked(store(id, text, call))))
          return { status: 'queued', id };
        throw error;
      }
    },
    async result(id, { tenant } = {}) {
      if (!isOverflowId(id)) return undefined;
      return within(look(id, tenant), storeTimeoutMs).catch((error: unknown) => {
        throw bare(error);
      });
    },
  };
}

/** `undefined` for what is no JSON, which the pool refuses. */
function textOf(request: object, call: OverflowCall, expiresAtMs: number): string | undefined {
  const { deadlineMs: _, ...kept } = call;
  const { tenant } = call;
  try {
    return JSON.stringify({ status: 'asked', tenant, request, call: kept, expiresAtMs });
  } catch {
    return undefined;
  }
}

function finished({
  tenant: _,
  ...result
}: OverflowFinished & { readonly tenant?: string }): OverflowFinished {
  return result;
}

/** Of a job that holds no result: its end, if it had one, was not of the worker's making. */
function unfinished(state: string, { failedReason = 'unreadable' }: OverflowJob): OverflowResult {
  if (state === 'active') return { status: 'running' };
  if (state !== 'failed' && state !== 'completed') return { status: 'waiting' };
  const message = `overflow: the job ended without a result (${failedReason})`;
  return { status: 'failed', error: { message, type: 'server_error', code: 'job_lost', param: null } };
}
