import { realTimer, type StartTimer } from './timing.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** What becomes of a pull. Given once for all pulls, so that a read costs one promise and no closure of its own. */
export interface PullHooks<Value, Result> {
  /** What the caller of `race` gets for a value. What it throws goes through `onError`. */
  readonly onValue: (value: Value) => Result | Promise<Result>;
  /** The error to reject with, for whatever ended a pull: its source, the deadline, an abort. */
  readonly onError: (error: unknown) => unknown;
  /** Makes the error of a deadline that passed. Called at most once a pull. */
  readonly onExpire: () => unknown;
}

/**
 * The clock of one stream: lets each pull race a deadline and the end of the request.
 *
 * There is one timer for the whole stream, not one for each read. A read only notes its deadline; the running
 * timer looks at the current deadline when it fires and goes on sleeping if that has moved. A race, not a
 * signal alone, because a provider that ignores its signal must not hang the attempt.
 *
 * One pull at a time. Always `close()` it: until then it may hold a timer.
 */
export class StreamTimer<Value, Result = Value> {
  readonly #nowMs: () => number;
  readonly #hooks: PullHooks<Value, Result>;
  /** Of the pull that somebody waits for; `undefined` between pulls. */
  #resolve: ((result: Result | Promise<Result>) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #deadlineMs = NEVER;
  readonly #startTimer: StartTimer;
  #stopTimer: (() => void) | undefined;
  /** The turn of grace that a due timer gives the event loop. */
  #grace: NodeJS.Immediate | undefined;
  /** When the running timer fires; `Infinity` while none runs. */
  #timerDueMs = NEVER;
  #aborted: { readonly reason: unknown } | undefined;
  #closed = false;

  constructor(nowMs: () => number, hooks: PullHooks<Value, Result>, startTimer: StartTimer = realTimer) {
    this.#nowMs = nowMs;
    this.#startTimer = startTimer;
    this.#hooks = hooks;
  }

  /**
   * Settles as `pending` does, unless the deadline or `abort` comes first.
   *
   * @param deadlineMs - on the monotonic clock; `undefined` is none
   * @returns rejects with the reason of an `abort`, earlier or later. What `pending` does after that is ignored.
   */
  race(pending: Promise<Value>, deadlineMs: number | undefined): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#deadlineMs = deadlineMs ?? NEVER;
      if (this.#aborted) this.#onError(this.#aborted.reason);
      else if (!this.#closed) this.#arm();
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

  readonly #onValue = (value: Value): void => {
    const resolve = this.#resolve;
    const reject = this.#reject;
    this.#resolve = undefined;
    this.#reject = undefined;
    if (!resolve) return;
    try {
      resolve(this.#hooks.onValue(value));
    } catch (error) {
      reject?.(this.#hooks.onError(error));
    }
  };

  readonly #onError = (error: unknown): void => {
    const reject = this.#reject;
    this.#resolve = undefined;
    this.#reject = undefined;
    reject?.(this.#hooks.onError(error));
  };

  /** A timer that fires too early costs one look at the clock; only one that fires too late must be replaced. */
  #arm(): void {
    if (this.#deadlineMs >= this.#timerDueMs) return;
    this.#disarm();
    this.#timerDueMs = this.#deadlineMs;
    this.#stopTimer = this.#startTimer(this.#onTimer, this.#deadlineMs - this.#nowMs());
  }

  #disarm(): void {
    this.#stopTimer?.();
    clearImmediate(this.#grace);
    this.#stopTimer = undefined;
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
    if (this.#deadlineMs <= this.#nowMs()) this.#onError(this.#hooks.onExpire());
    else this.#arm();
  };
}
