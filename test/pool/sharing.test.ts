import {
  type AnyTelemetryEvent,
  memoryStore,
  type PoolOptions,
  ProviderPool,
  type StateStore,
} from 'runestone';
import {
  fails,
  replies,
  type ScriptedProvider,
  scriptedProvider,
  type VirtualClock,
  virtualClock,
} from 'runestone/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Cancellation } from '../../src/pipeline/cancellation.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import { Budgets } from '../../src/pool/budgets.ts';
import type { LimitsOptions } from '../../src/pool/limit-options.ts';
import { Limits } from '../../src/pool/limits.ts';
import { sharedStoreOf, sharingOf } from '../../src/pool/shared-setup.ts';
import { attemptContext, failureOf, requestContext, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

const ask = { model: 'a/m', messages: [{ role: 'user', content: 'Hello' }] } as const;

const pools: ProviderPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close({ drainMs: 0 });
});

/** Several processes, each a pool of its own, on one clock and one store. */
interface Fleet {
  readonly clock: VirtualClock;
  readonly pools: readonly ProviderPool[];
  readonly providers: readonly ScriptedProvider[];
  readonly told: readonly AnyTelemetryEvent[];
}

interface FleetOptions {
  readonly size?: number;
  readonly store?: (clock: VirtualClock) => StateStore;
  readonly steps?: Parameters<typeof scriptedProvider>[1];
  readonly shared?: Partial<NonNullable<PoolOptions['shared']>>;
  readonly options?: Partial<PoolOptions>;
}

const prices = { 'a/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } };

function fleet({ size = 2, store, steps = [replies('hi')], shared, options }: FleetOptions = {}): Fleet {
  const clock = virtualClock({ epochMs: Date.UTC(2026, 10, 25, 12) });
  const shares = store ? store(clock) : memoryStore(clock.epochMs);
  const providers: ScriptedProvider[] = [];
  const told: AnyTelemetryEvent[] = [];
  const made = Array.from({ length: size }, () => {
    const provider = scriptedProvider('a', steps, { clock });
    providers.push(provider);
    const pool = new ProviderPool(
      {
        providers: [provider],
        retry: false,
        shared: { store: shares, expectedProcesses: size, ...shared },
        ...options,
      },
      clock,
    );
    pool.on('*', (event) => told.push(event));
    pools.push(pool);
    return pool;
  });
  return { clock, pools: made, providers, told };
}

const sent = ({ providers }: Fleet): number => providers.reduce((sum, { calls }) => sum + calls.length, 0);

/** Asked by all in turn; what is not answered in no time waits. */
async function storm(of: Fleet, count: number, call = {}): Promise<PromiseSettledResult<unknown>[]> {
  const asked = Array.from({ length: count }, (_, index) =>
    of.pools[index % of.pools.length]?.request(ask, call),
  );
  const all = Promise.allSettled(asked);
  await of.clock.advance(10);
  return await Promise.race([all, Promise.resolve([])]);
}

describe('a limit that is shared (R6)', () => {
  it('is one of all processes: what one has used is gone for the other', async () => {
    const of = fleet({ options: { limits: { pool: { requestsPerMinute: 10 }, queue: { maxWaitMs: 0 } } } });
    const results = await storm(of, 30);
    expect(sent(of)).toBe(10);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(20);
    for (const result of refused)
      expect(Object(result).reason).toMatchObject({ code: 'limit_exceeded', scope: 'pool' });
  });

  it('lets those wait in their own queue that found no room with the others, and in order', async () => {
    const of = fleet({
      options: { limits: { perProvider: { a: { requestsPerMinute: 10 } }, queue: { maxWaitMs: 300_000 } } },
    });
    const done: number[] = [];
    const asked = Array.from({ length: 20 }, async (_, index) => {
      await of.pools[0]?.request({ ...ask, seed: index });
      done.push(index);
    });
    await of.clock.advance(100);
    expect(sent(of)).toBe(10);
    await of.clock.advance(62_000);
    expect(sent(of)).toBeGreaterThan(10);
    await of.clock.advance(120_000);
    await Promise.all(asked);
    expect(done).toEqual([...done].sort((one, other) => one - other));
    expect(of.told.filter(({ name }) => name === 'limiter.queued').length).toBeGreaterThan(0);
  });

  it('never grants more than its number in any minute, however many ask', async () => {
    const of = fleet({
      size: 3,
      options: { limits: { perProvider: { a: { requestsPerMinute: 12 } }, queue: { maxWaitMs: 200_000 } } },
    });
    const times: number[] = [];
    for (const pool of of.pools) pool.on('provider.request.start', () => times.push(of.clock.nowMs()));
    const asked = Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => of.pools[index % 3]?.request(ask)),
    );
    for (let step = 0; step < 340; step += 1) await of.clock.advance(1_000);
    await asked;
    expect(times.length).toBeGreaterThan(30);
    for (const from of times)
      expect(times.filter((time) => time >= from && time < from + 60_000).length).toBeLessThanOrEqual(12);
  });

  it('counts a request once, over all its attempts', async () => {
    const of = fleet({
      steps: [fails('overloaded'), replies('hi')],
      options: {
        retry: { attempts: 2 },
        limits: { pool: { requestsPerMinute: 2 }, queue: { maxWaitMs: 0 } },
      },
      size: 1,
    });
    const asked = of.pools[0]?.request(ask);
    await of.clock.advance(10_000);
    await asked;
    await of.pools[0]?.request(ask);
    expect(await failureOf(of.pools[0]?.request(ask) ?? Promise.resolve())).toMatchObject({ scope: 'pool' });
  });

  it('is kept for each tenant apart, whatever it is named (R10)', async () => {
    const of = fleet({
      options: { limits: { perTenant: { requestsPerMinute: 1 }, queue: { maxWaitMs: 0 } } },
    });
    const names = ['a}b\r\nFLUSHALL', 'a}b', 'a', 'pool', '__proto__'];
    for (const tenant of names) await of.pools[0]?.request(ask, { tenant });
    for (const tenant of names)
      expect(await failureOf(of.pools[1]?.request(ask, { tenant }) ?? Promise.resolve())).toMatchObject({
        code: 'limit_exceeded',
        scope: 'tenant',
      });
  });

  it('is also one of a single target, beside that of its provider', async () => {
    const of = fleet({
      options: {
        limits: {
          perProvider: { a: { requestsPerMinute: 9 } },
          perTarget: { 'a/m': { requestsPerMinute: 4 } },
          queue: { maxWaitMs: 0 },
        },
      },
    });
    await storm(of, 10);
    expect(sent(of)).toBe(4);
    const others = Array.from({ length: 10 }, (_, index) =>
      of.pools[index % 2]?.request({ ...ask, model: 'a/n' }),
    );
    await Promise.allSettled(others);
    expect(sent(of)).toBe(9);
  });

  it('gives back the tokens that were not used, and the request that was not sent', async () => {
    const of = fleet({
      steps: [replies('hi', { usage: { inputTokens: 5, outputTokens: 5 } })],
      options: { limits: { pool: { tokensPerMinute: 1_000 }, queue: { maxWaitMs: 0 } } },
    });
    for (let index = 0; index < 20; index += 1)
      await of.pools[index % 2]?.request({ ...ask, max_completion_tokens: 600 });
    expect(sent(of)).toBe(20);
  });

  it('counts permits over all processes where that is wanted', async () => {
    const of = fleet({
      steps: [replies('hi', { delayMs: 1_000 })],
      shared: { concurrency: true },
      options: { limits: { pool: { concurrency: 2 }, queue: { maxWaitMs: 0 } } },
    });
    const asked = Promise.allSettled([0, 1, 0, 1].map((index) => of.pools[index]?.request(ask)));
    await of.clock.advance(10);
    expect(sent(of)).toBe(2);
    await of.clock.advance(10_000);
    const results = await asked;
    expect(results.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    const again = of.pools[1]?.request(ask);
    await of.clock.advance(10_000);
    await again;
    expect(sent(of)).toBe(3);
  });
});

/** The last pool can go to b as well, where a is preferred or merely the first. */
function withSpare(of: Fleet, steps: Parameters<typeof scriptedProvider>[1], tier: number): ScriptedProvider {
  const spare = scriptedProvider('b', steps, { clock: of.clock });
  const models = { x: ['a/m', { target: 'b/m', tier }] };
  of.pools.at(-1)?.update((now) => ({ ...now, providers: [...now.providers, spare], models }));
  return spare;
}

const namesOf = ({ told }: Fleet): string[] => told.map(({ name }) => name);

describe('an attempt that finds no room with the others', () => {
  it('waits for a preferred target as long as one that finds none here, over all its rounds', async () => {
    const of = fleet({
      steps: [replies('hi', { delayMs: 5_000 })],
      shared: { concurrency: true },
      options: { retry: { attempts: 2 }, limits: { perProvider: { a: { concurrency: 1 } } } },
    });
    const spare = withSpare(of, [replies('from b')], 1);
    const first = of.pools[0]?.request(ask);
    await of.clock.advance(10);
    const second = of.pools[1]?.request({ ...ask, model: 'x' });
    await of.clock.advance(1_500);
    expect(spare.calls).toHaveLength(0);
    await of.clock.advance(700);
    expect(spare.calls).toHaveLength(1);
    await of.clock.advance(200_000);
    await Promise.all([first, second]);
  });

  it('is not slow while it waits: it gets no hedge', async () => {
    const of = fleet({
      steps: [replies('hi', { delayMs: 200 })],
      shared: { concurrency: true },
      options: {
        retry: { attempts: 3 },
        hedge: { afterMs: 50 },
        limits: { perProvider: { a: { concurrency: 1 } } },
      },
    });
    const spare = withSpare(of, [replies('from b')], 1);
    const first = of.pools[0]?.request(ask);
    await of.clock.advance(10);
    const second = of.pools[1]?.request({ ...ask, model: 'x' });
    await of.clock.advance(300);
    expect([of.providers[1]?.calls.length, spare.calls.length]).toEqual([0, 0]);
    await of.clock.advance(10_000);
    await Promise.all([first, second]);
    // It has one as soon as it is made, and slow.
    expect([of.providers[1]?.calls.length, spare.calls.length]).toEqual([1, 1]);
  });

  it('is refused at once when it is a hedge, and leaves nobody waiting', async () => {
    const of = fleet({
      steps: [replies('hi', { delayMs: 500 })],
      options: {
        retry: { attempts: 3 },
        hedge: { afterMs: 100 },
      },
      size: 3,
    });
    const spares = [of.pools[1], of.pools[2]].map((pool) => {
      const spare = scriptedProvider('b', [replies('from b')], { clock: of.clock });
      pool?.update((now) => ({
        ...now,
        providers: [...now.providers, spare],
        models: { x: ['a/m', 'b/m'] },
        limits: { perProvider: { b: { requestsPerMinute: 1 } }, queue: { maxWaitMs: 300_000 } },
      }));
      return spare;
    });
    await of.pools[1]?.request({ ...ask, model: 'b/m' });
    const asked = of.pools[2]?.request({ ...ask, model: 'x' });
    await of.clock.advance(5_000);
    expect((await asked)?.runestone.provider).toBe('a');
    await of.clock.advance(200_000);
    const names = namesOf(of);
    expect([names.includes('hedge'), names.includes('limiter.queued')]).toEqual([true, false]);
    expect(spares.map(({ calls }) => calls.length)).toEqual([1, 0]);
  });
});

/** One process' sharing alone, on a store of its own. */
function alone(limits: LimitsOptions) {
  const store = memoryStore(() => 0);
  const { states, told, settings } = statesOf({
    limits,
    shared: { store, expectedProcesses: 2, concurrency: true },
  });
  const { teller } = told;
  const made = new Limits({ settings, states, teller });
  const budgets = new Budgets({ budgets: [], boundOf: () => 0, teller });
  const shared = sharedStoreOf(settings, teller);
  if (!shared) throw new Error('nothing is shared');
  const sharing = sharingOf({ settings, store: shared, states, limits: made, budgets, teller });
  return { sharing, limits: made };
}

describe('attempts of one request that race', () => {
  const request = requestContext({ deadlineMs: 60_000 });
  const attempt = (cancellation = request.cancellation) =>
    attemptContext({ request, cancellation, target: targetOf(silent), tally: new Tally(0) });

  it('take its place in the limits of the pool once, whichever is granted it', async () => {
    const { sharing, limits } = alone({ pool: { concurrency: 1 } });
    await limits.requests.enter(request);
    const made: number[] = [];
    const race = [1, 2].map((each) =>
      sharing.persist(() => sharing.attempt(attempt(), async () => void made.push(each)), request),
    );
    await Promise.all(race);
    expect([made, limits.requests.pool?.inUse, limits.requests.waiting]).toEqual([[1, 2], 1, 0]);
  });

  it('are not made once they have lost, and hold nothing', async () => {
    const { sharing } = alone({ perProvider: { acme: { concurrency: 1 } } });
    const cancellation = new Cancellation(request.cancellation);
    const lost = new Error('lost');
    const made: string[] = [];
    const asking = failureOf(sharing.attempt(attempt(cancellation), async () => void made.push('lost')));
    cancellation.cancel(lost);
    expect(await asking).toBe(lost);
    await sharing.attempt(attempt(), async () => void made.push('next'));
    expect(made).toEqual(['next']);
  });
});

describe('a budget that is shared', () => {
  const costly = { ...ask, max_completion_tokens: 1_000 };
  const cost = { prices, budgets: [{ limitUsd: 0.05, window: 'day' as const }] };

  it('is reserved by all together before anything is sent', async () => {
    const of = fleet({ size: 4, steps: [replies('hi', { delayMs: 100 })], options: { cost } });
    const asked = of.pools.flatMap((pool) => [1, 2, 3].map(() => pool.request(costly)));
    const all = Promise.allSettled(asked);
    await of.clock.advance(1_000);
    const results = await all;
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    const refused = results.find(({ status }) => status === 'rejected');
    const { reason } = Object(refused);
    expect(reason).toMatchObject({ code: 'budget_exceeded', limitUsd: 0.05 });
    expect(reason.spentUsd).toBeGreaterThan(0.03);
    expect(reason.resetsAt).toBe(Date.UTC(2026, 10, 26));
  });

  it('gives back what an answer did not cost', async () => {
    const of = fleet({
      steps: [replies('hi', { usage: { inputTokens: 10, outputTokens: 10 } })],
      options: { cost },
    });
    for (let index = 0; index < 40; index += 1) await of.pools[index % 2]?.request(costly);
    expect(sent(of)).toBe(40);
  });

  it('leaves a cap of one call to its process', async () => {
    const of = fleet({ options: { cost: { prices } } });
    await of.pools[0]?.request(costly, { maxCostUsd: 0.02 });
    expect(sent(of)).toBe(1);
  });
});

describe('a cooldown that is shared', () => {
  it('spares the others the 429 of one, for as long as the host said', async () => {
    let calls = 0;
    const of = fleet({
      steps: [() => (calls++ === 0 ? fails('rate_limited', { retryAfterMs: 20_000 }) : replies('hi'))],
    });
    const [one, other] = of.pools;
    await failureOf(one?.request(ask) ?? Promise.resolve());
    const spare = scriptedProvider('b', [replies('from b')], { clock: of.clock });
    other?.update((now) => ({ ...now, providers: [...now.providers, spare], models: { x: ['a/m', 'b/m'] } }));
    const answer = await other?.request({ ...ask, model: 'x' });
    expect(answer?.runestone.provider).toBe('b');
    expect(of.providers[1]?.calls).toHaveLength(0);
    await of.clock.advance(20_500);
    const later = await other?.request({ ...ask, model: 'x' });
    expect(later?.runestone.provider).toBe('a');
  });

  it('does not keep a last target from being asked', async () => {
    const of = fleet({ steps: [fails('rate_limited', { retryAfterMs: 20_000 })] });
    await failureOf(of.pools[0]?.request(ask) ?? Promise.resolve());
    expect(await failureOf(of.pools[1]?.request(ask) ?? Promise.resolve())).toMatchObject({
      code: 'rate_limited',
    });
    expect(of.providers[1]?.calls).toHaveLength(1);
  });

  it('is told of a spent key, and never of a refused one, which may be another one there', async () => {
    for (const [code, isSpared] of [
      ['quota_exhausted', true],
      ['authentication', false],
    ] as const) {
      const of = fleet({ steps: [fails(code), replies('hi')] });
      const [one, other] = of.pools;
      await failureOf(one?.request(ask) ?? Promise.resolve());
      const spare = scriptedProvider('b', [replies('hi')], { clock: of.clock });
      other?.update((now) => ({
        ...now,
        providers: [...now.providers, spare],
        models: { x: ['a/m', 'b/m'] },
      }));
      const failure = other?.request({ ...ask, model: 'x' }).catch(() => undefined);
      await failure;
      expect(of.providers[1]?.calls.length, code).toBe(isSpared ? 0 : 1);
    }
  });
});
