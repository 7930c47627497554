/** Shortest duration told apart, in milliseconds. */
const LOWEST_MS = 1;

/** Longest duration told apart: an hour, six times the total time a request has by default. */
const HIGHEST_MS = 3_600_000;

/** Each bucket ends this much higher than the one below; the error is half of that, (γ - 1) / (γ + 1) = 4.76 %. */
const GROWTH = 1.1;

const LOG_GROWTH = Math.log(GROWTH);
const BUCKETS = Math.ceil(Math.log(HIGHEST_MS / LOWEST_MS) / LOG_GROWTH) + 1;

/**
 * Durations in constant memory (about 640 bytes), with quantiles that are at most 5 % off.
 *
 * Bucket `i` holds what lies in `(γ^(i-1), γ^i]` milliseconds. Shorter than 1 ms counts as 1 ms, longer than an
 * hour as an hour.
 *
 * @see Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", 2019
 */
export class Histogram {
  readonly #counts: Uint32Array = new Uint32Array(BUCKETS);
  #count = 0;

  /** How many durations were recorded. */
  get count(): number {
    return this.#count;
  }

  /** Notes a duration. What is not a number is ignored. */
  record(durationMs: number): void {
    if (Number.isNaN(durationMs)) return;
    const clamped = Math.min(HIGHEST_MS, Math.max(LOWEST_MS, durationMs));
    this.#counts[Math.ceil(Math.log(clamped / LOWEST_MS) / LOG_GROWTH)]! += 1;
    this.#count += 1;
  }

  /**
   * The duration that a share of all recorded ones did not exceed (nearest rank), in milliseconds.
   *
   * @param q - 0.5 for the median, 0.99 for the 99th percentile
   * @returns `undefined` when nothing was recorded
   */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    let bucket = 0;
    while (bucket < BUCKETS - 1) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) break;
      bucket += 1;
    }
    return Math.max(LOWEST_MS, (LOWEST_MS * 2 * GROWTH ** bucket) / (GROWTH + 1));
  }
}
