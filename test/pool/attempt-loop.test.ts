import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import {
  CancelledError,
  DeadlineExceededError,
  FailoverError,
  ProviderError,
  type ProviderErrorCode,
  policy,
} from '../../src/errors/index.ts';
import { Cancellation } from '../../src/pipeline/cancellation.ts';
import type { Middleware } from '../../src/pipeline/middleware.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import type { ModelSpec } from '../../src/provider-kit/model-spec.ts';
import {
  type Scripted,
  type ScriptedProvider,
  scriptedProvider,
} from '../../src/testing/scripted-provider.ts';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { EPOCH_MS } from '../contexts.ts';
import { type Run, run, type World, world } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

type Provided = Parameters<typeof scriptedProvider>[2];

/** A provider that writes down when it was asked. */
function scripted(name: string, steps: Scripted[], more: Provided = {}) {
  const asked: number[] = [];
  const timed = steps.map(
    (step): Scripted =>
      (call, n) => {
        asked.push(performance.now());
        return typeof step === 'function' ? step(call, n) : step;
      },
  );
  const provider: ScriptedProvider = scriptedProvider(name, timed, more);
  return { provider, asked };
}

interface Setup {
  readonly world: World;
  readonly go: (...args: Parameters<World['context']>) => Run;
  /** When each provider was asked, in order. */
  readonly asked: Readonly<Record<string, number[]>>;
  readonly providers: readonly ScriptedProvider[];
}

/** Providers a, b, c … with the given scripts, in that order. */
function setUp(
  scripts: readonly Scripted[][],
  options: Partial<PoolOptions> = {},
  more: Provided[] = [],
): Setup {
  const made = scripts.map((steps, index) => scripted('abcdef'[index] ?? '', steps, more[index]));
  const providers = made.map(({ provider }) => provider);
  const all = world({ providers, ...options });
  return {
    world: all,
    go: (...args) => run(all, ...args),
    asked: Object.fromEntries(made.map(({ provider, asked }) => [provider.name, asked])),
    providers,
  };
}

/** Lets everything happen that needs no time. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

const down = fails('server_error', { status: 500 });
const limited = (retryAfterMs?: number) =>
  fails('rate_limited', { status: 429, ...(retryAfterMs !== undefined && { retryAfterMs }) });
const ok = (text: string) => replies(text);

const callsOf = ({ providers }: Setup): number[] => providers.map(({ calls }) => calls.length);

describe('how often', () => {
  it('is once when that works', async () => {
    const setup = setUp([[ok('Hi')], [ok('never')]]);
    const { ended, texts } = setup.go();
    await ended;
    expect([texts(), callsOf(setup)]).toEqual(['Hi', [1, 0]]);
    expect(setup.world.told.of('retry.scheduled')).toEqual([]);
  });

  it.each([
    ['twice for a 500', down, 2],
    ['twice for an overload', fails('overloaded', { status: 529 }), 2],
    ['twice for a reset', fails('connection'), 2],
    ['once for a connection refused', fails('connection', { retryable: false }), 1],
    ['twice for a 504', fails('timeout', { status: 504, phase: 'upstream' }), 2],
    ['once after a timer of ours', fails('timeout', { phase: 'first_token', retryable: false }), 1],
    ['twice for a 429 with nowhere else to go', limited(), 2],
    ['twice for a conflict', fails('conflict', { status: 409 }), 2],
    ['twice for a truncation before any content', breaks([]), 2],
    ['once for what is no answer', fails('bad_response'), 1],
    ['once for a wrong key', fails('authentication', { status: 401 }), 1],
    ['once for a wrong request', fails('invalid_request', { status: 400 }), 1],
    ['twice when upstream asks for it (x-should-retry)', fails('invalid_request', { retryable: true }), 2],
    ['once when upstream forbids it (x-should-retry)', fails('server_error', { retryable: false }), 1],
  ])('at one target is %s', async (_, step, expected) => {
    const setup = setUp([[step]]);
    const going = setup.go();
    await vi.advanceTimersByTimeAsync(10_000);
    await going.ended;
    expect(callsOf(setup)).toEqual([expected]);
    // One target tried: its own error.
    expect(going.error).toMatchObject({ name: 'ProviderError', provider: 'a' });
  });

  it('is three times at most, over all targets (INV-15)', async () => {
    const setup = setUp([[down], [down], [down], [down]]);
    const going = setup.go();
    await vi.advanceTimersByTimeAsync(10_000);
    await going.ended;
    expect(callsOf(setup)).toEqual([2, 1, 0, 0]);
    expect(going.context.trail.map(({ attempt, provider }) => `${attempt} ${provider}`)).toEqual([
      '1 a',
      '2 a',
      '3 b',
    ]);
  });

  it.each([
    ['more of them', { attempts: 10 }, [2, 2, 2]],
    ['more at one target', { attempts: 10, attemptsPerTarget: 4 }, [4, 4, 2]],
    ['one each', { attemptsPerTarget: 1 }, [1, 1, 1]],
    ['one only', { attempts: 1 }, [1, 0, 0]],
    ['none further', false, [1, 0, 0]],
  ] satisfies [string, PoolOptions['retry'], number[]][])(
    'is as the pool says: %s',
    async (_, retry, expected) => {
      const setup = setUp([[down], [down], [down]], { retry });
      const { ended } = setup.go();
      await vi.advanceTimersByTimeAsync(60_000);
      await ended;
      expect(callsOf(setup)).toEqual(expected);
    },
  );

  it('is not again once content has reached the caller (INV-17)', async () => {
    const setup = setUp([[breaks('Once upon', { code: 'server_error' })], [ok('never')]]);
    const going = setup.go();
    await vi.advanceTimersByTimeAsync(10_000);
    await going.ended;
    expect(callsOf(setup)).toEqual([1, 0]);
    expect(going.texts()).toBe('Once upon');
    expect(going.error).toMatchObject({ code: 'server_error' });
  });

  it('is again while content has not: for a caller who wants the whole answer', async () => {
    const setup = setUp([[breaks('Once upon'), breaks('Once a', { code: 'overloaded' })], [ok('Twice')]]);
    const going = setup.go({ stream: false });
    await vi.advanceTimersByTimeAsync(10_000);
    await going.ended;
    expect([callsOf(setup), going.texts(), going.error]).toEqual([[2, 1], 'Twice', undefined]);
  });

  it('is again after what is no content: usage, signatures, pings', async () => {
    const prelude = [{ type: 'usage', usage: { inputTokens: 3 } }] as const;
    const setup = setUp([[breaks(prelude), ok('Hi')]]);
    const going = setup.go();
    await vi.advanceTimersByTimeAsync(10_000);
    await going.ended;
    expect(going.texts()).toBe('Hi');
    expect(going.got.flat().filter(({ type }) => type === 'start')).toHaveLength(1);
  });
});

describe('how long is waited', () => {
  it('is a random time below a ceiling that doubles', async () => {
    const { go, asked } = setUp([[down]], {
      retry: { attempts: 10, attemptsPerTarget: 8 },
      breaker: false,
    });
    const { ended } = go();
    await vi.advanceTimersByTimeAsync(60_000);
    await ended;
    const waits = (asked['a'] ?? []).slice(1).map((at, index) => Math.round(at - (asked['a']?.[index] ?? 0)));
    // Half of 500, 1,000, 2,000 … and of 8,000 at most.
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  });

  it('is nothing on the way to another target', async () => {
    const { go, asked } = setUp([[fails('bad_response')], [fails('authentication')], [ok('Hi')]]);
    const { ended } = go();
    await settle();
    await ended;
    expect(asked).toEqual({ a: [0], b: [0], c: [0] });
  });

  it('is what the host asks for, to the millisecond', async () => {
    const { go, asked } = setUp([[limited(7_000), ok('Hi')]]);
    const { ended, texts } = go();
    await vi.advanceTimersByTimeAsync(6_999);
    expect(asked['a']).toEqual([0]);
    await vi.advanceTimersByTimeAsync(1);
    await ended;
    expect([asked['a'], texts()]).toEqual([[0, 7_000], 'Hi']);
  });

  it('is what a host asks for with other errors too', async () => {
    const { go, asked } = setUp([[fails('overloaded', { retryAfterMs: 3_000 }), ok('Hi')]]);
    const { ended } = go();
    await vi.advanceTimersByTimeAsync(3_000);
    await ended;
    expect(asked['a']).toEqual([0, 3_000]);
  });

  it.each([60_001, 36_000_000, 2 ** 31, 1e15])(
    'is nothing when the host asks for %d ms: it fails at once, with the time attached (S16)',
    async (retryAfterMs) => {
      const { go, asked, world } = setUp([[limited(retryAfterMs)]]);
      const going = go();
      await settle();
      expect(going.endedMs).toBe(0);
      expect(going.error).toMatchObject({ code: 'rate_limited', retryAfterMs });
      expect(asked['a']).toHaveLength(1);
      expect(world.told.of('retry.exhausted')).toMatchObject([{ reason: 'retry_after' }]);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('is as long as the pool allows', async () => {
    const { go, asked } = setUp([[limited(70_000), ok('Hi')]], { retry: { retryAfterCapMs: 80_000 } });
    const { ended } = go();
    await vi.advanceTimersByTimeAsync(70_000);
    await ended;
    expect(asked['a']).toEqual([0, 70_000]);
  });

  it('is nothing when the deadline comes first: an attempt that cannot begin is not waited for', async () => {
    const { go, asked, world } = setUp([[limited(7_000)]], { timeouts: { totalMs: 7_000 } });
    const going = go();
    await settle();
    expect([going.endedMs, asked['a']]).toEqual([0, [0]]);
    expect(going.error).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 });
    expect(world.told.of('retry.exhausted')).toMatchObject([{ reason: 'deadline' }]);
  });
});

describe('a target that is busy', () => {
  const tiers = { models: { all: ['a/m', { target: 'b/m', tier: 1 }] } };

  it('is left at once for an equal that is free: 429', async () => {
    const { go, asked } = setUp([[limited(500)], [ok('Hi')]]);
    const { ended, texts } = go();
    await settle();
    await ended;
    expect([asked, texts()]).toEqual([{ a: [0], b: [0] }, 'Hi']);
  });

  it.each([0, 1_500, 2_000])('is waited for %d ms before a lower tier is used', async (retryAfterMs) => {
    const { go, asked } = setUp([[limited(retryAfterMs), ok('Hi')], [ok('lower')]], tiers);
    const { ended, texts } = go();
    await vi.advanceTimersByTimeAsync(retryAfterMs);
    await ended;
    expect([asked['a'], texts()]).toEqual([[0, retryAfterMs], 'Hi']);
  });

  it('is not waited for longer than that', async () => {
    const { go, asked } = setUp([[limited(2_001)], [ok('lower')]], tiers);
    const { ended, texts } = go();
    await settle();
    await ended;
    expect([asked, texts()]).toEqual([{ a: [0], b: [0] }, 'lower']);
  });

  it('is waited for as long as the pool prefers', async () => {
    const { go, asked } = setUp([[limited(5_000), ok('Hi')], [ok('lower')]], {
      ...tiers,
      retry: { preferWaitMs: 5_000 },
    });
    const { ended } = go();
    await vi.advanceTimersByTimeAsync(5_000);
    await ended;
    expect(asked).toEqual({ a: [0, 5_000], b: [] });
  });

  it('is waited for when its equal is out itself', async () => {
    const setup = setUp([[limited(5_000), ok('Hi')], [down]], { breaker: { failureThreshold: 1 } });
    const first = setup.go({ model: 'b/m' });
    await vi.advanceTimersByTimeAsync(1_000);
    await first.ended;
    const { ended, texts } = setup.go();
    await vi.advanceTimersByTimeAsync(5_000);
    await ended;
    expect(texts()).toBe('Hi');
  });

  it('is left when it fails again: the wait is had once', async () => {
    const { go, asked } = setUp([[limited(1_000)], [ok('lower')]], tiers);
    const { ended, texts } = go();
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    expect([asked, texts()]).toEqual([{ a: [0, 1_000], b: [1_000] }, 'lower']);
  });
});

describe('the retry budget', () => {
  const none = { retry: { budget: { ratio: 0, minimum: 1 } } };

  it('ends retries when it is spent, for all requests together (INV-16)', async () => {
    const setup = setUp([[down]], none);
    const first = setup.go();
    await vi.advanceTimersByTimeAsync(1_000);
    const second = setup.go();
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all([first.ended, second.ended]);
    expect(callsOf(setup)).toEqual([3]);
    expect(setup.world.told.of('retry.exhausted').map(({ reason }) => reason)).toEqual([
      'attempts',
      'budget',
    ]);
  });

  it('does not stand in the way of another target', async () => {
    const setup = setUp([[down], [ok('Hi')]], { retry: { budget: { ratio: 0, minimum: 0 } } });
    const { ended, texts } = setup.go();
    await settle();
    await ended;
    expect([callsOf(setup), texts()]).toEqual([[1, 1], 'Hi']);
  });

  it('grows with the requests', async () => {
    const setup = setUp([[down]], { retry: { budget: { ratio: 0.5, minimum: 0 } }, breaker: false });
    for (let request = 0; request < 10; request++) {
      const { ended } = setup.go();
      await vi.advanceTimersByTimeAsync(300);
      await ended;
    }
    expect(setup.world.told.of('retry.scheduled')).toHaveLength(5);
  });
});

describe('the next target', () => {
  const codes: readonly ProviderErrorCode[] = [
    ...(['invalid_request', 'request_too_large', 'context_overflow', 'content_filtered'] as const),
    ...(['authentication', 'permission', 'quota_exhausted', 'model_not_found', 'rate_limited'] as const),
    ...(['overloaded', 'server_error', 'conflict', 'connection', 'timeout'] as const),
    ...(['stream_truncated', 'bad_response', 'redirect'] as const),
  ];

  it.each(codes)('takes over after %s if the table of errors says so', async (code) => {
    const setup = setUp([[fails(code, { retryable: false })], [ok('Hi')]]);
    const going = setup.go();
    await settle();
    await going.ended;
    const helps = policy[code].failover !== false;
    expect(callsOf(setup)).toEqual([1, helps ? 1 : 0]);
    expect(going.texts()).toBe(helps ? 'Hi' : '');
    if (!helps) expect(going.error).toMatchObject({ code, provider: 'a' });
    expect(setup.world.told.of('failover')).toEqual(
      helps ? [{ name: 'failover', requestId: 'req-1', at: EPOCH_MS, from: 'a/m', to: 'b/m', code }] : [],
    );
  });

  const window = (contextWindow?: number): Provided => {
    const spec: ModelSpec = { id: 'm', ...(contextWindow !== undefined && { contextWindow }) };
    return { models: [spec] };
  };

  it.each([
    ['larger', 200_000, [1_000_000], [1]],
    ['equal', 200_000, [200_000], [0]],
    ['smaller', 200_000, [8_000], [0]],
    ['unknown', 200_000, [undefined], [1]],
    ['whatever, when the first is unknown', undefined, [8_000], [1]],
    ['too small, then larger', 200_000, [8_000, 1_000_000], [0, 1]],
    ['too small, then unknown', 200_000, [200_000, undefined], [0, 1]],
  ] satisfies [string, number | undefined, (number | undefined)[], number[]][])(
    'takes over a prompt that was too long only if its window is not known to be no larger: %s',
    async (_, first, others, expected) => {
      const scripts = [[fails('context_overflow')], ...others.map(() => [ok('Hi')])];
      const setup = setUp(scripts, {}, [window(first), ...others.map(window)]);
      const going = setup.go();
      await settle();
      await going.ended;
      expect(callsOf(setup).slice(1)).toEqual(expected);
      if (!expected.includes(1))
        expect(going.error).toMatchObject({ code: 'context_overflow', provider: 'a' });
    },
  );

  it('compares with the target that overflowed last', async () => {
    const scripts = [[fails('context_overflow')], [fails('context_overflow')], [ok('Hi')]];
    const setup = setUp(scripts, {}, [window(8_000), window(200_000), window(100_000)]);
    const going = setup.go();
    await settle();
    await going.ended;
    expect(callsOf(setup)).toEqual([1, 1, 0]);
    expect(going.error).toBeInstanceOf(FailoverError);
  });

  it('is not asked when no attempt is left for it', async () => {
    const setup = setUp([[down], [ok('Hi')]], { retry: { attempts: 2 } });
    const going = setup.go();
    await vi.advanceTimersByTimeAsync(1_000);
    await going.ended;
    expect(callsOf(setup)).toEqual([2, 0]);
    expect(going.error).toMatchObject({ code: 'server_error', provider: 'a' });
  });
});

describe('several failures', () => {
  it('are told all, one for each target in the order they were tried (INV-23)', async () => {
    const { go } = setUp([
      [fails('authentication')],
      [limited(9_000)],
      [fails('overloaded', { retryAfterMs: 4_000 })],
    ]);
    const going = go();
    await settle();
    await going.ended;
    const error = going.error;
    expect(error).toBeInstanceOf(FailoverError);
    if (!(error instanceof FailoverError)) return;
    expect(error.errors.map(({ provider, code }) => [provider, code])).toEqual([
      ['a', 'authentication'],
      ['b', 'rate_limited'],
      ['c', 'overloaded'],
    ]);
    expect(error).toMatchObject({ code: 'failover_exhausted', retryAfterMs: 4_000 });
    expect(error.errors.map(({ provider }) => provider)).toEqual(
      going.context.trail.map((each) => each.provider),
    );
  });

  it('hold the last error of a target that was tried twice', async () => {
    const { go } = setUp([[fails('conflict'), down], [fails('bad_response')]]);
    const going = go();
    await vi.advanceTimersByTimeAsync(1_000);
    await going.ended;
    expect(going.error instanceof FailoverError && going.error.errors.map(({ code }) => code)).toEqual([
      'server_error',
      'bad_response',
    ]);
  });

  it('give way to one that is nobody’s fault but the request’s', async () => {
    const setup = setUp([[fails('bad_response')], [fails('invalid_request', { param: 'n' })], [ok('never')]]);
    const going = setup.go();
    await settle();
    await going.ended;
    expect(going.error).toMatchObject({ name: 'ProviderError', code: 'invalid_request', param: 'n' });
    expect(callsOf(setup)).toEqual([1, 1, 0]);
  });
});

describe('an open circuit', () => {
  const sensitive: Partial<PoolOptions> = {
    breaker: { failureThreshold: 1 },
    retry: { attemptsPerTarget: 1 },
  };

  it('is passed over for another target, and is no attempt', async () => {
    const setup = setUp([[down], [ok('Hi')]], sensitive);
    await setup.go().ended;
    const going = setup.go();
    await settle();
    await going.ended;
    expect([callsOf(setup), going.texts()]).toEqual([[1, 2], 'Hi']);
    expect(going.context.trail).toMatchObject([{ attempt: 1, provider: 'b' }]);
    expect(setup.world.told.of('failover').at(-1)).toMatchObject({ code: 'circuit_open' });
  });

  it('does not shut out the last target entirely: one request in each interval (P17)', async () => {
    const setup = setUp([[down]], sensitive);
    await setup.go().ended;
    const refused = setup.go();
    await settle();
    await refused.ended;
    expect(refused.error).toMatchObject({ code: 'circuit_open', retryAfterMs: 5_000 });
    await vi.advanceTimersByTimeAsync(5_000);
    await setup.go().ended;
    expect(callsOf(setup)).toEqual([2]);
  });

  it('asks nobody and fails at once when all are open', async () => {
    const setup = setUp([[down], [down], [down]], sensitive);
    await setup.go().ended;
    const going = setup.go();
    await settle();
    expect(going.endedMs).toBe(0);
    await going.ended;
    expect(callsOf(setup)).toEqual([1, 1, 1]);
    expect(going.error instanceof FailoverError && going.error.errors.map(({ code }) => code)).toEqual(
      Array(3).fill('circuit_open'),
    );
    expect(going.context.trail).toEqual([]);
  });

  it('says of each attempt whether another could take over', async () => {
    const seen: boolean[] = [];
    const looking: Middleware = {
      name: 'looking',
      attempt: (context, next) => {
        seen.push(context.lastTarget);
        return next(context);
      },
    };
    const setup = setUp([[down], [ok('Hi')]], { ...sensitive, middleware: [looking] });
    await setup.go().ended;
    await setup.go().ended;
    // First a and b are free; then a is out, so that b is the last.
    expect(seen).toEqual([false, true, true]);
  });
});

describe('time', () => {
  it('leaves a fallback at least 30 % of what there is (P14)', async () => {
    const setup = setUp([[hangs()], [ok('Hi')]], { timeouts: { totalMs: 1_000 } });
    const { ended, texts } = setup.go();
    await vi.advanceTimersByTimeAsync(750);
    await ended;
    expect(texts()).toBe('Hi');
    expect(setup.asked['b']?.[0]).toBeGreaterThanOrEqual(700);
    expect(setup.asked['b']?.[0]).toBeLessThanOrEqual(705);
  });

  it('does so on the JSON wire too, where only the total of the request ends silence (P14)', async () => {
    const whole = { answersWhole: () => true };
    const timeouts = { totalMs: 1_000, firstTokenMs: 200 };
    const setup = setUp([[hangs()], [ok('Hi')]], { timeouts }, [whole, whole]);
    const { ended, texts } = setup.go({ stream: false });
    await vi.advanceTimersByTimeAsync(750);
    await ended;
    expect(texts()).toBe('Hi');
    expect(setup.asked['b']?.[0]).toBeGreaterThanOrEqual(700);
  });

  it.each([
    ['the only target', [[hangs()]], {}],
    ['the last of several', [[fails('bad_response')], [hangs()]], {}],
    ['the last attempt', [[hangs()], [ok('never')]], { retry: { attempts: 1 } }],
  ] satisfies [string, Scripted[][], Partial<PoolOptions>][])(
    'keeps nothing back at %s',
    async (_, scripts, options) => {
      const setup = setUp(scripts, { timeouts: { totalMs: 1_000, firstTokenMs: 990 }, ...options });
      const going = setup.go();
      await vi.advanceTimersByTimeAsync(985);
      expect(going.endedMs).toBeUndefined();
      await vi.advanceTimersByTimeAsync(10);
      await going.ended;
      const error = going.error instanceof FailoverError ? going.error.errors.at(-1) : going.error;
      expect(error).toMatchObject({ code: 'timeout', phase: 'first_token' });
    },
  );

  it('to the first token is the shorter of limit and share', async () => {
    const setup = setUp([[hangs()], [ok('Hi')]], { timeouts: { totalMs: 1_000, firstTokenMs: 200 } });
    const { ended } = setup.go();
    await vi.advanceTimersByTimeAsync(210);
    await ended;
    expect(setup.asked['b']?.[0]).toBeLessThanOrEqual(205);
  });

  const thinker: Provided = { models: [{ id: 'm', capabilities: { reasoning: true } }] };
  const plain: Provided = { models: [{ id: 'm', capabilities: { reasoning: false } }] };
  const bySchema = {
    response_format: { type: 'json_schema' as const, json_schema: { name: 'p', schema: { type: 'object' } } },
  };

  it.each([
    ['a plain request', {}, {}, 60_000],
    ['a request that reasons', { reasoning_effort: 'low' }, plain, 180_000],
    ['a model that reasons', {}, thinker, 180_000],
    ['a model that reasons, told not to', { reasoning_effort: 'none' }, thinker, 60_000],
    ['an answer by a schema, which upstream compiles first (RF-10)', bySchema, plain, 180_000],
    ['a model that may reason or not', {}, { models: [{ id: 'm' }] }, 60_000],
  ] satisfies [string, Parameters<World['context']>[0], Provided, number][])(
    'to the first token of %s',
    async (_, request, provided, limitMs) => {
      const setup = setUp([[hangs()]], { retry: false }, [provided]);
      const going = setup.go(request);
      await vi.advanceTimersByTimeAsync(limitMs - 10);
      expect(going.endedMs).toBeUndefined();
      await vi.advanceTimersByTimeAsync(20);
      expect(going.error).toMatchObject({
        code: 'timeout',
        message: `a: no content came within ${limitMs} ms`,
      });
    },
  );

  it('that is over starts nothing', async () => {
    const setup = setUp([[ok('never')]]);
    const going = setup.go({}, { deadlineMs: performance.now() });
    await going.ended;
    expect(going.error).toBeInstanceOf(DeadlineExceededError);
    expect(callsOf(setup)).toEqual([0]);
  });
});

describe('the wire', () => {
  const answersWhole = vi.fn(() => true);

  it.each([
    ['a stream, whatever its provider prefers', true, { answersWhole }, true],
    ['one JSON answer where its provider prefers that', false, { answersWhole }, false],
    ['a stream where it does not', false, { answersWhole: () => false }, true],
    ['a stream where it does not say', false, {}, true],
  ] satisfies [string, boolean, Provided, boolean][])('carries %s', async (_, stream, provided, expected) => {
    const setup = setUp([[ok('Hi')]], {}, [provided]);
    await setup.go({ stream }).ended;
    expect(setup.providers[0]?.calls[0]?.stream).toBe(expected);
  });

  it('is asked about for the very request and model', async () => {
    answersWhole.mockClear();
    const setup = setUp([[ok('Hi')]], {}, [{ answersWhole }]);
    const { context, ended } = setup.go({ stream: false });
    await ended;
    expect(answersWhole).toHaveBeenCalledWith(context.request, 'm');
  });
});

describe('an abort', () => {
  const reason = new CancelledError('gone');

  it('in the middle of a wait is immediate, and leaves no timer (C4)', async () => {
    const setup = setUp([[limited(7_000)]]);
    const going = setup.go();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(vi.getTimerCount()).toBe(1);
    going.cancellation.cancel(reason);
    await going.ended;
    expect([going.error, going.endedMs]).toEqual([reason, 3_000]);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(callsOf(setup)).toEqual([1]);
  });

  it('in the middle of an attempt ends that, and starts no other', async () => {
    const setup = setUp([[hangs()], [ok('never')]]);
    const going = setup.go();
    await vi.advanceTimersByTimeAsync(3_000);
    going.cancellation.cancel(reason);
    await going.ended;
    expect([going.error, going.endedMs, callsOf(setup)]).toEqual([reason, 3_000, [1, 0]]);
    expect(vi.getTimerCount()).toBe(0);
    expect(going.context.trail).toMatchObject([{ outcome: 'cancelled', code: 'cancelled' }]);
  });

  it('before the beginning asks nobody (C1)', async () => {
    const setup = setUp([[ok('never')]]);
    const cancellation = new Cancellation();
    cancellation.cancel(reason);
    const going = setup.go({}, { cancellation });
    await going.ended;
    expect([going.error, callsOf(setup), going.context.trail]).toEqual([reason, [0], []]);
  });

  it('is what the caller is told, whatever a plug-in makes of it', async () => {
    const clumsy: Middleware['attempt'] = async function* clumsy(attempt, next) {
      try {
        yield* next(attempt);
      } catch {
        throw new TypeError('mine');
      }
    };
    const setup = setUp([[hangs()], [ok('never')]], { middleware: [{ name: 'clumsy', attempt: clumsy }] });
    const going = setup.go();
    await settle();
    going.cancellation.cancel(reason);
    await going.ended;
    expect([going.error, callsOf(setup)]).toEqual([reason, [1, 0]]);
  });

  it('for want of time is that, not the failure of a target', async () => {
    const setup = setUp([[hangs()], [ok('never')]]);
    const going = setup.go();
    await settle();
    going.cancellation.cancel(new DeadlineExceededError('over'));
    await going.ended;
    expect(going.error).toMatchObject({ code: 'deadline_exceeded' });
    expect(going.context.trail).toMatchObject([{ outcome: 'error', code: 'deadline_exceeded' }]);
  });
});

describe('a plug-in that fails', () => {
  const mine = new TypeError('mine');
  const failing: Middleware['attempt'] = async function* failing() {
    yield* [] as Batch[];
    throw mine;
  };

  it('around an attempt ends the request with its own error, unchanged', async () => {
    const setup = setUp([[ok('never')], [ok('never')]], { middleware: [{ name: 'mine', attempt: failing }] });
    const going = setup.go();
    await settle();
    await going.ended;
    expect(going.error).toBe(mine);
    expect(callsOf(setup)).toEqual([0, 0]);
    expect(setup.world.told.of('request.stop')).toMatchObject([{ outcome: 'error' }]);
  });

  it('with an error of ours is treated by the table of errors', async () => {
    const picky: Middleware['attempt'] = async function* picky(attempt, next) {
      if (attempt.target.provider.name === 'a') {
        throw new ProviderError({ provider: 'a', code: 'bad_response', message: 'not good enough' });
      }
      yield* next(attempt);
    };
    const setup = setUp([[ok('a')], [ok('b')]], { middleware: [{ name: 'picky', attempt: picky }] });
    const going = setup.go();
    await settle();
    await going.ended;
    expect([going.texts(), callsOf(setup)]).toEqual(['b', [0, 1]]);
  });
});

describe('what is told', () => {
  it('of a retry: which attempt failed, why, and how long the wait is', async () => {
    const { go, world } = setUp([[down]]);
    const { ended } = go();
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    const base = { requestId: 'req-1', provider: 'a', model: 'm', target: 'a/m', code: 'server_error' };
    expect(world.told.of('retry.scheduled')).toEqual([
      { name: 'retry.scheduled', at: EPOCH_MS, ...base, attempt: 1, delayMs: 250 },
    ]);
    expect(world.told.of('retry.exhausted')).toEqual([
      { name: 'retry.exhausted', at: EPOCH_MS + 250, ...base, attempt: 2, reason: 'attempts' },
    ]);
    expect(world.states.total.row()).toMatchObject({ requests: 2, retries: 1, errors: 2 });
  });

  it('of a failure that allows no retry: nothing', async () => {
    const { go, world } = setUp([[fails('authentication')]]);
    await go().ended;
    expect(world.told.of('retry.exhausted')).toEqual([]);
  });

  it('in the order in which it happens', async () => {
    const { go, world } = setUp([[fails('bad_response')], [ok('Hi')]]);
    await go().ended;
    const names = world.told.names().filter((name) => name !== 'provider.stream.chunk');
    expect(names).toEqual([
      ...['request.start', 'router.decide'],
      ...['provider.request.start', 'cost.recorded', 'provider.error', 'provider.request.stop', 'failover'],
      ...['provider.request.start', 'provider.stream.first_token', 'cost.recorded', 'provider.request.stop'],
      ...['request.stop'],
    ]);
  });
});
