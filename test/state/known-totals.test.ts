import { describe, expect, it } from 'vitest';
import { KnownTotals } from '../../src/state/known-totals.ts';
import type { Account, AccountSpan } from '../../src/state/state-store.ts';

const accountOf = (name: string, span: AccountSpan = { kind: 'under_way' }): Account => ({
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
    expect(totals.of(a)).toBeUndefined();
    totals.learn(a, { memory: 'm', total: 7 });
    const taken = { memory: 'n', total: 5, granted: true, waitMs: 0 };
    totals.learn(a, taken);
    expect(totals.of(a)).toEqual({ memory: 'n', total: 5 });
  });

  it('are corrected by what a claim came to, where there is anything to correct', () => {
    const { totals } = stage();
    totals.correct(a, -3);
    expect(totals.of(a)).toBeUndefined();
    totals.learn(a, { memory: 'm', total: 7 });
    totals.correct(a, -3);
    expect(totals.of(a)).toEqual({ memory: 'm', total: 4 });
  });

  it.each<[string, AccountSpan, number, boolean]>([
    ['within its window', { kind: 'rolling', windowMs: 500 }, 1_499, true],
    ['after its window', { kind: 'rolling', windowMs: 500 }, 1_500, false],
    ['within its period', { kind: 'periods', starts: [0, 900, 2_000] }, 1_999, true],
    ['in the next period', { kind: 'periods', starts: [0, 900, 2_000] }, 2_000, false],
    ['at any time of what is under way', { kind: 'under_way' }, 9e9, true],
  ])('count %s: %j', (_, span, now, counts) => {
    const { totals, clock } = stage();
    totals.learn(accountOf('x', span), { memory: 'm', total: 7 });
    clock.now = now;
    expect(totals.of(accountOf('x', span)) !== undefined).toBe(counts);
  });

  it('are of the 10,000 accounts that were heard of last', () => {
    const { totals } = stage();
    for (let index = 0; index < 10_000; index += 1)
      totals.learn(accountOf(`t${index}`), { memory: 'm', total: index });
    totals.learn(accountOf('t0'), { memory: 'm', total: 1 });
    totals.learn(accountOf('new'), { memory: 'm', total: 1 });
    expect(totals.of(accountOf('t1'))).toBeUndefined();
    expect(totals.of(accountOf('t0'))).toBeDefined();
    expect(totals.of(accountOf('new'))).toBeDefined();
  });
});
