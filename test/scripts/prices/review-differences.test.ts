import { describe, expect, it } from 'vitest';
import type { Difference } from '../../../scripts/prices/compare-prices.ts';
import { keyOf, readAccepted, reviewDifferences } from '../../../scripts/prices/review-differences.ts';

const difference: Difference = { row: 'acme/m', field: 'input', here: 1, there: 2 };
const unknown: Difference = { row: 'acme/new', field: 'model', here: null, there: null };
const reason = 'the page of the vendor says so';

describe('reviewDifferences', () => {
  const accepted = readAccepted(
    JSON.stringify([
      { rows: ['acme/m', 'acme/n'], field: 'input', here: 1, there: 2, reason },
      { rows: ['acme/new'], field: 'model', reason },
    ]),
  );

  it('tells the reviewed from the new', () => {
    const { unreviewed, accepted: known } = reviewDifferences([difference, unknown], accepted);
    expect(unreviewed).toEqual([]);
    expect(known).toEqual([
      { ...difference, reason },
      { ...unknown, reason },
    ]);
  });

  it.each([
    ['another row', { row: 'acme/o' }],
    ['another field', { field: 'output' }],
    ['another number here', { here: 1.5 }],
    ['another number there', { there: 3 }],
    ['no number there', { there: null }],
  ])('has not reviewed %s', (_, change) => {
    const changed = { ...difference, ...change };
    expect(reviewDifferences([changed], accepted).unreviewed).toEqual([changed]);
  });

  it('tells what is no difference any more, row by row', () => {
    expect(reviewDifferences([difference], accepted).stale).toEqual([
      'acme/n input: 1 here, 2 there',
      'acme/new: not known there',
    ]);
  });
});

describe('readAccepted', () => {
  it.each<[string, unknown]>([
    ['what is no list', {}],
    ['what is no entry', ['x']],
    ['no rows', [{ rows: [], field: 'input', reason }]],
    ['no field', [{ rows: ['a/b'], reason }]],
    ['no reason', [{ rows: ['a/b'], field: 'input', reason: 'ok' }]],
  ])('refuses %s', (_, list) => {
    expect(() => readAccepted(JSON.stringify(list))).toThrow(/difference/);
  });
});

describe('keyOf', () => {
  it('says what is unknown in words, never as 0', () => {
    expect(keyOf({ ...difference, there: null })).toBe('acme/m input: 1 here, nothing there');
    expect(keyOf(unknown)).toBe('acme/new: not known there');
  });
});
