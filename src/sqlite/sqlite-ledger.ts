import type { LedgerSink } from '../index.ts';
import { ConfigError } from '../index.ts';
import { opener } from './node-open.ts';
import type { OpenDatabase } from './sqlite-database.ts';
import { SqliteStore } from './sqlite-store.ts';

/** Where a ledger is kept, and how. */
export interface SqliteLedgerOptions {
  /** The file, made when there is none. Several processes of one machine may share it. */
  readonly path: string;
  /** Longest time until a row is written, in milliseconds. @default 100 */
  readonly flushMs?: number;
  /**
   * What a row survives once it is written: with `full` the end of the machine, with `normal` that of the process.
   * `full` waits for the disk at the end of each write.
   *
   * @default 'full'
   */
  readonly synchronous?: 'full' | 'normal';
  /** A driver of your own. @default Node's, or the package better-sqlite3 where Node has none */
  readonly open?: OpenDatabase;
}

/** A sink that is a file of SQLite. */
export interface SqliteLedger extends Required<Pick<LedgerSink, 'write' | 'spend' | 'close'>> {
  readonly flushMs: number;
  /** Resolves when the file is open; rejects, as every write does, when it cannot be. */
  readonly ready: Promise<void>;
}

/**
 * Keeps the ledger of a pool in a file of SQLite: embedded, no server, queried by `pool.spend`.
 *
 * The file is opened at once, in WAL mode, and each batch is one transaction. Rows stand in the table
 * `runestone_ledger`, for any tool that reads SQLite.
 *
 * @throws ConfigError when there is no path
 *
 * @example
 * const sink = sqliteLedger({ path: 'ledger.db' });
 * await sink.ready; // to know now
 * const pool = new ProviderPool({ providers, ledger: { sink } });
 */
export function sqliteLedger(options: SqliteLedgerOptions): SqliteLedger {
  const { path, flushMs = 100, synchronous = 'full', open = opener() } = options;
  if (typeof path !== 'string' || path === '') {
    throw new ConfigError('sqliteLedger: path: must be the name of a file', { param: 'path' });
  }
  const opened = openStore(open, path, synchronous);
  const ready = opened.then(() => {});
  // Whoever does not wait for it is told by `ledger.failed` with the first rows.
  ready.catch(() => {});
  return {
    flushMs,
    ready,
    write: async (rows) => (await opened).write(rows),
    spend: async (query) => (await opened).spend(query),
    close: async () => {
      const store = await opened.catch(() => undefined);
      store?.close();
    },
  };
}

async function openStore(
  open: OpenDatabase,
  path: string,
  synchronous: 'full' | 'normal',
): Promise<SqliteStore> {
  const database = await open(path);
  try {
    return new SqliteStore(database, synchronous);
  } catch (error) {
    database.close();
    throw error;
  }
}
