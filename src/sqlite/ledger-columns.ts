import type { LedgerRow } from '../index.ts';
import type { SqliteValue } from './sqlite-database.ts';

/** The table of rows. Its columns are for everybody who can read SQL. */
export const LEDGER_TABLE = 'runestone_ledger';

/** One column: its name, what SQLite shall know of it, and what a row has for it. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly of: (row: LedgerRow) => string | number | undefined;
}

const column = (name: string, type: string, of: Column['of']): Column => ({ name, type, of });

const COLUMNS: readonly Column[] = [
  column('run', 'TEXT NOT NULL', ({ run }) => run),
  column('sequence', 'INTEGER NOT NULL', ({ sequence }) => sequence),
  column('at', 'INTEGER NOT NULL', ({ at }) => Math.floor(at)),
  column('request_id', 'TEXT NOT NULL', ({ requestId }) => requestId),
  column('attempt', 'INTEGER NOT NULL', ({ attempt }) => attempt),
  column('operation', 'TEXT NOT NULL', ({ operation }) => operation),
  column('tenant', 'TEXT', ({ tenant }) => tenant),
  column('labels', 'TEXT', ({ labels }) => labels && JSON.stringify(labels)),
  column('provider', 'TEXT NOT NULL', ({ provider }) => provider),
  column('model', 'TEXT NOT NULL', ({ model }) => model),
  column('served_model', 'TEXT', ({ servedModel }) => servedModel),
  column('key_label', 'TEXT', ({ key }) => key),
  column('input_tokens', 'INTEGER', ({ usage }) => usage?.inputTokens),
  column('cache_read_tokens', 'INTEGER', ({ usage }) => usage?.cacheReadTokens),
  column('cache_write_5m_tokens', 'INTEGER', ({ usage }) => usage?.cacheWrite5mTokens),
  column('cache_write_1h_tokens', 'INTEGER', ({ usage }) => usage?.cacheWrite1hTokens),
  column('output_tokens', 'INTEGER', ({ usage }) => usage?.outputTokens),
  column('reasoning_tokens', 'INTEGER', ({ usage }) => usage?.reasoningTokens),
  column('web_searches', 'INTEGER', ({ usage }) => usage?.serverTools?.webSearchRequests),
  column('web_fetches', 'INTEGER', ({ usage }) => usage?.serverTools?.webFetchRequests),
  column('service_tier', 'TEXT', ({ usage }) => usage?.modifiers?.serviceTier),
  column('speed', 'TEXT', ({ usage }) => usage?.modifiers?.speed),
  column('inference_geo', 'TEXT', ({ usage }) => usage?.modifiers?.inferenceGeo),
  column('cost_nano_usd', 'INTEGER', ({ costNanoUsd }) => costNanoUsd),
  column('precision', 'TEXT NOT NULL', ({ precision }) => precision),
  column('outcome', 'TEXT NOT NULL', ({ outcome }) => outcome),
  column('code', 'TEXT', ({ code }) => code),
];

const names = COLUMNS.map(({ name }) => name).join(', ');

/** Makes the table and what it is looked through by. */
export const createLedgerTable: string = `
  CREATE TABLE IF NOT EXISTS ${LEDGER_TABLE} (
    ${COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ')},
    PRIMARY KEY (run, sequence)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS ${LEDGER_TABLE}_at ON ${LEDGER_TABLE} (at);
  CREATE INDEX IF NOT EXISTS ${LEDGER_TABLE}_tenant ON ${LEDGER_TABLE} (tenant, at);
`;

/** Enters one row. One that is there already stays as it is. */
export const insertLedgerRow: string = `INSERT INTO ${LEDGER_TABLE} (${names})
  VALUES (${COLUMNS.map(() => '?').join(', ')}) ON CONFLICT (run, sequence) DO NOTHING`;

/** A row as the parameters of `insertLedgerRow`. What is unknown is NULL, never 0. */
export function ledgerValues(row: LedgerRow): SqliteValue[] {
  return COLUMNS.map(({ of }) => of(row) ?? null);
}
