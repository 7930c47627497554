import { describe, expect, it } from 'vitest';
import { KnownTotals } from '../../src/state/known-totals.ts';
import type { Account, AccountSpan } from '../../src/state/state-store.ts';

const accountOf = (name: string, span: AccountSpan = { kind: 'rolling', windowMs: 60_000 }): Account => ({
  name,
  limit: 9,
  span,
});

const a = accountOf('a');

function stage() {
  const clock = { now: 1_000 };
  return { clock, totals: new KnownTotals(() => clock.now) };
}

describe('totals that were heard of', () => {
  it('are those of the last answer, and nothing else of it', () => {
    const { totals } = stage();
    expect([totals.told(a), totals.totalNow(a)]).toEqual([undefined, 0]);
    totals.learn(a, { memory: 'm', total: 7, slot: 1 });
    const taken = { memory: 'n', total: 5, slot: 2, granted: true, waitMs: 0 };
    totals.learn(a, taken);
    expect(totals.told(a)).toEqual({ memory: 'n', total: 5, slot: 2 });
    expect(totals.totalNow(a)).toBe(5);
  });

  it('are corrected by what a claim came to, where there is anything to correct', () => {
    const { totals } = stage();
    totals.correct(a, -3);
    expect(totals.told(a)).toBeUndefined();
    totals.learn(a, { memory: 'm', total: 7, slot: 1 });
    totals.correct(a, -3);
    expect(totals.told(a)).toEqual({ memory: 'm', total: 4, slot: 1 });
  });

  it.each<[string, AccountSpan, number, number]>([
    ['within its window', { kind: 'rolling', windowMs: 500 }, 1_499, 7],
    ['after its window', { kind: 'rolling', windowMs: 500 }, 1_500, 0],
    ['within its period', { kind: 'periods', starts: [0, 900, 2_000] }, 1_999, 7],
    ['in the next period', { kind: 'periods', starts: [0, 900, 2_000] }, 2_000, 0],
  ])('count here %s: %j; the store tells by its own clock (R8)', (_, span, now, total) => {
    const { totals, clock } = stage();
    const account = accountOf('x', span);
    totals.learn(account, { memory: 'm', total: 7, slot: 3 });
    clock.now = now;
    expect(totals.totalNow(account)).toBe(total);
    expect(totals.told(account)).toEqual({ memory: 'm', total: 7, slot: 3 });
  });

  it('are of the 10,000 accounts that were heard of last', () => {
    const { totals } = stage();
    const known = { memory: 'm', total: 1 };
    for (let index = 0; index < 10_000; index += 1) totals.learn(accountOf(`t${index}`), known);
    totals.learn(accountOf('t0'), known);
    totals.learn(accountOf('new'), known);
    expect(totals.told(accountOf('t1'))).toBeUndefined();
    expect(totals.told(accountOf('t0'))).toBeDefined();
    expect(totals.told(accountOf('new'))).toBeDefined();
  });
});
