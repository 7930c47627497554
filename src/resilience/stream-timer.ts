import { timerDelay } from './timing.ts';

/** One pull that somebody waits for. */
interface Wait {
  readonly reject: (error: unknown) => void;
  readonly onExpire: () => unknown;
  /** On the monotonic clock. `Infinity` when nothing limits the wait. */
  deadlineMs: number;
}

/**
 * The clock of one stream: lets each pull race a deadline and the stream's abort signal.
 *
 * There is one timer for the whole stream, not one for each read. A read only notes its deadline; the running
 * timer looks at the current deadline when it fires and goes on sleeping if that has moved. A race, not a
 * signal alone, because a provider that ignores its signal must not hang the attempt.
 *
 * One pull at a time. Always `close()` it: until then it may hold a timer and a listener on the signal.
 */
export class StreamTimer {
  readonly #signal: AbortSignal;
  readonly #nowMs: () => number;
  #wait: Wait | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The turn of grace that a due timer gives the event loop. */
  #grace: NodeJS.Immediate | undefined;
  /** When the running timer fires; `Infinity` while none runs. */
  #timerDueMs = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(signal: AbortSignal, nowMs: () => number) {
    this.#signal = signal;
    this.#nowMs = nowMs;
    signal.addEventListener('abort', this.#onAbort);
  }

  /**
   * Settles as `pending` does, unless the limit or the signal comes first.
   *
   * @param limitMs - from now, in milliseconds; `undefined` is no limit
   * @param onExpire - makes the error to reject with; pass the same function each time, it is called at most once
   * @returns rejects with the signal's reason as soon as it fires. What `pending` does later is ignored.
   */
  race<T>(pending: Promise<T>, limitMs: number | undefined, onExpire: () => unknown): Promise<T> {
    if (this.#closed) return pending;
    return new Promise<T>((resolve, reject) => {
      const wait: Wait = { reject, onExpire, deadlineMs: this.#deadlineIn(limitMs) };
      // Also after an abort somebody has to listen to `pending`, or its rejection would end the process.
      pending.then(
        (value) => {
          if (this.#wait === wait) this.#wait = undefined;
          resolve(value);
        },
        (error) => {
          if (this.#wait === wait) this.#wait = undefined;
          reject(error);
        },
      );
      if (this.#signal.aborted) return reject(this.#signal.reason);
      this.#wait = wait;
      this.#arm(wait);
    });
  }

  /** Gives the pull that is waiting a new limit, counted from now: bytes came, but no event yet. */
  touch(limitMs: number | undefined): void {
    if (!this.#wait) return;
    this.#wait.deadlineMs = this.#deadlineIn(limitMs);
    this.#arm(this.#wait);
  }

  /** Lets go of timer and signal. A pull still waiting then settles as its source does. */
  close(): void {
    this.#closed = true;
    this.#wait = undefined;
    this.#disarm();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #deadlineIn(limitMs: number | undefined): number {
    return limitMs === undefined ? Number.POSITIVE_INFINITY : this.#nowMs() + limitMs;
  }

  /** A timer that fires too early costs one look at the clock; only one that fires too late must be replaced. */
  #arm(wait: Wait): void {
    if (wait.deadlineMs >= this.#timerDueMs || wait.deadlineMs === Number.POSITIVE_INFINITY) return;
    this.#disarm();
    this.#timerDueMs = wait.deadlineMs;
    this.#timer = setTimeout(this.#onTimer, timerDelay(wait.deadlineMs - this.#nowMs()));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#grace);
    this.#timer = undefined;
    this.#grace = undefined;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
  }

  readonly #onTimer = (): void => {
    this.#disarm();
    const wait = this.#wait;
    if (!wait) return;
    // The loop may have been busy past the deadline while bytes lay in the socket (H3, H9): sockets are read
    // between timers and immediates, so after one turn everything that has arrived has been seen.
    if (wait.deadlineMs <= this.#nowMs()) this.#grace = setImmediate(() => this.#judge(wait));
    else this.#arm(wait);
  };

  #judge(wait: Wait): void {
    if (this.#wait !== wait) return;
    if (wait.deadlineMs <= this.#nowMs()) {
      this.#wait = undefined;
      wait.reject(wait.onExpire());
    } else this.#arm(wait);
  }

  readonly #onAbort = (): void => {
    this.#disarm();
    this.#wait?.reject(this.#signal.reason);
    this.#wait = undefined;
  };
}
