import type { LedgerRow } from './ledger-row.ts';
import type { CheckedSpendQuery, SpendGroup } from './spend-query.ts';

/**
 * Where rows go that shall outlive the process. `runestone/sqlite` has one; yours may be any object like this.
 *
 * Called by one pool, one call at a time, never on the path of a request. A call that throws or rejects is told by
 * `ledger.failed` and made again later with the same rows, so a row may come twice: `run` and `sequence` name it.
 */
export interface LedgerSink {
  /** How often it would like to be written to, in milliseconds. @default 100 */
  readonly flushMs?: number;
  /** Takes rows in, in the order of their sequence. */
  write(rows: readonly LedgerRow[]): void | Promise<void>;
  /** Makes what was written durable: afterwards the ledger's `flushed` position names it. @default `write` did so */
  flush?(): void | Promise<void>;
  /** Answers `pool.spend`. @default the memory of the process does */
  spend?(query: CheckedSpendQuery): readonly SpendGroup[] | Promise<readonly SpendGroup[]>;
  /** Lets go of what it holds. Called once, by `pool.close()`. */
  close?(): void | Promise<void>;
}
