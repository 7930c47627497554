import { timerDelay } from './timing.ts';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * The clock of one stream: lets each pull race a deadline and the end of the request.
 *
 * There is one timer for the whole stream, not one for each read. A read only notes its deadline; the running
 * timer looks at the current deadline when it fires and goes on sleeping if that has moved. A race, not a
 * signal alone, because a provider that ignores its signal must not hang the attempt.
 *
 * One pull at a time. Always `close()` it: until then it may hold a timer.
 */
export class StreamTimer {
  readonly #nowMs: () => number;
  /** Of the pull that somebody waits for; `undefined` between pulls. */
  #resolve: ((value: never) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #onExpire: () => unknown = () => undefined;
  #deadlineMs = NEVER;
  #timer: NodeJS.Timeout | undefined;
  /** The turn of grace that a due timer gives the event loop. */
  #grace: NodeJS.Immediate | undefined;
  /** When the running timer fires; `Infinity` while none runs. */
  #timerDueMs = NEVER;
  #aborted: { readonly reason: unknown } | undefined;
  #closed = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * Settles as `pending` does, unless the deadline or `abort` comes first.
   *
   * @param deadlineMs - on the monotonic clock; `undefined` is none
   * @param onExpire - makes the error to reject with; called at most once
   * @returns rejects with the reason of an `abort`, earlier or later. What `pending` does after that is ignored.
   */
  race<T>(pending: Promise<T>, deadlineMs: number | undefined, onExpire: () => unknown): Promise<T> {
    if (this.#closed) return pending;
    return new Promise<T>((resolve, reject) => {
      if (this.#aborted) reject(this.#aborted.reason);
      else {
        this.#resolve = resolve;
        this.#reject = reject;
        this.#onExpire = onExpire;
        this.#deadlineMs = deadlineMs ?? NEVER;
        this.#arm();
      }
      // Also after an abort somebody has to listen to `pending`, or its rejection would end the process.
      pending.then(this.#onValue, this.#onError);
    });
  }

  /** The request has ended: whoever waits is told at once, whoever comes later too. */
  abort(reason: unknown): void {
    if (this.#closed) return;
    this.#aborted ??= { reason };
    this.#disarm();
    this.#onError(reason);
  }

  /** Lets go of the timer. A pull still waiting then settles as its source does. */
  close(): void {
    this.#closed = true;
    this.#disarm();
  }

  readonly #onValue = (value: unknown): void => {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    this.#reject = undefined;
    resolve?.(value as never);
  };

  readonly #onError = (error: unknown): void => {
    const reject = this.#reject;
    this.#resolve = undefined;
    this.#reject = undefined;
    reject?.(error);
  };

  /** A timer that fires too early costs one look at the clock; only one that fires too late must be replaced. */
  #arm(): void {
    if (this.#deadlineMs >= this.#timerDueMs) return;
    this.#disarm();
    this.#timerDueMs = this.#deadlineMs;
    this.#timer = setTimeout(this.#onTimer, timerDelay(this.#deadlineMs - this.#nowMs()));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#grace);
    this.#timer = undefined;
    this.#grace = undefined;
    this.#timerDueMs = NEVER;
  }

  readonly #onTimer = (): void => {
    this.#disarm();
    if (!this.#reject) return;
    // The loop may have been busy past the deadline while bytes lay in the socket (H3, H9): sockets are read
    // between timers and immediates, so after one turn everything that has arrived has been seen.
    if (this.#deadlineMs <= this.#nowMs()) this.#grace = setImmediate(this.#judge);
    else this.#arm();
  };

  readonly #judge = (): void => {
    if (!this.#reject) return;
    if (this.#deadlineMs <= this.#nowMs()) this.#onError(this.#onExpire());
    else this.#arm();
  };
}
