import type { CostPrecision, ErrorCode, Outcome } from '../errors/index.ts';
import type { Usage } from '../usage/usage.ts';

/**
 * One attempt that left the process, as the ledger keeps it. Free of prompt, answer and key.
 *
 * `run` and `sequence` together name it for ever, so that a row may be handed to a store twice.
 */
export interface LedgerRow {
  /** Which ledger wrote it: a random id of each pool. */
  readonly run: string;
  /** Its place in that ledger: 1, 2, 3, … in the order in which attempts ended. */
  readonly sequence: number;
  /** When it ended, in epoch milliseconds. */
  readonly at: number;
  readonly requestId: string;
  /** 1-based, counted over the whole request. */
  readonly attempt: number;
  readonly operation: 'chat' | 'embed' | 'count_tokens';
  readonly tenant?: string | undefined;
  /** Of the call's `metadata`, what `ledger.labels` names. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly provider: string;
  /** The model id that was sent upstream. */
  readonly model: string;
  /** The model that upstream says has answered. */
  readonly servedModel?: string | undefined;
  /** The provider's label of the key, such as `anthropic[0]`; of a key of the caller's own a short digest. */
  readonly key?: string | undefined;
  /** As reported; where `precision` is `estimated`, with the estimated tokens filled in. */
  readonly usage?: Usage | undefined;
  /** Whole nanodollars (1e-9 USD); absent when unknown, never 0 for that. */
  readonly costNanoUsd?: number | undefined;
  readonly precision: CostPrecision;
  readonly outcome: Outcome;
  /** Set when the outcome is not `ok`. */
  readonly code?: ErrorCode | undefined;
}
