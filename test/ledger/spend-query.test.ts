import { describe, expect, it } from 'vitest';
import { checkSpendQuery, labelName, type SpendQuery } from '../../src/ledger/spend-query.ts';

const NOW_MS = 1_000_000;

describe('checkSpendQuery', () => {
  it('fills in what was not said', () => {
    expect(checkSpendQuery({ since: 5 }, NOW_MS)).toEqual({
      sinceMs: 5,
      untilMs: NOW_MS + 1,
      groupBy: [],
      where: [],
    });
  });

  it('takes dates, lists and single values, each dimension once', () => {
    const query: SpendQuery = {
      since: new Date(7),
      until: new Date(8),
      groupBy: ['day', 'label.team', 'day'],
      where: { provider: 'acme', 'label.team': ['a', ''] },
    };
    expect(checkSpendQuery(query, NOW_MS)).toEqual({
      sinceMs: 7,
      untilMs: 8,
      groupBy: ['day', 'label.team'],
      where: [
        ['provider', ['acme']],
        ['label.team', ['a', '']],
      ],
    });
  });

  it.each([
    ['a date that is none', { since: new Date('x') }, 'since'],
    ['no number', { since: Number.NaN }, 'since'],
    ['an end that is none', { since: 0, until: Number.POSITIVE_INFINITY }, 'until'],
    // Callers without a compiler.
    ['an unknown dimension', { since: 0, groupBy: ['colour' as 'day'] }, 'colour'],
    ['an unknown condition', { since: 0, where: { ['colour' as 'day']: 'red' } }, 'colour'],
    ['a label that cannot be one', { since: 0, groupBy: ['label.a"b'] }, 'label.a"b'],
    ['a label without a name', { since: 0, groupBy: ['label.'] }, 'label.'],
  ] satisfies [string, SpendQuery, string][])('refuses %s', (_, query, named) => {
    expect(() => checkSpendQuery(query, NOW_MS)).toThrow(named);
  });
});

describe('labelName', () => {
  it.each([
    ['team', true],
    ['team-id_2', true],
    ['', false],
    ['a.b', false],
    ['a"', false],
    ['x'.repeat(65), false],
  ])('%j: %s', (name, fits) => {
    expect(labelName.test(name)).toBe(fits);
  });
});
