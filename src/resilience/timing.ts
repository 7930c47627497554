/** Node fires a timer at once when its delay does not fit into 31 bits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * A delay as Node's timers take it: whole milliseconds, never early, at most 2^31 - 1 (24.8 days).
 *
 * Whoever may be asked to wait longer looks at the clock again when the timer fires.
 */
export function timerDelay(delayMs: number): number {
  return Math.min(Math.ceil(delayMs), MAX_TIMER_MS);
}

/**
 * Arms a timer: the one way in which the pool waits, so that a test can put a clock of its own in its place.
 *
 * @param background - true does not keep the process alive. @default false
 * @returns takes it back; does nothing once it has fired
 */
export type StartTimer = (callback: () => void, delayMs: number, background?: boolean) => () => void;

/** Node's own timers. */
export const realTimer: StartTimer = (callback, delayMs, background = false) => {
  const timer = setTimeout(callback, timerDelay(delayMs));
  if (background) timer.unref();
  return () => clearTimeout(timer);
};

/**
 * Waits, or rejects with the signal's reason as soon as it fires. Leaves neither timer nor listener behind.
 *
 * The timer keeps the process alive, because somebody is waiting for the answer behind it.
 *
 * @param delayMs - 0 or less resolves at once, without a timer; waits longer than 24.8 days end there
 */
export function sleep(
  delayMs: number,
  signal: AbortSignal,
  startTimer: StartTimer = realTimer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    if (delayMs <= 0) return resolve();
    const onAbort = (): void => {
      stop();
      signal.removeEventListener('abort', onAbort);
      reject(signal.reason);
    };
    const stop = startTimer(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', onAbort);
  });
}
