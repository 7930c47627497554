import type { CheckedSpendQuery, LedgerRow, SpendGroup } from '../index.ts';
import { ConfigError } from '../index.ts';
import { isRecord } from '../provider-kit/index.ts';
import { createLedgerTable, insertLedgerRow, ledgerValues } from './ledger-columns.ts';
import { spendGroups, spendSql } from './spend-sql.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts';

/** What the tables look like. A change of them raises it, and gets its step in `migrate`. */
const VERSION = 1;

/**
 * How long a statement waits for another process that writes, in milliseconds. Short, because everything waits with
 * it; what was in vain is tried again with the next batch.
 */
const BUSY_MS = 250;

/** Rows of ledgers in one file of SQLite. Several processes may write to it. */
export class SqliteStore {
  readonly #database: SqliteDatabase;
  readonly #insert: SqliteStatement;

  /**
   * @param synchronous - `full` waits at the end of each write until the disk has it; `normal` leaves that to the
   *   system, which survives the end of the process but not that of the machine
   * @throws ConfigError when a newer version of this library has made the file
   */
  constructor(database: SqliteDatabase, synchronous: 'full' | 'normal') {
    this.#database = database;
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${synchronous}`);
    this.#transaction(() => migrate(database));
    this.#insert = database.prepare(insertLedgerRow);
  }

  /** All or none, in one transaction. Rows that are there already stay as they are. */
  write(rows: readonly LedgerRow[]): void {
    this.#transaction(() => {
      for (const row of rows) this.#insert.run(...ledgerValues(row));
    });
  }

  spend(query: CheckedSpendQuery): SpendGroup[] {
    const { sql, values } = spendSql(query);
    return spendGroups(query.groupBy, this.#database.prepare(sql).all(...values));
  }

  close(): void {
    this.#database.close();
  }

  #transaction(act: () => void): void {
    // Immediate, so that to wait for another writer is done with at the beginning.
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      act();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // After some errors, such as a full disk, SQLite has done so itself.
    }
  }
}

function migrate(database: SqliteDatabase): void {
  database.exec('CREATE TABLE IF NOT EXISTS runestone_schema (version INTEGER NOT NULL) STRICT');
  const [row] = database.prepare('SELECT max(version) AS version FROM runestone_schema').all();
  const version = isRecord(row) && typeof row['version'] === 'number' ? row['version'] : 0;
  if (version > VERSION) {
    throw new ConfigError(
      `sqliteLedger: the file was made by a newer version (tables of version ${version}, ${VERSION} is known here)`,
    );
  }
  if (version === VERSION) return;
  database.exec(createLedgerTable);
  database.prepare('INSERT INTO runestone_schema (version) VALUES (?)').run(VERSION);
}
