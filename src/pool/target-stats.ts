import type { AttemptRecord, CostPrecision } from '../errors/index.ts';
import { Histogram } from '../resilience/histogram.ts';
import { type UsageBucket, usageBuckets } from '../usage/usage.ts';

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
  #nanoUsd = 0;
  #unpriced = 0;
  #estimated = 0;
  readonly #latency = new Histogram();
  readonly #ttft = new Histogram();
  readonly #tokens = new Map<UsageBucket, number>(usageBuckets.map((bucket) => [bucket, 0]));

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
    if (record.costUsd === undefined) this.#unpriced += 1;
    else this.#nanoUsd += Math.round(record.costUsd * 1e9);
    if (record.precision === 'estimated') this.#estimated += 1;
    for (const bucket of usageBuckets) {
      const tokens = record.usage?.[bucket];
      if (tokens) this.#tokens.set(bucket, (this.#tokens.get(bucket) ?? 0) + tokens);
    }
  }

  row(): StatsRow {
    return {
      requests: this.#requests,
      errors: this.#errors,
      cancelled: this.#cancelled,
      errorRate: this.#requests === 0 ? undefined : this.#errors / this.#requests,
      retries: this.#retries,
      inFlight: this.#inFlight,
      latencyMs: quantiles(this.#latency),
      ttftMs: quantiles(this.#ttft),
      tokens: Object.fromEntries(this.#tokens) as Record<UsageBucket, number>,
      costUsd: this.#nanoUsd / 1e9,
      unpriced: this.#unpriced,
      precision: this.#unpriced > 0 ? 'unknown' : this.#estimated > 0 ? 'estimated' : 'reported',
    };
  }
}

function quantiles(histogram: Histogram): Quantiles {
  return { p50: histogram.quantile(0.5), p95: histogram.quantile(0.95), p99: histogram.quantile(0.99) };
}
