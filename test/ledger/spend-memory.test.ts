import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRow } from '../../src/ledger/ledger-row.ts';
import { dearestFirst, SpendMemory } from '../../src/ledger/spend-memory.ts';
import { checkSpendQuery, type SpendQuery } from '../../src/ledger/spend-query.ts';
import { SpendTally } from '../../src/ledger/spend-sum.ts';
import { runs } from '../runs.ts';
import { NOON_MS, rowOf } from './rows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A memory with these rows, asked at a moment. */
function memoryOf(rows: readonly LedgerRow[], nowMs = NOON_MS) {
  const memory = new SpendMemory(() => nowMs);
  for (const row of rows) memory.add(row);
  const ask = (query: SpendQuery) => memory.spend(checkSpendQuery(query, nowMs));
  return { stats: memory.stats(), ask };
}

describe('the windows', () => {
  const ago = (ms: number) => rowOf({ at: NOON_MS - ms, tenant: 'a' });

  it('hold what was spent in the last minute, hour and day, the total everything', () => {
    const { stats } = memoryOf(
      [2 * 24 * HOUR_MS, 23 * HOUR_MS, 59 * MINUTE_MS, 30 * MINUTE_MS, 59_000, 1].map(ago),
    );
    const attempts = [stats.total, stats.day.total, stats.hour.total, stats.minute.total].map(
      (sum) => sum.attempts,
    );
    expect(attempts).toEqual([6, 5, 4, 2]);
  });

  it('say where they begin: at least their length ago, and at most a twelfth more', () => {
    const odd = NOON_MS + 12_345;
    const { minute, hour, day } = memoryOf([], odd).stats;
    expect([odd - minute.since, odd - hour.since, odd - day.since]).toEqual([
      expect.closeTo(MINUTE_MS + 2_345, 0),
      expect.closeTo(HOUR_MS + 12_345, 0),
      expect.closeTo(24 * HOUR_MS + 30 * MINUTE_MS + 12_345, 0),
    ]);
  });

  it('tell providers, models and tenants apart, and attempts without a tenant from all of them', () => {
    const { minute } = memoryOf([
      rowOf({ tenant: 'a' }),
      rowOf({ tenant: 'b', model: 'model-2', costNanoUsd: 5 }),
      rowOf({ provider: 'other' }),
    ]).stats;
    const cost = (sums: Readonly<Record<string, { nanoUsd: number }>>) =>
      Object.fromEntries(Object.entries(sums).map(([name, { nanoUsd }]) => [name, nanoUsd]));
    expect(cost(minute.providers)).toEqual({ acme: 1_005, other: 1_000 });
    expect(cost(minute.models)).toEqual({ 'acme/model-1': 1_000, 'acme/model-2': 5, 'other/model-1': 1_000 });
    expect(cost(minute.tenants)).toEqual({ a: 1_000, b: 5 });
    expect(minute.total.nanoUsd).toBe(2_005);
  });

  it('never call an unpriced model free', () => {
    const { minute } = memoryOf([rowOf({ costNanoUsd: undefined, precision: 'unknown' })]).stats;
    expect(minute.models['acme/model-1']).toMatchObject({ nanoUsd: 0, unpriced: 1, precision: 'unknown' });
  });

  it('stay small when every request has a tenant of its own, and lose nothing', () => {
    const { minute } = memoryOf(Array.from({ length: 5_000 }, (_, at) => rowOf({ tenant: `t${at}` }))).stats;
    expect(Object.keys(minute.tenants)).toHaveLength(1_001);
    expect(minute.tenants['(other)']?.attempts).toBe(4_000);
    expect(minute.total.attempts).toBe(5_000);
  });
});

describe('a question', () => {
  const rows = [
    rowOf({ at: NOON_MS - 20 * HOUR_MS, tenant: 'a', costNanoUsd: 3 }),
    rowOf({ at: NOON_MS - 2 * HOUR_MS, tenant: 'b', costNanoUsd: 7 }),
    rowOf({ at: NOON_MS - 1_000, tenant: 'a', costNanoUsd: 11 }),
    rowOf({ at: NOON_MS - 1_000, model: 'model-2', costNanoUsd: 13 }),
  ];

  it('about everything has one answer', () => {
    const { groups, ...rest } = memoryOf(rows).ask({ since: NOON_MS - 22 * HOUR_MS });
    expect(groups).toMatchObject([{ by: {}, attempts: 4, nanoUsd: 34 }]);
    expect(rest).toMatchObject({ source: 'memory', complete: true, until: NOON_MS });
  });

  it.each([
    [['tenant'], [{ tenant: 'a' }, 14], [{}, 13], [{ tenant: 'b' }, 7]],
    [['model'], [{ model: 'model-1' }, 21], [{ model: 'model-2' }, 13]],
    [['day'], [{ day: '2026-11-25' }, 31], [{ day: '2026-11-24' }, 3]],
    [
      ['provider', 'hour'],
      [{ provider: 'acme', hour: '2026-11-25T12:00' }, 24],
      [{ provider: 'acme', hour: '2026-11-25T10:00' }, 7],
      [{ provider: 'acme', hour: '2026-11-24T16:00' }, 3],
    ],
  ] as const)('by %j has a group for each, the dearest first', (groupBy, ...expected) => {
    const { groups } = memoryOf(rows).ask({ since: NOON_MS - 22 * HOUR_MS, groupBy: [...groupBy] });
    expect(groups.map(({ by, nanoUsd }) => [by, nanoUsd])).toEqual(expected);
  });

  it.each([
    [{ tenant: 'a' }, 14],
    [{ tenant: ['a', 'b'] }, 21],
    [{ tenant: '' }, 13],
    [{ model: 'model-1', tenant: 'b' }, 7],
    [{ day: '2026-11-24' }, 3],
  ])('about %j only counts those', (where, nanoUsd) => {
    const { groups } = memoryOf(rows).ask({ since: NOON_MS - 22 * HOUR_MS, where });
    expect(groups).toMatchObject([{ nanoUsd }]);
  });

  it('about nobody has no group', () => {
    expect(memoryOf(rows).ask({ since: 0, where: { tenant: 'nobody' } }).groups).toEqual([]);
  });

  it('is answered by the finest slices that reach back far enough', () => {
    const { ask } = memoryOf(rows);
    const reach = (ms: number) => NOON_MS - ask({ since: NOON_MS - ms }).since;
    expect([reach(7_000), reach(7 * MINUTE_MS), reach(7 * HOUR_MS)]).toEqual([
      10_000,
      10 * MINUTE_MS,
      7 * HOUR_MS + 30 * MINUTE_MS,
    ]);
  });

  it('ends with the slice in which its end lies', () => {
    const { groups, until } = memoryOf(rows).ask({ since: NOON_MS - 22 * HOUR_MS, until: NOON_MS - HOUR_MS });
    expect(groups).toMatchObject([{ nanoUsd: 10 }]);
    expect(until).toBe(NOON_MS - 30 * MINUTE_MS);
  });

  it('about more than a day says what it leaves out', () => {
    const answer = memoryOf(rows).ask({ since: NOON_MS - 72 * HOUR_MS });
    expect(answer).toMatchObject({ complete: false, since: NOON_MS - 24 * HOUR_MS - 30 * MINUTE_MS });
  });

  it.each([
    [{ groupBy: ['key'] }, 'key'],
    [{ where: { 'label.team': 'x' } }, 'label.team'],
  ] as const)('that memory cannot answer names what is missing: %j', (query, named) => {
    const ask = () => memoryOf(rows).ask({ since: 0, ...query } as SpendQuery);
    expect(ask).toThrow(named);
    expect(ask).toThrow('ledger.sink');
  });

  it('groups add up to the whole, however they are made (property)', () => {
    const row = fc
      .record({
        at: fc.integer({ min: NOON_MS - 23 * HOUR_MS, max: NOON_MS }),
        provider: fc.constantFrom('p', 'q'),
        model: fc.constantFrom('m', 'n'),
        tenant: fc.constantFrom('a', 'b', undefined),
        costNanoUsd: fc.nat(1e6),
      })
      .map((facts) => rowOf(facts));
    const dimensions = fc.uniqueArray(
      fc.constantFrom(...(['provider', 'model', 'tenant', 'day', 'hour'] as const)),
    );
    // A memory hears of attempts in the order in which they end.
    const inOrder = (rows: LedgerRow[]): LedgerRow[] => rows.sort((left, right) => left.at - right.at);
    fc.assert(
      fc.property(fc.array(row), dimensions, (made, groupBy) => {
        const { ask, stats } = memoryOf(inOrder(made));
        const { groups } = ask({ since: NOON_MS - 24 * HOUR_MS, groupBy });
        const total = groups.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
        expect(total).toBe(made.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0));
        expect(total).toBe(stats.day.total.nanoUsd);
        expect(new Set(groups.map(({ by }) => JSON.stringify(by))).size).toBe(groups.length);
      }),
      runs(),
    );
  });
});

describe('dearestFirst', () => {
  it('orders by money, then by attempts, and leaves the list as it was', () => {
    const sum = (nanoUsd: number, attempts: number) => ({
      by: {},
      ...new SpendTally().sum(),
      nanoUsd,
      attempts,
    });
    const groups = [sum(1, 1), sum(3, 1), sum(1, 2)];
    expect(dearestFirst(groups).map(({ nanoUsd, attempts }) => [nanoUsd, attempts])).toEqual([
      [3, 1],
      [1, 2],
      [1, 1],
    ]);
    expect(groups[0]?.nanoUsd).toBe(1);
  });
});
