/** Where it begins: few enough for every host, enough to learn from. */
const FIRST = 16;

/** Beyond this no host is asked at once, in attempts. */
const MOST = 1_000;

/**
 * What is kept when the host says that it is too much.
 *
 * Under a host that takes 37 at once the limit then moves between 32 and 38: one refusal in some 200 attempts, and
 * 95 % of what the host could do.
 */
const KEPT = 0.85;

/**
 * How much a host takes at once, found out by asking: additive increase, multiplicative decrease.
 *
 * It doubles in the time of one answer until the first refusal, and from then on grows by one in that time. A
 * refusal counts only for an attempt that began after the last one, because a burst of them tells the same thing
 * once. It never grows while it holds nobody back: then nothing was learnt.
 *
 * @see Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion avoidance", 1989
 */
export class AdaptiveLimit {
  #limit = FIRST;
  #isProbing = true;
  #generation = 0;

  /** Attempts that may be under way at once; a whole number, at least 1. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** The time between two decreases. An attempt notes it when it begins. */
  get generation(): number {
    return this.#generation;
  }

  /** @param inUse - attempts under way, the one that succeeded among them */
  succeeded(inUse: number): void {
    if (inUse < this.limit) return;
    this.#limit = Math.min(MOST, this.#limit + (this.#isProbing ? 1 : 1 / this.#limit));
  }

  /** The host said that it is too much. */
  refused(generation: number): void {
    if (generation !== this.#generation) return;
    this.#limit = Math.max(1, this.#limit * KEPT);
    this.#isProbing = false;
    this.#generation += 1;
  }
}
