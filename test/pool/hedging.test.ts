import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError } from '../../src/errors/index.ts';
import type { Middleware } from '../../src/pipeline/middleware.ts';
import type { HedgeOptions, PoolOptions } from '../../src/pool/options.ts';
import { type Scripted, scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { run, type World, world } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Providers a, b, c … behind the alias `all`; a second attempt after 100 ms. */
function setUp(
  scripts: readonly (readonly Scripted[])[],
  options: Partial<PoolOptions> = {},
  hedge: HedgeOptions = { afterMs: 100 },
) {
  const prices = { m: { inputUsdPerMTok: 1, outputUsdPerMTok: 1 } };
  const providers = scripts.map((steps, index) => scriptedProvider('abcd'[index] ?? '', steps));
  const made = world({ providers, hedge, cost: { prices }, ...options });
  return {
    world: made,
    told: made.told,
    go: (...args: Parameters<World['context']>) => run(made, ...args),
    calls: () => providers.map((each) => each.calls.length),
    open: () => providers.map((each) => each.open),
    circuits: () =>
      Object.fromEntries([...made.states.all()].map((each) => [each.target.label, each.circuit])),
  };
}

/** An answer whose first content comes after so many milliseconds. */
const begins = (ms: number, said: string): Scripted => replies([said], { delayMs: ms / 2 });
const quick = (said: string): Scripted => replies(said);

describe('an attempt that is slow to begin', () => {
  it('gets another beside it, and the first to answer goes on', async () => {
    const { go, calls, told, open } = setUp([[hangs()], [quick('second')]]);
    const going = go();
    await pass(99);
    expect(calls()).toEqual([1, 0]);
    await pass(1);
    await going.ended;
    expect([going.texts(), going.endedMs, calls(), open()]).toEqual(['second', 100, [1, 1], [0, 0]]);
    expect(told.of('hedge')).toMatchObject([{ requestId: 'req-1', from: 'a/m', to: 'b/m' }]);
  });

  it('may be the first all the same: then the other one is stopped', async () => {
    const { go, calls, open } = setUp([[begins(150, 'first')], [hangs()]]);
    const going = go();
    await pass(1_000);
    await going.ended;
    expect([going.texts(), calls(), open()]).toEqual(['first', [1, 1], [0, 0]]);
    expect(going.context.trail).toMatchObject([
      { attempt: 2, provider: 'b', outcome: 'cancelled', code: 'cancelled', hedge: true, lost: true },
      { attempt: 1, provider: 'a', outcome: 'ok' },
    ]);
  });

  it('gets none when it has answered in time', async () => {
    const { go, calls, told } = setUp([[begins(90, 'first')], [quick('never')]]);
    const going = go();
    await pass(5_000);
    await going.ended;
    expect([going.texts(), calls(), told.of('hedge')]).toEqual(['first', [1, 0], []]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is in the trace and the ledger with what it has cost, as the one that answered', async () => {
    const spent = breaks([{ type: 'usage', usage: { inputTokens: 1_000 } }]);
    const slow: Scripted = { ...spent, ending: 'silence' };
    const { go, told } = setUp([[slow], [quick('second')]]);
    const going = go();
    await pass(200);
    await going.ended;
    expect(going.context.trail).toMatchObject([
      { attempt: 1, provider: 'a', outcome: 'cancelled', lost: true, costUsd: 0.001, precision: 'estimated' },
      { attempt: 2, provider: 'b', outcome: 'ok', hedge: true, waitedMs: 100, precision: 'reported' },
    ]);
    const booked = told.of('cost.recorded');
    expect(booked.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'cancelled'],
      [2, 'ok'],
    ]);
    const sum = booked.reduce((total, { costUsd = 0 }) => total + costUsd, 0);
    const [stop] = told.of('request.stop');
    expect(stop).toMatchObject({ attempts: 2, provider: 'b', precision: 'estimated' });
    expect(stop?.costUsd).toBeCloseTo(sum, 12);
  });

  it('is told of once, from start to stop, and so is the other', async () => {
    const { go, told } = setUp([[hangs()], [quick('second')]]);
    const going = go();
    await pass(200);
    await going.ended;
    const marks = told.told.flatMap((event) =>
      'attempt' in event ? [`${event.attempt} ${event.name}`] : [],
    );
    for (const attempt of [1, 2]) {
      for (const mark of ['provider.request.start', 'cost.recorded', 'provider.request.stop']) {
        expect(marks.filter((each) => each === `${attempt} ${mark}`)).toHaveLength(1);
      }
    }
    expect(told.of('provider.error')).toEqual([]);
    expect(told.names().at(-1)).toBe('request.stop');
  });

  it('is no failure of its target', async () => {
    const { go, circuits } = setUp([[hangs()], [quick('second')]], { breaker: { failureThreshold: 1 } });
    for (let n = 0; n < 3; n++) {
      const going = go();
      await pass(200);
      await going.ended;
    }
    expect(circuits()).toEqual({ 'a/m': 'closed', 'b/m': 'closed' });
  });

  it('has its connection let go at once, also behind a middleware that waits', async () => {
    const patient: Middleware = {
      name: 'patient',
      async *attempt(context, next) {
        yield* next(context);
      },
    };
    const { go, open } = setUp([[hangs()], [quick('second')]], { middleware: [patient] });
    const going = go();
    await pass(100);
    await going.ended;
    expect([going.texts(), open()]).toEqual(['second', [0, 0]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an answer that is wanted whole', () => {
  it('is the one whose content was first, and is not asked for twice to its end', async () => {
    const { go, calls, open } = setUp([[hangs()], [replies(['sec', 'ond'], { delayMs: 400 })]]);
    const going = go({ stream: false });
    await pass(900);
    // Its first content is there, the rest is not: the slow one has been stopped by then.
    expect(open()).toEqual([0, 1]);
    await pass(2_000);
    await going.ended;
    expect([going.texts(), calls()]).toEqual(['second', [1, 1]]);
  });

  it('is asked for at the next target when it breaks after it was first', async () => {
    const { go, calls } = setUp([
      [hangs(), hangs()],
      [breaks('sec', { code: 'server_error' })],
      [quick('third')],
    ]);
    const going = go({ stream: false });
    await pass(5_000);
    await going.ended;
    expect(calls()[1]).toBe(1);
    expect(going.texts()).toBe('third');
  });
});

describe('who is asked as well', () => {
  it('is the next that is free: no open circuit, no cooldown', async () => {
    const down = fails('rate_limited', { status: 429, retryAfterMs: 60_000 });
    const { go, calls } = setUp([[quick('one'), hangs()], [down], [quick('third')]], {
      models: { all: ['a/m', 'b/m', 'c/m'], b: ['b/m'] },
      retry: { attemptsPerTarget: 1 },
    });
    await go({ model: 'b' }).ended;
    await go().ended;
    const going = go();
    await pass(200);
    await going.ended;
    expect([going.texts(), calls()]).toEqual(['third', [2, 1, 1]]);
  });

  it('is nobody who has no room: a hedge never waits', async () => {
    const limits = { perProvider: { b: { concurrency: 1 } } };
    const { go, calls } = setUp([[hangs()], [hangs('held')]], {
      limits,
      models: { all: ['a/m', 'b/m'], b: ['b/m'] },
    });
    const holding = go({ model: 'b' });
    const going = go();
    await pass(1_000);
    expect(calls()).toEqual([1, 1]);
    for (const each of [holding, going]) each.cancellation.cancel(new CancelledError('enough'));
    await Promise.all([holding.ended, going.ended]);
  });

  it('is another key of the same provider, too', async () => {
    const provider = scriptedProvider('a', [hangs(), quick('other key')], { keys: ['one', 'two'] });
    const made = world({ providers: [provider], models: { all: ['a/m'] }, hedge: { afterMs: 100 } });
    const going = run(made);
    await pass(200);
    await going.ended;
    expect([going.texts(), provider.calls.map(({ key }) => key)]).toEqual(['other key', [0, 1]]);
  });

  it.each<[string, Partial<PoolOptions>, Parameters<World['context']>]>([
    ['a request that cannot move: there is one target', { models: { all: ['a/m'] } }, []],
    ['a request that cannot move: its provider is pinned', {}, [{}, { pinned: 'a' }]],
    ['when all attempts are used', { retry: { attempts: 1 } }, []],
    ['when the retry budget is spent', { retry: { budget: { ratio: 0, minimum: 0 } } }, []],
  ])('is nobody for %s', async (_, options, args) => {
    const { go, calls } = setUp([[hangs()], [quick('never')]], options);
    const going = go(...args);
    await pass(5_000);
    expect(calls()).toEqual([1, 0]);
    going.cancellation.cancel(new CancelledError('enough'));
    await going.ended;
  });

  it('is at most one for a request, unless more are allowed', async () => {
    const all = [[hangs()], [hangs()], [hangs()], [quick('fourth')]];
    const one = setUp(all, { retry: { attempts: 9 } });
    const going = one.go();
    await pass(5_000);
    expect(one.calls()).toEqual([1, 1, 0, 0]);
    going.cancellation.cancel(new CancelledError('enough'));
    await going.ended;
    const three = setUp(all, { retry: { attempts: 9 } }, { afterMs: 100, maxExtra: 3 });
    const racing = three.go();
    await pass(301);
    await racing.ended;
    expect([racing.texts(), three.calls(), racing.endedMs]).toEqual(['fourth', [1, 1, 1, 1], 5_300]);
    expect(racing.context.trail.map(({ attempt }) => attempt).sort()).toEqual([1, 2, 3, 4]);
  });

  it('counts as a retry in the budget of all requests', async () => {
    const { go, calls } = setUp([[hangs()], [quick('second')]], {
      retry: { budget: { ratio: 0, minimum: 2 } },
    });
    const going = Array.from({ length: 5 }, () => go());
    await pass(1_000);
    expect(calls()).toEqual([5, 2]);
    for (const each of going) each.cancellation.cancel(new CancelledError('enough'));
    await Promise.all(going.map(({ ended }) => ended));
  });
});

describe('when one of them fails', () => {
  it('the other is waited for: the hedge', async () => {
    const slowly: Scripted = {
      ...fails('server_error'),
      events: [{ type: 'usage', usage: {} }],
      delayMs: 100,
    };
    const { go, calls } = setUp([[slowly], [begins(400, 'second')]]);
    const going = go();
    await pass(2_000);
    await going.ended;
    expect([going.texts(), calls()]).toEqual(['second', [1, 1]]);
  });

  it('the other is waited for: the slow one', async () => {
    const { go, calls } = setUp([[begins(400, 'first')], [fails('server_error')]]);
    const going = go();
    await pass(2_000);
    await going.ended;
    expect([going.texts(), calls()]).toEqual(['first', [1, 1]]);
  });

  it('and then the other, the request goes on elsewhere, and comes back to neither', async () => {
    const slowly: Scripted = {
      ...fails('bad_response'),
      events: [{ type: 'usage', usage: {} }],
      delayMs: 100,
    };
    const { go, calls } = setUp([[slowly], [fails('bad_response')], [quick('third')]]);
    const going = go();
    await pass(2_000);
    await going.ended;
    expect([going.texts(), calls()]).toEqual(['third', [1, 1, 1]]);
  });

  it('and nobody is left, the error names all of them', async () => {
    const slowly: Scripted = {
      ...fails('bad_response'),
      events: [{ type: 'usage', usage: {} }],
      delayMs: 100,
    };
    const { go } = setUp([[slowly], [fails('overloaded', { status: 529 })]]);
    const going = go();
    await pass(2_000);
    await going.ended;
    expect(going.error).toMatchObject({
      code: 'failover_exhausted',
      errors: [
        { provider: 'b', code: 'overloaded' },
        { provider: 'a', code: 'bad_response' },
      ],
    });
  });

  it('for the caller’s own mistake, the other is stopped and the caller told', async () => {
    const slowly: Scripted = {
      ...fails('invalid_request', { status: 400 }),
      events: [{ type: 'usage', usage: {} }],
      delayMs: 100,
    };
    const { go, open } = setUp([[slowly], [hangs()]]);
    const going = go();
    await pass(300);
    await going.ended;
    expect([going.error, open()]).toMatchObject([{ code: 'invalid_request', provider: 'a' }, [0, 0]]);
  });

  it('before the time has come, it is retried as ever, and then hedged', async () => {
    const { go, calls } = setUp([[fails('server_error'), hangs()], [quick('second')]]);
    const going = go();
    await pass(2_000);
    await going.ended;
    expect([going.texts(), calls()]).toEqual(['second', [2, 1]]);
  });
});

describe('after the first content', () => {
  it('there is no race any more: the answer breaks as ever', async () => {
    const once: Scripted = {
      ...hangs(['Once', { type: 'usage', usage: {} }]),
      ending: { code: 'overloaded' },
      delayMs: 40,
    };
    const { go, calls } = setUp([[once], [quick('no')]]);
    const going = go();
    await pass(5_000);
    await going.ended;
    expect([going.texts(), calls(), going.error]).toMatchObject(['Once', [1, 0], { code: 'overloaded' }]);
  });

  it('it goes on in mid-stream at a target that was not asked', async () => {
    const broken = breaks('Once upon a time there was', { code: 'overloaded' });
    const { go, calls } = setUp([[hangs()], [broken], [replies('Once upon a time there was a king')]], {
      midStream: 'continue',
    });
    const going = go();
    await pass(5_000);
    await going.ended;
    expect(calls()).toEqual([1, 1, 1]);
    expect(going.context.seams).toMatchObject([{ from: 'b/m', to: 'c/m' }]);
  });
});

describe('the caller', () => {
  it('ends both', async () => {
    const { go, open, calls } = setUp([[hangs()], [hangs()]]);
    const going = go();
    await pass(200);
    const reason = new CancelledError('enough');
    going.cancellation.cancel(reason);
    await going.ended;
    expect([going.error, calls(), open()]).toEqual([reason, [1, 1], [0, 0]]);
    expect(going.context.trail.map(({ outcome, lost }) => [outcome, lost])).toEqual([
      ['cancelled', undefined],
      ['cancelled', undefined],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('how long is waited', () => {
  it('is what the target usually takes, once that is known; before, the fixed time', async () => {
    const answers = Array.from({ length: 20 }, (_, n) => begins(n < 19 ? 20 : 80, 'usual'));
    const { go, calls } = setUp(
      [[...answers, hangs()], [quick('second')]],
      {},
      {
        afterPercentile: 90,
        afterMs: 1_000,
      },
    );
    for (let n = 0; n < 20; n++) {
      const going = go();
      await pass(200);
      await going.ended;
    }
    expect(calls()).toEqual([20, 0]);
    const going = go();
    const beganMs = performance.now();
    await pass(200);
    await going.ended;
    expect(going.texts()).toBe('second');
    // At most 5 % off: a histogram.
    expect(Math.abs((going.endedMs ?? 0) - beganMs - 20)).toBeLessThan(3);
  });

  it('is for ever while nothing is known and no time was given', async () => {
    const { go, calls } = setUp([[hangs()], [quick('second')]], {}, { afterPercentile: 90 });
    const going = go();
    await pass(5_000);
    expect(calls()).toEqual([1, 0]);
    going.cancellation.cancel(new CancelledError('enough'));
    await going.ended;
  });
});
