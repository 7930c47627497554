import { describe, expect, it } from 'vitest';
import { KnownTotals } from '../../src/state/known-totals.ts';

describe('totals that were heard of', () => {
  it('are those of the last answer', () => {
    const totals = new KnownTotals();
    expect(totals.of('a')).toBeUndefined();
    totals.learn('a', { memory: 'm', total: 7 });
    totals.learn('a', { memory: 'n', total: 5 });
    expect(totals.of('a')).toEqual({ memory: 'n', total: 5 });
  });

  it('are corrected by what a claim came to, where there is anything to correct', () => {
    const totals = new KnownTotals();
    totals.correct('a', -3);
    expect(totals.of('a')).toBeUndefined();
    totals.learn('a', { memory: 'm', total: 7 });
    totals.correct('a', -3);
    expect(totals.of('a')).toEqual({ memory: 'm', total: 4 });
  });

  it('keep only what a wire answer says of them', () => {
    const totals = new KnownTotals();
    const taken = { memory: 'm', total: 7, granted: true, waitMs: 0 };
    totals.learn('a', taken);
    expect(totals.of('a')).toEqual({ memory: 'm', total: 7 });
  });

  it('are of the 10,000 accounts that were heard of last', () => {
    const totals = new KnownTotals();
    for (let index = 0; index < 10_000; index += 1) totals.learn(`t${index}`, { memory: 'm', total: index });
    totals.learn('t0', { memory: 'm', total: 1 });
    totals.learn('new', { memory: 'm', total: 1 });
    expect(totals.of('t1')).toBeUndefined();
    expect(totals.of('t0')).toBeDefined();
    expect(totals.of('new')).toBeDefined();
  });
});
