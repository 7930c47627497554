import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRow } from '../../src/ledger/ledger-row.ts';
import { SpendMemory } from '../../src/ledger/spend-memory.ts';
import { checkSpendQuery, type SpendDimension, type SpendQuery } from '../../src/ledger/spend-query.ts';
import { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { NOON_MS, rowOf } from '../ledger/rows.ts';
import { openAny, rowsOf, temporaryFolder } from './databases.ts';

/** A store in memory, with these rows. */
async function storeOf(rows: readonly LedgerRow[] = []) {
  const database = await openAny(':memory:');
  const store = new SqliteStore(database, 'normal');
  store.write(rows);
  const ask = (query: SpendQuery) => store.spend(checkSpendQuery(query, NOON_MS));
  return { database, store, ask };
}

const count = (database: Awaited<ReturnType<typeof openAny>>): unknown =>
  rowsOf(database, 'SELECT count(*) AS n FROM runestone_ledger')[0]?.['n'];

describe('a store', () => {
  it('keeps each row once, however often it is written', async () => {
    const { database, store } = await storeOf([rowOf(), rowOf({ sequence: 2 })]);
    store.write([rowOf({ costNanoUsd: 9 }), rowOf({ sequence: 3 }), rowOf({ run: 'run-2' })]);
    expect(
      rowsOf(database, 'SELECT run, sequence, cost_nano_usd FROM runestone_ledger ORDER BY 1, 2'),
    ).toEqual([
      { run: 'run-1', sequence: 1, cost_nano_usd: 1_000 },
      { run: 'run-1', sequence: 2, cost_nano_usd: 1_000 },
      { run: 'run-1', sequence: 3, cost_nano_usd: 1_000 },
      { run: 'run-2', sequence: 1, cost_nano_usd: 1_000 },
    ]);
  });

  it('writes all rows of a batch or none', async () => {
    const { database, store } = await storeOf();
    const bad = rowOf({ sequence: 2, provider: undefined as unknown as string });
    expect(() => store.write([rowOf(), bad])).toThrow(/NOT NULL/);
    expect(count(database)).toBe(0);
    store.write([rowOf()]);
    expect(count(database)).toBe(1);
  });

  it('knows its tables when it is opened again', async () => {
    using folder = temporaryFolder();
    for (const sequence of [1, 2]) {
      const store = new SqliteStore(await openAny(folder.file()), 'full');
      store.write([rowOf({ sequence })]);
      store.close();
    }
    const database = await openAny(folder.file());
    expect(count(database)).toBe(2);
    expect(rowsOf(database, 'SELECT version FROM runestone_schema')).toEqual([{ version: 1 }]);
    expect(rowsOf(database, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    database.close();
  });

  it('refuses a file of a newer version, and leaves it as it is', async () => {
    const { database } = await storeOf();
    database.exec('UPDATE runestone_schema SET version = 7');
    expect(() => new SqliteStore(database, 'full')).toThrow(
      /newer version \(tables of version 7, 1 is known here\)/,
    );
  });

  it('shares a file with another that writes', async () => {
    using folder = temporaryFolder();
    const [left, right] = [await openAny(folder.file()), await openAny(folder.file())];
    const stores = [new SqliteStore(left, 'normal'), new SqliteStore(right, 'normal')] as const;
    for (let sequence = 1; sequence <= 20; sequence++) {
      for (const [index, store] of stores.entries()) store.write([rowOf({ run: `run-${index}`, sequence })]);
    }
    expect(count(left)).toBe(40);
    for (const store of stores) store.close();
  });

  it('waits a moment for another writer, then throws, so that the batch is tried again', async () => {
    using folder = temporaryFolder();
    const [left, right] = [await openAny(folder.file()), await openAny(folder.file())];
    const store = new SqliteStore(left, 'normal');
    right.exec('BEGIN IMMEDIATE');
    const began = performance.now();
    expect(() => store.write([rowOf()])).toThrow(/locked|busy/i);
    expect(performance.now() - began).toBeLessThan(2_000);
    right.exec('ROLLBACK');
    store.write([rowOf()]);
    expect(count(left)).toBe(1);
    store.close();
    right.close();
  });
});

describe('a question', () => {
  const rows = [
    rowOf({ sequence: 1, tenant: 'a', labels: { team: 'x' }, key: 'acme[0]', servedModel: 'model-1-0125' }),
    rowOf({ sequence: 2, tenant: 'b', labels: { team: 'y' }, key: 'acme[1]', costNanoUsd: 7 }),
    rowOf({ sequence: 3, costNanoUsd: undefined, precision: 'unknown', outcome: 'error', code: 'timeout' }),
    rowOf({
      sequence: 4,
      at: NOON_MS - 86_400_000,
      operation: 'embed',
      costNanoUsd: 3,
      precision: 'estimated',
    }),
  ];
  const since = NOON_MS - 2 * 86_400_000;

  it.each([
    [['key'], [{ key: 'acme[0]' }, 1_000], [{ key: 'acme[1]' }, 7], [{}, 3]],
    [['label.team'], [{ 'label.team': 'x' }, 1_000], [{ 'label.team': 'y' }, 7], [{}, 3]],
    [['operation'], [{ operation: 'chat' }, 1_007], [{ operation: 'embed' }, 3]],
    [
      ['outcome', 'code'],
      [{ outcome: 'ok' }, 1_010],
      [{ outcome: 'error', code: 'timeout' }, 0],
    ],
    [['servedModel'], [{ servedModel: 'model-1-0125' }, 1_000], [{ servedModel: 'model-1' }, 10]],
    [['day'], [{ day: '2026-11-25' }, 1_007], [{ day: '2026-11-24' }, 3]],
    [['hour'], [{ hour: '2026-11-25T12:00' }, 1_007], [{ hour: '2026-11-24T12:00' }, 3]],
    [
      ['precision'],
      [{ precision: 'reported' }, 1_007],
      [{ precision: 'estimated' }, 3],
      [{ precision: 'unknown' }, 0],
    ],
  ] as const)('by %j', async (groupBy, ...expected) => {
    const { ask } = await storeOf(rows);
    const groups = ask({ since, groupBy: [...groupBy] });
    const seen = groups.map(({ by, nanoUsd }) => [by, nanoUsd] as const);
    expect(seen.sort(([, left], [, right]) => right - left)).toEqual(expected);
  });

  it.each([
    [{ tenant: 'a' }, 1_000],
    [{ tenant: ['a', 'b'] }, 1_007],
    [{ tenant: '' }, 3],
    [{ 'label.team': 'y' }, 7],
    [{ tenant: [] }, undefined],
    [{ tenant: "a' OR 1 = 1 --" }, undefined],
  ])('about %j', async (where, nanoUsd) => {
    const { ask } = await storeOf(rows);
    expect(ask({ since, where })[0]?.nanoUsd).toBe(nanoUsd);
  });

  it('counts what is unknown apart', async () => {
    const { ask } = await storeOf(rows);
    expect(ask({ since })).toMatchObject([
      { by: {}, attempts: 4, nanoUsd: 1_010, unpriced: 1, estimated: 1, precision: 'unknown' },
    ]);
  });

  it('is exact where a sum of floats would not be', async () => {
    const dear = Array.from({ length: 10 }, (_, index) =>
      rowOf({ sequence: index + 1, costNanoUsd: 900_000_000_000_001 }),
    );
    const { ask } = await storeOf(dear);
    expect(ask({ since })[0]?.nanoUsd).toBe(9_000_000_000_000_010);
  });

  it('has an answer beyond what a number holds, to 16 places', async () => {
    const dear = [1, 2].map((sequence) => rowOf({ sequence, costNanoUsd: Number.MAX_SAFE_INTEGER }));
    const { ask } = await storeOf(dear);
    expect(ask({ since })[0]?.nanoUsd).toBe(2 * Number.MAX_SAFE_INTEGER);
  });

  it('is answered as memory would answer it (property)', async () => {
    const row = fc.record({
      at: fc.integer({ min: NOON_MS - 20 * 3_600_000, max: NOON_MS }),
      provider: fc.constantFrom('p', 'q'),
      model: fc.constantFrom('m', 'n'),
      tenant: fc.constantFrom('a', 'b', undefined),
      costNanoUsd: fc.option(fc.nat(1e6), { nil: undefined }),
      usage: fc.record({ inputTokens: fc.nat(1e6), cacheReadTokens: fc.nat(99) }),
    });
    const dimensions: SpendDimension[] = ['provider', 'model', 'tenant', 'day', 'hour'];
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), fc.subarray(dimensions), async (facts, groupBy) => {
        const rows = facts
          .sort((left, right) => left.at - right.at)
          .map((fact, index) => rowOf({ ...fact, sequence: index + 1 }));
        const memory = new SpendMemory(() => NOON_MS);
        for (const each of rows) memory.add(each);
        const query = { since: NOON_MS - 22 * 3_600_000, groupBy };
        const { database, ask } = await storeOf(rows);
        const byKey = (groups: readonly object[]) => groups.map((group) => JSON.stringify(group)).sort();
        expect(byKey(ask(query))).toEqual(byKey(memory.spend(checkSpendQuery(query, NOON_MS)).groups));
        database.close();
      }),
      { numRuns: 50 },
    );
  });
});
