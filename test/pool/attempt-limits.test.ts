import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRunestoneError, ProviderError, type RateLimits } from '../../src/errors/index.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { Secret } from '../../src/provider-kit/secret.ts';
import { type Scripted, scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { attemptContext, requestContext, targetOf } from '../contexts.ts';
import { run, type World, world } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

type Provided = Parameters<typeof scriptedProvider>[2];

/** Providers a, b, c …, each with one step for all calls, behind the alias `all`, without retries. */
function setUp(steps: readonly Scripted[], options: Partial<PoolOptions>, more: Provided = {}) {
  const providers = steps.map((step, index) => scriptedProvider('abc'[index] ?? '', [step], more));
  const made = world({ providers, retry: { attemptsPerTarget: 1 }, ...options });
  const inUse = (): unknown =>
    Object.fromEntries(Object.entries(made.limits.stats().providers).map(([name, row]) => [name, row.inUse]));
  const go = (...args: Parameters<World['context']>) => run(made, ...args);
  /** Its target has failed once, which is enough for `breaker`. */
  const breakCircuitOf = (name: string): void => {
    for (const state of made.states.all()) {
      if (state.target.provider.name !== name) continue;
      const permit = state.admit(false);
      permit?.fail(new ProviderError({ provider: name, code: 'server_error', message: 'no' }));
      permit?.release();
    }
  };
  return {
    made,
    go,
    inUse,
    breakCircuitOf,
    calls: () => providers.map((each) => each.calls.length),
    told: made.told,
  };
}

const slow = replies('Hello', { delayMs: 100 });
const quick = replies('Hello');
const breaker = { failureThreshold: 1, openMs: 60_000, maxOpenMs: 60_000 };

describe('without limits', () => {
  it('an attempt is made in the same turn, and nothing is kept of it', () => {
    const { made, go, calls } = setUp([quick], {});
    void go().ended;
    expect([calls(), made.limits.attempts.watches, made.limits.attempts.providers.all]).toEqual([
      [1],
      [],
      [],
    ]);
  });
});

describe('an attempt', () => {
  it('holds a permit of its provider until it ends, and only then the next begins', async () => {
    const { go, calls, inUse, told } = setUp([slow], { limits: { perProvider: { a: { concurrency: 1 } } } });
    const [first, second] = [go(), go()];
    expect([calls(), inUse()]).toEqual([[1], { a: 1 }]);
    await pass(350);
    expect([calls(), inUse()]).toEqual([[1], { a: 1 }]);
    await pass(1_000);
    await Promise.all([first.ended, second.ended]);
    expect([first.texts(), second.texts(), inUse()]).toEqual(['Hello', 'Hello', { a: 0 }]);
    expect(told.of('limiter.admitted')).toMatchObject([{ scope: 'provider', provider: 'a' }]);
  });

  it.each<[string, Scripted]>([
    ['ends well', quick],
    ['is refused', fails('invalid_request', { status: 400 })],
    ['fails before it was sent', fails('connection', { retryable: false })],
    ['breaks before the first content', breaks([])],
    ['breaks after it', breaks('Hel')],
  ])('gives it back when it %s (INV-28)', async (_, step) => {
    const { go, inUse } = setUp([step], { limits: { perProvider: { a: { concurrency: 1 } } } });
    await go().ended;
    expect(inUse()).toEqual({ a: 0 });
  });

  it('gives it back when its request is ended', async () => {
    const { go, inUse } = setUp([hangs('Hel')], { limits: { perProvider: { a: { concurrency: 1 } } } });
    const going = go();
    await pass(10);
    going.cancellation.cancel(new Error('gone'));
    await going.ended;
    expect(inUse()).toEqual({ a: 0 });
  });

  it('gives all back when the circuit lets nobody through', async () => {
    const down = fails('server_error', { status: 500 });
    const { go, inUse, made, calls } = setUp([down], {
      breaker: { failureThreshold: 1, openMs: 60_000, maxOpenMs: 60_000 },
      limits: { perProvider: { a: { requestsPerMinute: 2, concurrency: 1 } }, queue: { maxWaitMs: 0 } },
    });
    await go().ended;
    for (let n = 0; n < 5; n++) {
      const refused = go();
      await refused.ended;
      expect(refused.error).toMatchObject({ code: 'circuit_open' });
    }
    expect([calls(), inUse(), made.limits.attempts.providers.all[0]?.limits.shared.waitMs(0)]).toEqual([
      [1],
      { a: 0 },
      0,
    ]);
  });

  it('gives all back when it cannot begin any more', async () => {
    const { made, inUse } = setUp([quick], { limits: { perProvider: { a: { concurrency: 1 } } } });
    const { attempts } = made.limits;
    const candidate = { target: targetOf(scriptedProvider('a', [quick])), tier: 0, weight: 1 };
    const of = { request: requestContext(), candidate, others: [] };
    const over = (): never => {
      throw new Error('over');
    };
    const contextOf = () => attemptContext();
    await expect(attempts.attempt({ ...of, contextOf: over, make: async () => {} })).rejects.toThrow('over');
    await expect(attempts.attempt({ ...of, contextOf, make: over })).rejects.toThrow('over');
    expect(inUse()).toEqual({ a: 0 });
  });

  it('is held by a limit again at each retry, and the wait runs none of its timers', async () => {
    const { go, calls, told } = setUp([fails('server_error', { status: 500 })], {
      retry: { attempts: 2, baseDelayMs: 1 },
      timeouts: { firstTokenMs: 1_000 },
      limits: { perProvider: { a: { requestsPerMinute: 1 } }, queue: { maxWaitMs: 100_000 } },
    });
    const going = go();
    await pass(59_000);
    expect(calls()).toEqual([1]);
    await pass(2_000);
    await going.ended;
    expect(calls()).toEqual([2]);
    expect(going.error).toMatchObject({ code: 'server_error' });
    expect(told.of('provider.request.stop').map(({ durationMs }) => durationMs < 1_000)).toEqual([
      true,
      true,
    ]);
    expect(going.context.trail[1]?.waitedMs).toBeGreaterThan(59_000);
  });

  it('settles its tokens by what was used', async () => {
    const { go, made } = setUp([replies('Hi', { usage: { inputTokens: 900, outputTokens: 100 } })], {
      limits: { perProvider: { a: { tokensPerMinute: 6_000 } } },
    });
    await go({ max_completion_tokens: 5_000 }).ended;
    const limiter = made.limits.attempts.providers.all[0]?.limits.shared;
    expect([limiter?.waitMs(5_000), limiter?.waitMs(5_001)]).toEqual([0, 10]);
  });

  it('tells an adaptive limit how it went', async () => {
    const limits = { perProvider: { a: { concurrency: 'adaptive' as const } } };
    const refused = setUp([fails('overloaded', { status: 529 })], { limits });
    await refused.go().ended;
    expect(refused.made.limits.stats().providers['a']).toEqual({ inUse: 0, concurrency: 13 });
    const fine = setUp([slow], { limits });
    const going = Array.from({ length: 16 }, () => fine.go());
    await pass(1_000);
    await Promise.all(going.map(({ ended }) => ended));
    expect(fine.made.limits.stats().providers['a']).toEqual({ inUse: 0, concurrency: 17 });
  });
});

describe('where a provider has no room', () => {
  const limits = { perProvider: { a: { concurrency: 1 } } };
  const tiers = (second: number) => ({ all: ['a/m', { target: 'b/m', tier: second }] });

  it('an equal that has is asked at once', async () => {
    const { go, calls, told } = setUp([hangs(), quick], { limits });
    void go().ended;
    const second = go();
    await second.ended;
    expect([second.texts(), calls()]).toEqual(['Hello', [1, 1]]);
    expect(told.of('limiter.rejected')).toMatchObject([
      { scope: 'provider', provider: 'a', code: 'limit_exceeded', waitedMs: 0, retryAfterMs: 1_000 },
    ]);
    expect(told.names()).not.toContain('failover');
    // What never was an attempt is in no trail.
    expect(second.context.trail.map(({ target }) => target)).toEqual(['b/m']);
  });

  it('it is waited for a moment before a lower tier is asked', async () => {
    const { go, calls } = setUp([hangs(), quick], { limits, models: tiers(1) });
    void go().ended;
    const second = go();
    await pass(1_900);
    expect(calls()).toEqual([1, 0]);
    await pass(200);
    await second.ended;
    expect([second.texts(), calls()]).toEqual(['Hello', [1, 1]]);
  });

  it('it is preferred to a lower tier when it has room within that moment', async () => {
    const { go, calls } = setUp([slow, quick], { limits, models: tiers(1) });
    void go().ended;
    const second = go();
    await pass(1_000);
    await second.ended;
    expect(calls()).toEqual([2, 0]);
  });

  it('nor any other, it is waited for as long as the queue allows', async () => {
    const both = { perProvider: { a: { concurrency: 1 }, b: { concurrency: 1 } } };
    const { go, calls, inUse } = setUp([hangs(), hangs()], { limits: both });
    void go().ended;
    void go().ended;
    const third = go();
    await pass(29_000);
    expect([calls(), inUse(), third.endedMs]).toEqual([[1, 1], { a: 1, b: 1 }, undefined]);
    await pass(2_000);
    await third.ended;
    // Both refused: each says why, and all together are a 429.
    expect(third.error).toMatchObject({
      code: 'failover_exhausted',
      errors: [
        { code: 'queue_timeout', provider: 'a' },
        { code: 'limit_exceeded', provider: 'b' },
      ],
    });
  });

  it('nor any other, many that come at once are shared out, and nobody stands idle', async () => {
    const both = { perProvider: { a: { concurrency: 2 }, b: { concurrency: 2 } } };
    const { go, calls, inUse, made } = setUp([slow, slow], { limits: both });
    const all = Array.from({ length: 100 }, () => go());
    expect([inUse(), made.limits.stats().waiting]).toEqual([{ a: 2, b: 2 }, 96]);
    // Each answer takes 400 ms, and four are given at a time.
    await pass(25 * 400);
    expect(all.filter(({ endedMs }) => endedMs === undefined)).toEqual([]);
    expect(calls()).toEqual([50, 50]);
  });

  it('an equal in which it would be next is asked, and not one that is left alone', async () => {
    const perProvider = { a: { concurrency: 1 }, b: { concurrency: 4 } };
    const { go, made, breakCircuitOf } = setUp([hangs(), hangs()], {
      breaker,
      limits: { perProvider },
    });
    for (let n = 0; n < 5; n++) void go().ended;
    await pass(0);
    void go().ended;
    await pass(0);
    const waiting = (): unknown => made.limits.attempts.providers.all.map(({ gate }) => gate.waiting);
    expect(waiting()).toEqual([0, 1]);
    breakCircuitOf('b');
    void go().ended;
    await pass(0);
    expect(waiting()).toEqual([1, 1]);
  });

  it('and is left alone besides, it is not waited for', async () => {
    const { go, calls, breakCircuitOf } = setUp([hangs(), quick], {
      breaker,
      limits,
      models: tiers(1),
    });
    void go().ended;
    breakCircuitOf('a');
    const second = go();
    await pass(10);
    expect([calls(), second.texts()]).toEqual([[1, 1], 'Hello']);
  });

  it('the only one is the reason of the refusal', async () => {
    const { go } = setUp([hangs()], { limits: { ...limits, queue: { maxWaitMs: 0 } } });
    void go().ended;
    const second = go();
    await second.ended;
    expect(second.error).toMatchObject({
      name: 'LimitExceededError',
      code: 'limit_exceeded',
      scope: 'provider',
    });
    expect(isRunestoneError(second.error) && second.error.retryAfterMs).toBe(1_000);
  });
});

describe('several keys', () => {
  const keys = { keys: ['a[0]', 'a[1]'] };

  it('have the limit of their provider each', async () => {
    const { go, calls, inUse } = setUp(
      [hangs()],
      { limits: { perProvider: { a: { concurrency: 1 } } } },
      keys,
    );
    for (let n = 0; n < 3; n++) void go().ended;
    await pass(10);
    expect([calls(), inUse()]).toEqual([[2], { 'a[0]': 1, 'a[1]': 1 }]);
  });

  it('may have limits of their own', async () => {
    const perProvider = { a: { concurrency: 1 }, 'a[1]': { concurrency: 5 } };
    const { go, inUse } = setUp([hangs()], { limits: { perProvider } }, keys);
    for (let n = 0; n < 9; n++) void go().ended;
    await pass(10);
    expect(inUse()).toEqual({ 'a[0]': 1, 'a[1]': 5 });
  });

  it('of the caller’s own are not limited by ours', async () => {
    const { go, calls } = setUp([hangs()], { limits: { perProvider: { a: { concurrency: 1 } } } });
    void go().ended;
    void go({}, { apiKey: new Secret('theirs'), pinned: 'a' }).ended;
    await pass(10);
    expect(calls()).toEqual([2]);
  });
});

describe('what a host says is left', () => {
  /** A host that says so with each answer. */
  const telling = (name: string, limits: RateLimits) => {
    const inner = scriptedProvider(name, [quick]);
    return {
      ...inner,
      calls: inner.calls,
      stream: (call: Parameters<typeof inner.stream>[0]) => {
        call.onHead?.({ rateLimits: limits });
        return inner.stream(call);
      },
    };
  };
  const spent = (resetMs: number): RateLimits => ({ requests: { limit: 50, remaining: 0, resetMs } });

  function stand(limits: RateLimits, withOther = true) {
    const [a, b] = [telling('a', limits), scriptedProvider('b', [quick])];
    const made = world({ providers: withOther ? [a, b] : [a] });
    const ask = async (...args: Parameters<World['context']>) => {
      const going = run(made, ...args);
      await pass(0);
      return going;
    };
    return { made, ask, calls: () => [a.calls.length, b.calls.length] };
  }

  it('sends the next elsewhere before it is refused, until the reset', async () => {
    const { ask, calls } = stand(spent(5_000));
    for (let n = 0; n < 4; n++) await (await ask()).ended;
    expect(calls()).toEqual([1, 3]);
    await pass(5_000);
    await (await ask()).ended;
    expect(calls()).toEqual([2, 3]);
  });

  it('is told by the plan', async () => {
    const { ask } = stand(spent(5_000));
    await (await ask()).ended;
    const { context } = await ask();
    expect(context.plans.at(-1)?.excluded).toEqual([{ target: 'a/m', reason: 'rate_limit' }]);
  });

  it('is known as soon as the head of an answer is in', async () => {
    const [a, b] = [telling('a', spent(5_000)), scriptedProvider('b', [quick])];
    const endless = hangs();
    const silent = scriptedProvider('a', [endless]);
    const made = world({
      providers: [
        {
          ...a,
          stream: (call) => {
            call.onHead?.({ rateLimits: spent(5_000) });
            return silent.stream(call);
          },
        },
        b,
      ],
    });
    void run(made).ended;
    await pass(10);
    await run(made).ended;
    expect([silent.calls.length, b.calls.length]).toEqual([1, 1]);
  });

  it('is waited for where nobody else is free, if that is a moment', async () => {
    const { ask, calls, made } = stand(spent(1_500), false);
    await (await ask()).ended;
    const second = await ask();
    await pass(1_400);
    expect(calls()).toEqual([1, 0]);
    await pass(200);
    await second.ended;
    expect(calls()).toEqual([2, 0]);
    expect(made.told.of('limiter.queued')).toMatchObject([{ scope: 'upstream', provider: 'a' }]);
    expect(made.told.of('limiter.admitted')).toMatchObject([{ scope: 'upstream', waitedMs: 1_500 }]);
  });

  it('is not waited for longer: then the host is asked what it thinks now', async () => {
    const { ask, calls } = stand(spent(5_000), false);
    await (await ask()).ended;
    await (await ask()).ended;
    expect(calls()).toEqual([2, 0]);
  });

  it('is not waited for beyond the deadline', async () => {
    const { ask, calls } = stand(spent(1_500), false);
    await (await ask()).ended;
    await (await ask({}, { deadlineMs: performance.now() + 1_000 })).ended;
    expect(calls()).toEqual([2, 0]);
  });

  it('ends a wait with the request', async () => {
    const { ask, made } = stand(spent(1_500), false);
    await (await ask()).ended;
    const second = await ask();
    const gone = new Error('gone');
    second.cancellation.cancel(gone);
    await second.ended;
    expect([second.error, vi.getTimerCount()]).toEqual([gone, 0]);
    expect(made.told.of('limiter.rejected')).toMatchObject([{ scope: 'upstream', code: 'cancelled' }]);
  });

  it('of a key of the caller’s own says nothing of ours', async () => {
    const { ask, calls } = stand(spent(1_500));
    await (await ask({}, { apiKey: new Secret('theirs'), pinned: 'a' })).ended;
    await (await ask()).ended;
    expect(calls()).toEqual([2, 0]);
    // Nor ours of theirs: now ours is used up.
    void (await ask({}, { apiKey: new Secret('theirs'), pinned: 'a' })).ended;
    expect(calls()).toEqual([3, 0]);
  });
});
