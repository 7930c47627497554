import pRetry from 'p-retry';
import { type StartTimer, sleep } from './timing.ts';

/** How often to try, how long to wait in between, and who may stop it. */
export interface RetryOptions {
  /** Tries in all, the first one included. Integer ≥ 1. */
  readonly attempts: number;
  /**
   * Wait before the given retry, in milliseconds; `undefined` gives up. Asked only while tries are left, so it
   * may draw on a retry budget.
   *
   * @param retry - 1 for the first retry, 2 for the second, …
   */
  readonly delayMs: (error: unknown, retry: number) => number | undefined;
  /**
   * Ends a wait at once and forbids further tries. Interrupting a running try is the try's own business. Asked
   * for only after a failure, because making a signal is not free.
   */
  readonly signal: () => AbortSignal;
  /** @default Node's own */
  readonly startTimer?: StartTimer | undefined;
  /** Told just before each wait, also before one of 0 ms. Must not throw. */
  readonly onWait?: (delayMs: number, error: unknown, retry: number) => void;
}

/**
 * Calls `attempt` until it succeeds, may not be repeated, or has been tried often enough.
 *
 * The first try is called directly: p-retry takes 5 µs to say that nothing was wrong (measured, Node 20), and
 * nearly all first tries succeed. p-retry takes over at the first failure.
 *
 * @returns rejects with exactly what the last try threw, or with the signal's reason when a wait was cut short
 */
export async function retrying<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    return await retryAfter(error, attempt, options);
  }
}

/**
 * What a try threw, on its way through p-retry, which would refuse to repeat a `TypeError`, replace what is not
 * an `Error`, and in some versions write fields onto it.
 */
class Failure extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super();
    this.thrown = thrown;
  }
}

async function retryAfter<T>(first: unknown, attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const carried = async (number: number): Promise<T> => {
    if (number === 1) throw new Failure(first);
    try {
      return await attempt();
    } catch (error) {
      throw new Failure(error);
    }
  };
  try {
    return await pRetry(carried, {
      retries: options.attempts - 1,
      // The wait is in `shouldRetry`: it runs only when a retry is left, may follow `Retry-After`, and can be
      // full jitter, which `randomize` is not. p-retry is not given the signal, because it would throw away the
      // result of a try that succeeded while the signal fired, and with it an open connection.
      minTimeout: 0,
      maxTimeout: 0,
      shouldRetry: ({ error, retriesConsumed }) => waitFor(error, retriesConsumed + 1, options),
    });
  } catch (error) {
    throw thrownBy(error);
  }
}

/** Holds the wait. False when there shall be no further try. */
async function waitFor(error: Error, retry: number, options: RetryOptions): Promise<boolean> {
  const { delayMs, onWait, startTimer } = options;
  const signal = options.signal();
  if (signal.aborted) return false;
  const thrown = thrownBy(error);
  const delay = delayMs(thrown, retry);
  if (delay === undefined) return false;
  onWait?.(delay, thrown, retry);
  await sleep(delay, signal, startTimer);
  return true;
}

function thrownBy(error: unknown): unknown {
  return error instanceof Failure ? error.thrown : error;
}
