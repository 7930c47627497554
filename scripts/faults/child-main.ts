/** Plays one scene in a process or a thread of its own, and says what came of it as lines of JSON. */
import { type AnyTelemetryEvent, type PoolOptions, ProviderPool } from 'runestone';
import { labWords } from 'runestone/testing';
import { ask, questionOf } from './ask.ts';
import type { ChildTask } from './child.ts';
import { host, models, nextNonce } from './stand.ts';
import { warmUp } from './warm-up.ts';

const { scene, wire, urls }: ChildTask = JSON.parse(process.argv[2] ?? '{}');
const names = Object.keys(urls);

const make = (options: Partial<PoolOptions> = {}): ProviderPool =>
  new ProviderPool({
    providers: names.map((name) => host(name, wire, urls[name] ?? '', 1_000)),
    models: { route: names.map((name) => `${name}/${models[wire]}`) },
    ...options,
  });

async function outcome(pool: ProviderPool, pieces = 4, provider?: string): Promise<string> {
  const nonce = nextNonce();
  const request = questionOf(nonce, 'stream');
  const model = provider === undefined ? 'route' : `${provider}/${models[wire]}`;
  const { text, error } = await ask(pool, { ...request, model }, 'stream');
  const came = text === labWords(nonce, pieces).join('') ? 'ok' : text;
  return error ? [error.code, error.phase].filter(Boolean).join(' ') : came;
}

const many = (count: number, one: () => Promise<string>): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, one));

const say = (said: object): void => console.log(JSON.stringify(said));

/** Does nothing but keep the loop from turning. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

const tight = { idleMs: 300, progressMs: 600, firstTokenMs: 1_000 };

const scenes: Readonly<Record<string, () => Promise<void>>> = {
  /** One answer. */
  async plain() {
    await using pool = make();
    say({ outcome: await outcome(pool) });
  },

  /** H3: a listener takes longer than the idle timer of all streams. */
  async hook() {
    await using pool = make({ timeouts: tight });
    let blocks = 3;
    pool.on('provider.stream.first_token', () => {
      if (blocks-- > 0) block(400);
    });
    say({ outcomes: await many(20, () => outcome(pool, 40)) });
  },

  /** H9: the loop stands still for many times the idle timer, in the middle of a hundred streams. */
  async blocked() {
    await using pool = make({ timeouts: tight });
    const asking = many(100, () => outcome(pool, 60));
    setTimeout(block, 600, 1_500);
    say({ outcomes: await asking });
  },

  /** H10: the process is stopped while it has streams, some of which have something to read when it goes on. */
  async asleep() {
    await using pool = make({ timeouts: tight, breaker: false });
    const told: AnyTelemetryEvent[] = [];
    pool.on('*', (event) => void told.push(event));
    const alive = many(20, () => outcome(pool, 40, 'alive'));
    const dead = many(20, () => outcome(pool, 4, 'dead'));
    setTimeout(say, 200, { ready: true });
    const outcomes = { alive: await alive, dead: await dead };
    const count = (name: string): number => told.filter((event) => event.name === name).length;
    say({ ...outcomes, stops: count('request.stop'), errors: count('request.error') });
  },

  /** H12: nobody closes the pool. */
  async forgotten() {
    const pool = make();
    const outcomes = [await outcome(pool), await outcome(pool)];
    const doneMs = performance.now();
    process.on('exit', () => say({ outcomes, tookMs: performance.now() - doneMs }));
  },

  /** H12: nobody waits for the answer either, but it is read. */
  async reading() {
    const pool = make();
    let got = 'the process has ended before';
    void outcome(pool, 20).then((outcome) => {
      got = outcome;
    });
    process.on('exit', () => say({ outcomes: [got] }));
  },

  /** H14: more requests at once than files may be open. */
  async narrow() {
    await using pool = make({
      retry: { attempts: 8, attemptsPerTarget: 8, baseDelayMs: 200, budget: { minimum: 2_000 } },
    });
    const outcomes = await many(500, () => outcome(pool));
    const { targets, total } = pool.stats();
    say({
      outcomes,
      after: await outcome(pool),
      circuits: Object.values(targets).map(({ circuit }) => circuit),
      retries: total.retries,
    });
  },

  /** H15: many streams in little memory. */
  async pressed() {
    await using pool = make();
    say({ outcomes: await many(500, () => outcome(pool, 20)) });
  },
};

await warmUp();
await scenes[scene]?.();
