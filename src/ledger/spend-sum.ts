import type { CostPrecision } from '../errors/index.ts';
import { type UsageBucket, usageBuckets } from '../usage/usage.ts';
import type { LedgerRow } from './ledger-row.ts';

/** What a number of attempts came to. */
export interface SpendSum {
  readonly attempts: number;
  /** Whole nanodollars of all attempts whose cost is known; exact up to 9 million USD. */
  readonly nanoUsd: number;
  /** The same in USD. */
  readonly costUsd: number;
  /** Attempts whose cost is not known, and therefore not in the sums above. */
  readonly unpriced: number;
  /** Attempts whose cost is an estimate. */
  readonly estimated: number;
  /** The least sure of all attempts. */
  readonly precision: CostPrecision;
  readonly tokens: Readonly<Record<UsageBucket, number>>;
  /** Searches that providers ran themselves; billed per call. */
  readonly webSearches: number;
}

/** The figures of a sum from which the others follow. */
export type SpendCounts = Pick<
  SpendSum,
  'attempts' | 'nanoUsd' | 'unpriced' | 'estimated' | 'tokens' | 'webSearches'
>;

/** A sum with all its figures. */
export function toSpendSum(counts: SpendCounts): SpendSum {
  const { attempts, nanoUsd, unpriced, estimated, tokens, webSearches } = counts;
  const precision = unpriced > 0 ? 'unknown' : estimated > 0 ? 'estimated' : 'reported';
  return { attempts, nanoUsd, costUsd: nanoUsd / 1e9, unpriced, estimated, precision, tokens, webSearches };
}

/** A sum that grows. */
export class SpendTally {
  #attempts = 0;
  #nanoUsd = 0;
  #unpriced = 0;
  #estimated = 0;
  #webSearches = 0;
  readonly #tokens: Record<UsageBucket, number> = {
    inputTokens: 0,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
  };

  add({ usage, costNanoUsd, precision }: Pick<LedgerRow, 'usage' | 'costNanoUsd' | 'precision'>): void {
    this.#attempts += 1;
    if (costNanoUsd === undefined) this.#unpriced += 1;
    else this.#nanoUsd += costNanoUsd;
    if (precision === 'estimated') this.#estimated += 1;
    if (!usage) return;
    for (const bucket of usageBuckets) this.#tokens[bucket] += usage[bucket] ?? 0;
    this.#webSearches += usage.serverTools?.webSearchRequests ?? 0;
  }

  merge(other: SpendTally): void {
    this.#attempts += other.#attempts;
    this.#nanoUsd += other.#nanoUsd;
    this.#unpriced += other.#unpriced;
    this.#estimated += other.#estimated;
    this.#webSearches += other.#webSearches;
    for (const bucket of usageBuckets) this.#tokens[bucket] += other.#tokens[bucket];
  }

  sum(): SpendSum {
    return toSpendSum({
      attempts: this.#attempts,
      nanoUsd: this.#nanoUsd,
      unpriced: this.#unpriced,
      estimated: this.#estimated,
      tokens: { ...this.#tokens },
      webSearches: this.#webSearches,
    });
  }
}
