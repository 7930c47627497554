import type { AttemptRecord, CostPrecision } from '../errors/index.ts';
import { SpendTally } from '../ledger/spend-sum.ts';
import { Histogram } from '../resilience/histogram.ts';
import type { UsageBucket } from '../usage/usage.ts';

/** Quantiles of a duration in milliseconds, at most 5 % off. */
export interface Quantiles {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/** What attempts at one target, or at all of them, came to since the pool began. */
export interface StatsRow {
  /** Attempts that left the process. */
  readonly requests: number;
  readonly errors: number;
  readonly cancelled: number;
  /** Errors as a share of attempts, 0 to 1; `undefined` before the first. */
  readonly errorRate: number | undefined;
  /** Attempts beyond the first of their request, at the same target. */
  readonly retries: number;
  readonly inFlight: number;
  readonly latencyMs: Quantiles;
  readonly ttftMs: Quantiles;
  readonly tokens: Readonly<Record<UsageBucket, number>>;
  /** USD of all attempts whose cost is known. */
  readonly costUsd: number;
  /** Attempts whose cost is not known, and therefore not in `costUsd`. */
  readonly unpriced: number;
  /** The least sure of all attempts. */
  readonly precision: CostPrecision;
}

/** So many answers say what is usual: of fewer no high percentile can be told from the slowest. */
const ENOUGH = 20;

/** Counts, in constant memory. */
export class TargetStats {
  #requests = 0;
  #errors = 0;
  #cancelled = 0;
  #retries = 0;
  #inFlight = 0;
  readonly #latency = new Histogram();
  readonly #ttft = new Histogram();
  readonly #spent = new SpendTally();

  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Time to first content that a share of all answers did not exceed, in milliseconds.
   *
   * @param share - above 0, below 1
   * @returns `undefined` as long as too few have come for that to say something
   */
  ttftMs(share: number): number | undefined {
    return this.#ttft.count < ENOUGH ? undefined : this.#ttft.quantile(share);
  }

  began(): void {
    this.#inFlight += 1;
  }

  retried(): void {
    this.#retries += 1;
  }

  ended(record: AttemptRecord, sent = true): void {
    this.#inFlight -= 1;
    if (!sent) return;
    this.#requests += 1;
    if (record.outcome === 'error') this.#errors += 1;
    if (record.outcome === 'cancelled') this.#cancelled += 1;
    if (record.outcome === 'ok') this.#latency.record(record.durationMs);
    if (record.ttftMs !== undefined) this.#ttft.record(record.ttftMs);
    const { usage, costUsd, precision } = record;
    const costNanoUsd = costUsd === undefined ? undefined : Math.round(costUsd * 1e9);
    this.#spent.add({ usage, costNanoUsd, precision });
  }

  row(): StatsRow {
    const { tokens, costUsd, unpriced, precision } = this.#spent.sum();
    return {
      requests: this.#requests,
      errors: this.#errors,
      cancelled: this.#cancelled,
      errorRate: this.#requests === 0 ? undefined : this.#errors / this.#requests,
      retries: this.#retries,
      inFlight: this.#inFlight,
      latencyMs: quantiles(this.#latency),
      ttftMs: quantiles(this.#ttft),
      tokens,
      costUsd,
      unpriced,
      precision,
    };
  }
}

function quantiles(histogram: Histogram): Quantiles {
  return { p50: histogram.quantile(0.5), p95: histogram.quantile(0.95), p99: histogram.quantile(0.99) };
}
