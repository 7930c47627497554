export type { OpenDatabase, SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-database.ts';
export { type SqliteLedger, type SqliteLedgerOptions, sqliteLedger } from './sqlite-ledger.ts';
