import type { RateLimitBucket, RateLimits } from '../errors/index.ts';

/** One of a host's limits, as its last answer told it. */
interface Told {
  /** Whether a prompt takes its tokens of it, or one. */
  readonly countsPrompt: boolean;
  /** Less what has been sent since. */
  remaining: number;
  readonly resetAtMs: number;
}

/**
 * What a host's headers say is left of its limits, so that it need not be asked only to be refused (HDR-4 to 6,
 * 11, 12, 14).
 *
 * A hint and no promise: the host counts otherwise than we do, and others use the same key. So the last answer
 * stands, be it better or worse than the one before, and no hint outlives its reset or a longest time.
 */
export class UpstreamQuota {
  readonly #nowMs: () => number;
  #told: readonly Told[] = [];

  /** @param nowMs - monotonic */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * An answer has come.
   *
   * @param longestMs - a host that names a later reset is asked again after this, in milliseconds
   */
  report({ requests, tokens, inputTokens, outputTokens }: RateLimits, longestMs: number): void {
    // How long the answer will be nobody knows: of those tokens only whether there are any.
    this.#told = [requests, outputTokens, tokens, inputTokens].flatMap((bucket, index) =>
      this.#toldBy(bucket, index > 1, longestMs),
    );
  }

  /** A request goes out. */
  spend(promptTokens: number): void {
    for (const told of this.#told) told.remaining -= told.countsPrompt ? promptTokens : 1;
  }

  /** How long until the host would take a prompt, in milliseconds; 0 also when nothing is known. */
  waitMs(promptTokens: number): number {
    let untilMs = 0;
    for (const { countsPrompt, remaining, resetAtMs } of this.#told) {
      const needed = countsPrompt ? Math.max(1, promptTokens) : 1;
      if (remaining < needed) untilMs = Math.max(untilMs, resetAtMs);
    }
    return untilMs === 0 ? 0 : Math.max(0, untilMs - this.#nowMs());
  }

  #toldBy(bucket: RateLimitBucket | undefined, countsPrompt: boolean, longestMs: number): Told[] {
    const { remaining, resetMs = 0 } = bucket ?? {};
    if (remaining === undefined || resetMs <= 0) return [];
    return [{ countsPrompt, remaining, resetAtMs: this.#nowMs() + Math.min(resetMs, longestMs) }];
  }
}
