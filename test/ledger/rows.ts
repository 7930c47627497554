import type { LedgerRow } from '../../src/ledger/ledger-row.ts';

/** A moment in the middle of a UTC hour, so that nothing changes by chance. */
export const NOON_MS: number = Date.UTC(2026, 10, 25, 12, 30);

/** A complete attempt that cost a thousand nanodollars. */
export function rowOf(facts: Partial<LedgerRow> = {}): LedgerRow {
  return {
    run: 'run-1',
    sequence: 1,
    at: NOON_MS,
    requestId: 'req-1',
    attempt: 1,
    operation: 'chat',
    provider: 'acme',
    model: 'model-1',
    usage: { inputTokens: 10, outputTokens: 2 },
    costNanoUsd: 1_000,
    precision: 'reported',
    outcome: 'ok',
    ...facts,
  };
}

/** Rows 1 to `count`, or from another number on. */
export function rowsOf(count: number, from = 1): LedgerRow[] {
  return Array.from({ length: count }, (_, index) => rowOf({ sequence: from + index }));
}
