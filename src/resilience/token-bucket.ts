/** A wait this short is a rounding error of the clock's fractions, in milliseconds. */
const ROUNDING_MS = 1e-3;

const MINUTE_MS = 60_000;

/**
 * So many a minute, as vendors count it: a bucket of one minute's worth, refilled all the time.
 *
 * In any span of `w` minutes at most `perMinute · (1 + w)` are taken out of it. What is only known afterwards may
 * take it below nothing: the debt is paid before anybody else is served. The whole state is one number, the moment
 * at which it will be full again (the generic cell rate algorithm).
 *
 * @see https://platform.claude.com/docs/en/api/rate-limits
 */
export class TokenBucket {
  /** What it holds when it is full. */
  readonly capacity: number;
  readonly #msPerToken: number;
  readonly #nowMs: () => number;
  #fullAtMs: number;
  #seenMs: number;

  /**
   * @param perMinute - > 0
   * @param nowMs - monotonic; should it step back all the same, time merely begins to pass anew from there
   */
  constructor(perMinute: number, nowMs: () => number) {
    this.capacity = perMinute;
    this.#msPerToken = MINUTE_MS / perMinute;
    this.#nowMs = nowMs;
    this.#seenMs = nowMs();
    this.#fullAtMs = this.#seenMs;
  }

  /** What is in it; less than 0 is a debt. */
  get level(): number {
    const now = this.#now();
    return this.capacity - Math.max(0, this.#fullAtMs - now) / this.#msPerToken;
  }

  get isFull(): boolean {
    return this.#fullAtMs <= this.#now();
  }

  /** How long until it holds so many, in milliseconds; never for more than its capacity, so as if it were larger. */
  msUntil(level: number): number {
    const waitMs = this.#fullAtMs - this.#now() - (this.capacity - level) * this.#msPerToken;
    return waitMs > ROUNDING_MS ? waitMs : 0;
  }

  /**
   * How long until so many may be taken, in milliseconds. More than it can ever hold may be taken out of a full
   * one, for an estimate that is too high must not shut a request out for ever.
   */
  waitMs(tokens: number): number {
    return this.msUntil(Math.min(tokens, this.capacity));
  }

  /** Takes them out, whether or not they are there; a negative number puts them back. Never more than full. */
  take(tokens: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, this.#now()) + tokens * this.#msPerToken;
  }

  #now(): number {
    const now = this.#nowMs();
    // Otherwise a clock that steps back an hour would stop the refill for an hour.
    if (now < this.#seenMs) this.#fullAtMs -= this.#seenMs - now;
    this.#seenMs = now;
    return now;
  }
}
