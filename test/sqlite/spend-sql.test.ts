import { describe, expect, it } from 'vitest';
import type { CheckedSpendQuery } from '../../src/ledger/spend-query.ts';
import { spendGroups, spendSql } from '../../src/sqlite/spend-sql.ts';

const asked = (facts: Partial<CheckedSpendQuery> = {}): CheckedSpendQuery => ({
  sinceMs: 5,
  untilMs: 9,
  groupBy: [],
  where: [],
  ...facts,
});

describe('spendSql', () => {
  it('asks for one sum when nothing is told apart', () => {
    const { sql, values } = spendSql(asked());
    expect(sql).toMatch(/^SELECT count\(\*\) AS attempts/);
    expect(sql).toMatch(/WHERE at >= \? AND at < \?$/);
    expect(values).toEqual([5, 9]);
  });

  it('has a value for each parameter, in their order', () => {
    const { sql, values } = spendSql(
      asked({
        groupBy: ['label.team', 'day'],
        where: [
          ['label.team', ['a', 'b']],
          ['tenant', ['x']],
        ],
      }),
    );
    expect(values).toEqual(['$."team"', 5, 9, '$."team"', 'a', 'b', 'x']);
    expect(sql.split('?')).toHaveLength(values.length + 1);
    expect(sql).toMatch(/GROUP BY 1, 2$/);
  });

  it('never has words of the caller in its text', () => {
    const evil = "x'); DROP TABLE runestone_ledger; --";
    const { sql, values } = spendSql(
      asked({
        groupBy: [`label.${evil}`],
        where: [
          [`label.${evil}`, [evil]],
          ['tenant', [evil]],
        ],
      }),
    );
    expect(sql).not.toContain('DROP');
    expect(values).toContain(evil);
  });
});

describe('spendGroups', () => {
  const row = { attempts: 2, nanoUsd: '12345678901234', unpriced: 1, estimated: 0, inputTokens: 7 };

  it('reads sums, and keys where there are some', () => {
    expect(spendGroups(['tenant', 'day'], [{ ...row, key0: null, key1: '2026-11-25' }])).toMatchObject([
      {
        by: { day: '2026-11-25' },
        ...{
          attempts: 2,
          nanoUsd: 12_345_678_901_234,
          costUsd: 12_345.678901234,
          unpriced: 1,
          precision: 'unknown',
        },
        tokens: { inputTokens: 7, outputTokens: 0 },
      },
    ]);
  });

  it('has no group where there was no attempt', () => {
    expect(spendGroups([], [{ ...row, attempts: 0 }])).toEqual([]);
    expect(spendGroups([], ['nonsense', null])).toEqual([]);
  });
});
