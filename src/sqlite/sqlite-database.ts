/** What can be bound to a parameter. */
export type SqliteValue = string | number | null;

/** As much of a prepared statement as is used. */
export interface SqliteStatement {
  run(...values: readonly SqliteValue[]): unknown;
  all(...values: readonly SqliteValue[]): readonly unknown[];
}

/** As much of a database as is used: `node:sqlite` and `better-sqlite3` both have it. Everything is synchronous. */
export interface SqliteDatabase {
  /** Runs statements without parameters; what they return is ignored. */
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

/** Opens a file, which is made when there is none. */
export type OpenDatabase = (path: string) => SqliteDatabase | Promise<SqliteDatabase>;
