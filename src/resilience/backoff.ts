/**
 * Wait before the given retry: exponential backoff with full jitter.
 *
 * @param retry - 1 for the first retry, 2 for the second, …
 * @param baseDelayMs - ceiling of the first wait, in milliseconds; > 0
 * @param maxDelayMs - ceiling of every wait, in milliseconds
 * @param random - uniform in `[0, 1)`
 * @returns whole milliseconds in `[0, min(maxDelayMs, baseDelayMs · 2^(retry-1)))`
 * @see "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: the "full jitter" variant
 */
export function fullJitter(
  retry: number,
  baseDelayMs: number,
  maxDelayMs: number,
  random: () => number = Math.random,
): number {
  return Math.floor(random() * doubling(retry - 1, baseDelayMs, maxDelayMs));
}

/**
 * A duration that doubles with each step up to a cap.
 *
 * @param step - 0 for the base itself, 1 for twice the base, …
 */
export function doubling(step: number, baseMs: number, maxMs: number): number {
  return Math.min(maxMs, baseMs * 2 ** step);
}

/**
 * A duration with a random share added or taken away, so that many do not come back at once.
 *
 * @param share - 0.2 means ±20 %
 */
export function jittered(durationMs: number, share: number, random: () => number): number {
  return durationMs * (1 - share + 2 * share * random());
}
