import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opener } from '../../src/sqlite/node-open.ts';
import type { SqliteDatabase } from '../../src/sqlite/sqlite-database.ts';

/**
 * Opens a file with whatever SQLite there is: Node's, or the package installed in this folder. By `require`, so that
 * it works in a process without a bundler too.
 */
export async function openAny(path: string): Promise<SqliteDatabase> {
  const betterSqlite3 = async (): Promise<unknown> => createRequire(import.meta.url)('better-sqlite3');
  return opener({ builtin: () => process.getBuiltinModule('node:sqlite'), betterSqlite3 })(path);
}

/** A folder that is gone afterwards. */
export function temporaryFolder(): Disposable & { readonly file: (name?: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'runestone-ledger-'));
  return {
    file: (name = 'ledger.db') => join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** All rows of a query. */
export function rowsOf(database: SqliteDatabase, sql: string): Record<string, unknown>[] {
  // A copy, because Node's rows have no prototype.
  return database
    .prepare(sql)
    .all()
    .map((row) => ({ ...Object(row) }));
}
