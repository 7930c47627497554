import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError, NoRouteError, PoolClosedError } from '../../src/errors/index.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import type { AnyTelemetryEvent } from '../../src/telemetry/events.ts';
import {
  type Scripted,
  type ScriptedProvider,
  scriptedProvider,
} from '../../src/testing/scripted-provider.ts';
import { fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { ask, EPOCH_MS, failureOf } from '../contexts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const environment = { nowMs: () => performance.now(), epochMs: () => EPOCH_MS, random: () => 0.5 };
const slow = replies(['Once ', 'upon'], { delayMs: 10 });

/** A provider that notes when it is closed. */
function provider(name: string, steps: readonly Scripted[] = [replies(`from ${name}`)]) {
  const closed = vi.fn(async () => {});
  return Object.assign(scriptedProvider(name, steps, { close: closed }), { closed });
}

function poolOf(options: PoolOptions) {
  const pool = new ProviderPool(options, environment);
  const told: AnyTelemetryEvent[] = [];
  pool.on('*', (event) => told.push(event));
  const answer = async (model: string): Promise<string | null | undefined> =>
    (await pool.request({ ...ask(), model })).choices[0]?.message.content;
  return { pool, told, answer };
}

describe('an update', () => {
  it('counts from the next request on', async () => {
    const [a, b] = [provider('a'), provider('b')];
    const { pool, answer } = poolOf({ providers: [a, b], models: { fast: ['a/m'] } });
    expect(await answer('fast')).toBe('from a');
    expect(pool.update({ providers: [a, b], models: { fast: ['b/m'] } })).toEqual(['models.fast']);
    expect(await answer('fast')).toBe('from b');
  });

  it('is whole: what is left out is back at its default', async () => {
    const a = provider('a');
    const { pool, answer } = poolOf({ providers: [a], models: { fast: ['a/m'] }, strict: true });
    expect(pool.update({ providers: [a] })).toEqual(['models.fast', 'strict']);
    expect(await failureOf(answer('fast'))).toBeInstanceOf(NoRouteError);
  });

  it('may be made of the options of now', async () => {
    const a = provider('a');
    const { pool, answer } = poolOf({ providers: [a], strict: true });
    expect(pool.update((now) => ({ ...now, models: { fast: ['a/m'] } }))).toEqual(['models.fast']);
    expect(await answer('fast')).toBe('from a');
    pool.update((now) => {
      expect(now).toMatchObject({ strict: true, models: { fast: ['a/m'] } });
      return now;
    });
  });

  it('is told, by names alone', async () => {
    const a = provider('a');
    const { pool, told } = poolOf({ providers: [a] });
    const prices = { m: { inputUsdPerMTok: 4_321, outputUsdPerMTok: 1 } };
    pool.update({ providers: [provider('a')], cost: { prices }, models: { fast: ['a/m'] } });
    expect(told).toEqual([
      { name: 'config.updated', at: EPOCH_MS, changed: ['providers.a', 'models.fast', 'cost'] },
    ]);
    expect(() => Object.assign(Object(told[0]), { changed: [] })).toThrow(TypeError);
  });

  it('is none of a pool that is closed', async () => {
    const a = provider('a');
    const { pool } = poolOf({ providers: [a] });
    await pool.close();
    expect(() => pool.update({ providers: [a] })).toThrow(PoolClosedError);
  });

  it('does not notice when its options are changed afterwards', async () => {
    const a = provider('a');
    const models = { fast: ['a/m'] };
    const { pool, answer } = poolOf({ providers: [a] });
    pool.update({ providers: [a], models });
    models.fast[0] = 'nobody/m';
    expect(await answer('fast')).toBe('from a');
    expect(pool.update({ providers: [a], models: { fast: ['a/m'] } })).toEqual([]);
  });
});

describe('an update with something wrong', () => {
  it.each<[string, (a: Provider) => object, RegExp]>([
    ['an option nobody knows', (a) => ({ providers: [a], hegde: {} }), /hegde: no such option/],
    ['no provider', () => ({ providers: [] }), /needs at least one provider/],
    ['a value out of range', (a) => ({ providers: [a], retry: { attempts: 0 } }), /retry\.attempts/],
    ['two of one name', (a) => ({ providers: [a, { ...a }] }), /two are named "a"/],
    [
      'an alias that leads nowhere',
      (a) => ({ providers: [a], models: { fast: ['b/m'] } }),
      /models\.fast\[0\]/,
    ],
    [
      'a price that is none',
      (a) => ({ providers: [a], cost: { prices: { m: { inputUsdPerMTok: 2e9, outputUsdPerMTok: 1 } } } }),
      /cost\.prices/,
    ],
    [
      'a limit of nobody',
      (a) => ({ providers: [a], limits: { perProvider: { b: {} } } }),
      /nobody is named "b"/,
    ],
  ])('changes nothing: %s', async (_, wrong, message) => {
    const [a, gone] = [provider('a'), provider('gone')];
    const { pool, answer, told } = poolOf({
      providers: [a, gone],
      models: { fast: ['a/m'] },
      limits: { pool: { concurrency: 5 } },
    });
    const before = pool.stats();
    const attempt = () => pool.update(Object.assign({ providers: [a] }, wrong(a)));
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
    expect([pool.stats(), told]).toEqual([before, []]);
    expect(await answer('fast')).toBe('from a');
    expect(await answer('gone/m')).toBe('from gone');
    expect(gone.closed).not.toHaveBeenCalled();
  });
});

describe('what was known of a target', () => {
  const breaker = { failureThreshold: 1, openMs: 5_000 };
  const down = (name: string): ScriptedProvider =>
    scriptedProvider(name, [fails('server_error', { status: 500 })]);

  it('stays, while its provider is the same', async () => {
    const [a, b] = [down('a'), provider('b')];
    const options: PoolOptions = { providers: [a, b], breaker, retry: false };
    const { pool, answer } = poolOf(options);
    await failureOf(answer('a/m'));
    await answer('b/m');
    pool.update({ ...options, models: { fast: ['a/m', 'b/m'] }, timeouts: { totalMs: 1_000 } });
    expect(pool.stats().targets).toMatchObject({
      'a/m': { circuit: 'open', requests: 1 },
      'b/m': { circuit: 'closed', requests: 1 },
    });
    expect(pool.providers().map(({ status }) => status)).toEqual(['down', 'healthy']);
    expect(await answer('fast')).toBe('from b');
    expect(a.calls).toHaveLength(1);
  });

  it('stays: cooldowns, keys that are out, and what hosts said of their limits', async () => {
    const limited = scriptedProvider('limited', [
      fails('rate_limited', { status: 429, retryAfterMs: 50_000 }),
    ]);
    const refused = scriptedProvider('refused', [fails('authentication', { status: 401 })]);
    const options: PoolOptions = { providers: [limited, refused], retry: false };
    const { pool, answer } = poolOf(options);
    for (const model of ['limited/m', 'refused/m']) await failureOf(answer(model));
    pool.update({ ...options, strict: true });
    const until = pool.providers().map(({ targets }) => targets[0]?.cooldownUntil);
    expect(until).toEqual([EPOCH_MS + 50_000, EPOCH_MS + 300_000]);
  });

  it('stays: how fast it was, and where conversations are at home', async () => {
    const [a, b] = [provider('a', [slow]), provider('b')];
    const options: PoolOptions = { providers: [a, b], models: { fast: ['b/m', 'a/m'] } };
    const { pool } = poolOf({ ...options, models: { fast: ['a/m'] } });
    const first = pool.request({ ...ask(), model: 'fast' }, { sessionId: 's' });
    await pass(100);
    await first;
    pool.update(options);
    const { candidates } = pool.explain({ ...ask(), model: 'fast' }, { sessionId: 's' });
    expect(candidates.map(({ target }) => target)).toEqual(['a/m', 'b/m']);
    expect(candidates[0]?.ttftMs).toBeCloseTo(20, 0);
  });

  it('is gone with a provider that another takes the place of: a new key is no refused one', async () => {
    const refused = scriptedProvider('a', [fails('authentication', { status: 401 })]);
    const { pool, answer } = poolOf({ providers: [refused], retry: false });
    await failureOf(answer('a/m'));
    expect(pool.health().status).toBe('down');
    pool.update({ providers: [provider('a')], retry: false });
    expect(pool.health().status).toBe('unknown');
    expect(await answer('a/m')).toBe('from a');
  });

  it('is not mixed up by requests that are still with the one of before', async () => {
    const old = scriptedProvider('a', [
      { ...fails('authentication'), events: [{ type: 'usage', usage: {} }], delayMs: 50 },
    ]);
    const { pool, answer } = poolOf({ providers: [old], retry: false });
    const failing = failureOf(answer('a/m'));
    await pass(10);
    pool.update({ providers: [provider('a')], retry: false });
    await pass(200);
    expect(await failing).toMatchObject({ code: 'authentication' });
    expect(pool.health().status).toBe('unknown');
  });

  it('begins anew where the breaker is another: circuits are closed', async () => {
    const a = down('a');
    const { pool, answer, told } = poolOf({ providers: [a], breaker, retry: false });
    await failureOf(answer('a/m'));
    pool.update({ providers: [a], breaker: { ...breaker, failureThreshold: 2 }, retry: false });
    expect(pool.stats().targets['a/m']?.circuit).toBe('closed');
    await failureOf(answer('a/m'));
    expect(pool.stats().targets['a/m']?.circuit).toBe('closed');
    await failureOf(answer('a/m'));
    expect(pool.stats().targets['a/m']?.circuit).toBe('open');
    pool.update({ providers: [a], breaker: false, retry: false });
    expect(pool.stats().targets['a/m']?.circuit).toBe('closed');
    expect(told.filter(({ name }) => name === 'circuit_breaker.open')).toHaveLength(2);
  });
});

describe('limits', () => {
  const minute = { requestsPerMinute: 2 };

  it('that are as they were keep what they have given', async () => {
    const a = provider('a');
    const options: PoolOptions = {
      providers: [a],
      limits: {
        pool: minute,
        perProvider: { a: { requestsPerMinute: 5 } },
        perTenant: minute,
        queue: { maxWaitMs: 0 },
      },
    };
    const { pool, answer } = poolOf(options);
    await answer('a/m');
    pool.update({ ...options, limits: structuredClone(options.limits ?? {}), strict: true });
    await answer('a/m');
    pool.update({ ...options, models: { fast: ['a/m'] } });
    expect(await failureOf(answer('a/m'))).toMatchObject({ code: 'limit_exceeded', scope: 'pool' });
  });

  it('of one provider stay when another’s are changed', async () => {
    const [a, b] = [provider('a'), provider('b')];
    const limits = (ofB: number): PoolOptions['limits'] => ({
      perProvider: { a: minute, b: { requestsPerMinute: ofB } },
      queue: { maxWaitMs: 0 },
    });
    const { pool, answer } = poolOf({ providers: [a, b], limits: limits(1) ?? {} });
    for (const model of ['a/m', 'a/m', 'b/m']) await answer(model);
    pool.update({ providers: [a, b], limits: limits(9) ?? {} });
    expect(await failureOf(answer('a/m'))).toMatchObject({ code: 'limit_exceeded', provider: 'a' });
    expect(await answer('b/m')).toBe('from b');
  });

  it('of a provider that another takes the place of are those of the other', async () => {
    const limits = { perProvider: { a: minute }, queue: { maxWaitMs: 0 } };
    const { pool, answer } = poolOf({ providers: [provider('a')], limits });
    for (const model of ['a/m', 'a/m']) await answer(model);
    pool.update({ providers: [provider('a')], limits });
    expect(await answer('a/m')).toBe('from a');
  });

  it('are given back by requests of before, also when there are none any more', async () => {
    const a = provider('a', [slow]);
    const one = { pool: { concurrency: 1 }, perProvider: { a: { concurrency: 1 } } };
    const { pool, answer } = poolOf({ providers: [a], limits: one });
    const [first, waiting] = [answer('a/m'), answer('a/m')];
    await pass(5);
    pool.update({ providers: [a] });
    const free = answer('a/m');
    await pass(35);
    expect(a.calls).toHaveLength(2);
    await pass(100);
    expect(await Promise.all([first, waiting, free])).toEqual(['Once upon', 'Once upon', 'Once upon']);
    pool.update({ providers: [a], limits: one });
    expect(pool.stats().limits).toMatchObject({ waiting: 0, pool: { inUse: 0 } });
  });

  it('that are new hold back nobody who was there before', async () => {
    const a = provider('a', [fails('server_error', { status: 500 }), slow]);
    const { pool, answer } = poolOf({ providers: [a] });
    const first = answer('a/m');
    await pass(1);
    pool.update({
      providers: [a],
      limits: { pool: { concurrency: 1 }, perProvider: { a: { concurrency: 1 } } },
    });
    await pass(1_000);
    await first;
    expect(pool.stats().limits).toMatchObject({ pool: { inUse: 0 }, providers: {} });
  });
});

describe('requests under way', () => {
  it('end as they began: with their options, at their targets', async () => {
    const a = provider('a', [fails('server_error', { status: 500 }), slow]);
    const { pool, answer } = poolOf({
      providers: [a],
      models: { fast: ['a/m'] },
      retry: { baseDelayMs: 100 },
    });
    const running = answer('fast');
    await pass(10);
    pool.update({ providers: [provider('b')], retry: false });
    await pass(1_000);
    expect([await running, a.calls.length]).toEqual(['Once upon', 2]);
  });

  it('keep the retry budget in common with those that come, while it is the same', async () => {
    const a = provider('a', [fails('server_error', { status: 500 })]);
    const retry = { baseDelayMs: 1, budget: { ratio: 0, minimum: 1 } };
    const options: PoolOptions = { providers: [a], retry, breaker: false };
    const { pool, answer } = poolOf(options);
    const ask = async (): Promise<void> => {
      const failing = failureOf(answer('a/m'));
      await pass(100);
      await failing;
    };
    await ask();
    pool.update({ ...options, strict: true });
    await ask();
    expect(a.calls).toHaveLength(3);
    pool.update({ ...options, retry: { ...retry, budget: { ratio: 0, minimum: 2 } } });
    await ask();
    expect(a.calls).toHaveLength(5);
  });
});

describe('a provider that is removed', () => {
  it('is asked no more, and closed when the last request of before is over (P21)', async () => {
    const [a, b] = [provider('a', [slow]), provider('b')];
    const { pool, answer } = poolOf({ providers: [a, b] });
    const running = answer('a/m');
    await pass(10);
    pool.update({ providers: [b] });
    expect(await failureOf(answer('a/m'))).toBeInstanceOf(NoRouteError);
    expect(pool.providers().map(({ name }) => name)).toEqual(['b']);
    await pass(20);
    expect(a.closed).not.toHaveBeenCalled();
    await pass(100);
    expect(await running).toBe('Once upon');
    expect([a.closed, b.closed].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
    expect(Object.keys(pool.stats().targets)).toEqual([]);
    expect(pool.stats().total.requests).toBe(1);
  });

  it('is closed at once when nobody is there', async () => {
    const [a, b] = [provider('a'), provider('b')];
    const { pool } = poolOf({ providers: [a, b] });
    pool.update({ providers: [b] });
    await pass(0);
    expect(a.closed).toHaveBeenCalledTimes(1);
  });

  it('is not closed when it comes back in time', async () => {
    const [a, b] = [provider('a', [slow]), provider('b')];
    const { pool, answer } = poolOf({ providers: [a, b] });
    const running = answer('a/m');
    pool.update({ providers: [b] });
    pool.update({ providers: [a, b] });
    await pass(100);
    await running;
    expect(a.closed).not.toHaveBeenCalled();
  });

  it('is closed with the pool, once', async () => {
    const [a, b] = [provider('a', [hangs()]), provider('b')];
    const { pool, answer } = poolOf({ providers: [a, b] });
    const running = failureOf(answer('a/m'));
    await pass(1);
    pool.update({ providers: [b] });
    const closing = pool.close({ drainMs: 50 });
    await pass(100);
    await closing;
    expect(await running).toMatchObject({ code: 'pool_closed' });
    expect([a.closed, b.closed].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });
});
