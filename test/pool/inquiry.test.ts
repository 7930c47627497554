import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttemptContext } from '../../src/pipeline/middleware.ts';
import { Budgets } from '../../src/pool/budgets.ts';
import { Hedging } from '../../src/pool/hedging.ts';
import { Inquiry, type InquiryParts, type Terms } from '../../src/pool/inquiry.ts';
import { Limits } from '../../src/pool/limits.ts';
import type { HedgeOptions } from '../../src/pool/options.ts';
import { RetryBudget } from '../../src/resilience/retry-budget.ts';
import { collect, failureOf, finish, recorder, requestContext, silent, targetOf, text } from '../contexts.ts';
import { statesOf } from './states.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** An inquiry at a, b and c; what an attempt does is up to the test. */
function setUp(attempt: InquiryParts['attempt'], hedge?: HedgeOptions, stream = true) {
  const told = recorder(() => performance.now());
  const { states, settings } = statesOf({}, told);
  const { teller } = told;
  const limits = new Limits({ settings, states, teller });
  const budget = new RetryBudget(settings.retry.budget, teller.nowMs);
  const hedging =
    hedge && new Hedging({ maxExtra: 1, ...hedge }, { settings, states, limits, budget, teller });
  const request = requestContext({ request: { messages: [], stream } });
  const budgets = new Budgets({ budgets: [], boundOf: () => 0, teller });
  const inquiry = new Inquiry({ attempt, limits, budgets, settings, states, teller, hedging }, request);
  inquiry.candidates = ['a', 'b', 'c'].map((name) => ({
    target: targetOf({ ...silent, name }),
    tier: 0,
    weight: 1,
  }));
  const terms: Terms = { request, repairs: [{ kind: 'shorter' }], continues: undefined, mayPause: true };
  const names = (): string[] => inquiry.candidates.map(({ target }) => target.provider.name);
  return { inquiry, terms, request, names };
}

/** After so many milliseconds for each provider, by name. */
const answering = (ms: Readonly<Record<string, number>>, seen: AttemptContext[] = []) =>
  async function* answer(context: AttemptContext) {
    seen.push(context);
    await new Promise((resolve) => setTimeout(resolve, ms[context.target.provider.name]));
    if (context.cancellation.isCancelled) throw context.cancellation.reason;
    yield [text(context.target.provider.name)];
    yield [finish];
  };

describe('one who is asked alone', () => {
  it('is the candidate at the index, with what is asked, and its tally is kept', async () => {
    const seen: AttemptContext[] = [];
    const { inquiry, terms, request } = setUp(answering({}, seen));
    inquiry.index = 1;
    const asking = inquiry.ask(terms);
    await vi.advanceTimersByTimeAsync(1);
    expect(await collect(await asking)).toEqual([[text('b')], [finish]]);
    expect(seen).toMatchObject([{ target: { provider: { name: 'b' } }, repairs: [{ kind: 'shorter' }] }]);
    expect(seen[0]?.cancellation).toBe(request.cancellation);
    expect(inquiry.tally).toBe(seen[0]?.tally);
    expect(inquiry.others.map(({ target }) => target.provider.name)).toEqual(['c']);
  });

  it('is complete when the answer is, where the caller wants it whole', async () => {
    const { inquiry, terms } = setUp(answering({ a: 10 }), undefined, false);
    const asking = inquiry.ask(terms);
    await vi.advanceTimersByTimeAsync(10);
    expect((await asking).held).toBe(2);
  });

  it('there has to be', () => {
    const { inquiry } = setUp(answering({}));
    inquiry.index = 7;
    expect(() => inquiry.candidate).toThrow(RangeError);
  });
});

describe('in a race', () => {
  it('the winner is the candidate from there on, behind all who were asked, and its tally counts', async () => {
    const seen: AttemptContext[] = [];
    const { inquiry, terms, names } = setUp(answering({ a: 500, b: 10 }, seen), { afterMs: 50 });
    const asking = inquiry.ask(terms);
    await vi.advanceTimersByTimeAsync(60);
    expect((await collect(await asking)).flat()).toContainEqual(text('b'));
    expect([names(), inquiry.index, inquiry.candidate.target.provider.name]).toEqual([
      ['a', 'b', 'c'],
      1,
      'b',
    ]);
    expect(inquiry.tally).toBe(seen[1]?.tally);
    await vi.advanceTimersByTimeAsync(1_000);
  });

  it('a hedge is asked what it has not refused: the repairs are those of another', async () => {
    const seen: AttemptContext[] = [];
    const { inquiry, terms } = setUp(answering({ a: 500, b: 10 }, seen), { afterMs: 50 });
    const asking = inquiry.ask(terms);
    await vi.advanceTimersByTimeAsync(60);
    await asking;
    expect(seen.map(({ repairs, hedge, attempt }) => [repairs.length, hedge, attempt])).toEqual([
      [1, false, 1],
      [0, true, 2],
    ]);
    await vi.advanceTimersByTimeAsync(1_000);
  });

  it('the loser who would have answered keeps the caller’s request running', async () => {
    const seen: AttemptContext[] = [];
    const { inquiry, terms, request } = setUp(answering({ a: 55, b: 500 }, seen), { afterMs: 50 });
    const asking = inquiry.ask(terms);
    await vi.advanceTimersByTimeAsync(60);
    await asking;
    expect([seen[1]?.cancellation.reason, request.cancellation.isCancelled]).toMatchObject([
      { code: 'cancelled', reason: 'hedge_lost' },
      false,
    ]);
    await vi.advanceTimersByTimeAsync(1_000);
  });

  it('who failed as a hedge is not moved on to, and its failure is kept', async () => {
    const failing = async function* failing({ target, hedge }: AttemptContext) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      yield* [];
      throw new Error(`${target.provider.name}${hedge ? ', a hedge' : ''}`);
    };
    const { inquiry, terms, names } = setUp(failing, { afterMs: 50 });
    const asking = failureOf(inquiry.ask(terms));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await asking).toMatchObject({ message: 'a' });
    expect([names(), inquiry.index, inquiry.candidate.target.provider.name]).toEqual([
      ['b', 'a', 'c'],
      1,
      'a',
    ]);
  });

  it('nobody runs who goes on with a paused turn, or is the last', async () => {
    const { inquiry, terms } = setUp(answering({ a: 500, c: 500 }), { afterMs: 50 });
    const paused = inquiry.ask({ ...terms, continues: {} });
    await vi.advanceTimersByTimeAsync(500);
    await paused;
    inquiry.index = 2;
    const last = inquiry.ask(terms);
    await vi.advanceTimersByTimeAsync(500);
    await last;
    expect(inquiry.candidates.map(({ target }) => target.provider.name)).toEqual(['a', 'b', 'c']);
  });
});
