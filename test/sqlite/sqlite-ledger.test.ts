import { existsSync } from 'node:fs';
import { ProviderPool } from 'runestone';
import { describe, expect, it } from 'vitest';
import { type SqliteLedgerOptions, sqliteLedger } from '../../src/sqlite/sqlite-ledger.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { replies } from '../../src/testing/scripted-steps.ts';
import { rowOf } from '../ledger/rows.ts';
import { openAny, rowsOf, temporaryFolder } from './databases.ts';

const messages = [{ role: 'user' as const, content: 'Hello' }];

/** A pool that spends 40,000 nanodollars for each request, and keeps its ledger in a file. */
function poolOn(path: string): ProviderPool {
  return new ProviderPool({
    providers: [scriptedProvider('acme', [replies('x', { usage: { inputTokens: 10, outputTokens: 3 } })])],
    cost: { prices: { m: { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } } },
    ledger: { sink: sqliteLedger({ path, open: openAny }), labels: ['team'] },
  });
}

describe('sqliteLedger', () => {
  it('keeps what a pool has spent over restarts, and answers for all of them', async () => {
    using folder = temporaryFolder();
    for (const tenant of ['a', 'b']) {
      const pool = poolOn(folder.file());
      for (let n = 0; n < 3; n++)
        await pool.request({ model: 'acme/m', messages }, { tenant, metadata: { team: 'x' } });
      await pool.close();
    }
    const pool = poolOn(folder.file());
    const answer = await pool.spend({ since: Date.now() - 60_000, groupBy: ['tenant', 'label.team', 'key'] });
    expect(answer).toMatchObject({
      ...{ source: 'sink', complete: true },
      groups: [
        { by: { tenant: 'a', 'label.team': 'x' }, attempts: 3, nanoUsd: 120_000, precision: 'reported' },
        { by: { tenant: 'b', 'label.team': 'x' }, attempts: 3, nanoUsd: 120_000, precision: 'reported' },
      ],
    });
    await pool.close();
  });

  it('answers with the rows of a moment ago', async () => {
    using folder = temporaryFolder();
    const pool = poolOn(folder.file());
    await pool.request({ model: 'acme/m', messages });
    expect((await pool.spend({ since: 0 })).groups).toMatchObject([{ attempts: 1 }]);
    expect(pool.stats().ledger).toEqual({ rows: 1, flushed: 1, pending: 0, lost: 0 });
    await pool.close();
  });

  it('leaves one file when it is closed: what was in the log is in the tables', async () => {
    using folder = temporaryFolder();
    const pool = poolOn(folder.file());
    await pool.request({ model: 'acme/m', messages });
    await pool.close();
    expect(existsSync(folder.file())).toBe(true);
    expect(existsSync(folder.file('ledger.db-wal'))).toBe(false);
  });

  it('says how often it would like to be written to', () => {
    const options: SqliteLedgerOptions = { path: ':memory:', open: openAny };
    expect(sqliteLedger(options).flushMs).toBe(100);
    expect(sqliteLedger({ ...options, flushMs: 20 }).flushMs).toBe(20);
  });

  it.each([
    ['full', 2],
    ['normal', 1],
  ] as const)('is as safe as it is told to: synchronous %s', async (synchronous, level) => {
    using folder = temporaryFolder();
    const database = await openAny(folder.file());
    const ledger = sqliteLedger({ path: folder.file(), synchronous, open: () => database });
    await ledger.ready;
    expect(rowsOf(database, 'PRAGMA synchronous')).toEqual([{ synchronous: level }]);
    await ledger.close();
  });

  it('refuses to have no file', () => {
    expect(() => sqliteLedger({ path: '' })).toThrow('sqliteLedger: path');
  });

  it('that cannot open its file says so when asked, and with every write', async () => {
    using folder = temporaryFolder();
    const ledger = sqliteLedger({ path: folder.file('no/such/folder.db'), open: openAny });
    await expect(ledger.ready).rejects.toThrow();
    await expect(ledger.write([rowOf()])).rejects.toThrow();
    await expect(ledger.close()).resolves.toBeUndefined();
  });

  it('that cannot read its file lets go of it', async () => {
    let closed = 0;
    const open: SqliteLedgerOptions['open'] = () => ({
      exec: () => {
        throw new Error('file is not a database');
      },
      prepare: () => ({ run: () => {}, all: () => [] }),
      close: () => closed++,
    });
    await expect(sqliteLedger({ path: 'x', open }).ready).rejects.toThrow('not a database');
    expect(closed).toBe(1);
  });
});
