import type { Environment } from '../index.ts';
import { TimerQueue } from './timer-queue.ts';

/** Where a virtual clock starts. */
export interface VirtualClockOptions {
  /** The wall clock at the start, epoch milliseconds. @default the real one's, so that dates in headers make sense */
  readonly epochMs?: number;
  /** Chance, for the jitter of waits; uniform in `[0, 1)`. @default always 0.5 */
  readonly random?: () => number;
}

/**
 * Time that passes only when a test says so. Hand it to a pool as its second argument: then every timer, cooldown,
 * limit and deadline of that pool runs on it.
 *
 * What is not the pool's stays real: sockets, the connect timer of a transport, and the way of rows to a ledger's sink.
 */
export interface VirtualClock extends Required<Environment> {
  /** In how many milliseconds each armed timer fires, soonest first. Empty when nothing waits. */
  readonly pending: readonly number[];
  /**
   * Lets time pass: fires each timer at its moment, in order, those included that are armed on the way. Resolves
   * once all that this set off has come to rest, as far as it needs no socket.
   *
   * @param ms - 0 only lets things come to rest
   */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, as a correction of the system's time does; no timer may care. */
  stepWallClock(ms: number): void;
  /** Resolves when so much time has passed; rejects with the signal's reason. For providers made by a test. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * A clock for tests of retries, cooldowns, breakers and deadlines that never sleep. Not to be used together with
 * fake timers of a test framework that also fake `setImmediate`: it waits for real turns of the event loop.
 *
 * @example
 * const clock = virtualClock();
 * const pool = new ProviderPool({ providers: [scriptedProvider('a', [fails('overloaded'), replies('hi')])] }, clock);
 * const answer = pool.request({ messages });
 * await clock.advance(500);
 * (await answer).runestone.attempts; // 2
 */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { random = () => 0.5 } = options;
  const timers = new TimerQueue();
  let wallOffsetMs = options.epochMs ?? Date.now();
  return {
    random,
    nowMs: () => timers.nowMs,
    epochMs: () => wallOffsetMs + timers.nowMs,
    startTimer: (callback, delayMs) => timers.add(callback, delayMs),
    get pending() {
      return timers.pending;
    },
    async advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`virtualClock: time passes by 0 ms or more, not by ${ms}`);
      const endMs = timers.nowMs + ms;
      do await atRest(timers);
      while (timers.fireNext(endMs));
      timers.nowMs = endMs;
    },
    stepWallClock(ms) {
      wallOffsetMs += ms;
    },
    wait: (ms, signal) => waiting(timers, ms, signal),
  };
}

/** More turns than one, because a due timer gives the loop a turn of grace before it acts on it. */
const TURNS = 3;

/** Until a few turns of the event loop have armed no timer and taken none back. */
async function atRest(timers: TimerQueue): Promise<void> {
  for (let quiet = 0; quiet < TURNS; quiet++) {
    const { changes } = timers;
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (timers.changes !== changes) quiet = -1;
  }
}

function waiting(timers: TimerQueue, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      stop();
      reject(signal?.reason);
    };
    const stop = timers.add(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
