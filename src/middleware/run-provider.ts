import type { Batch } from '../chat/events.ts';
import { toBatch, toHouseError, truncated, upToFinish } from '../pipeline/guard.ts';
import type { AttemptContext, Handler } from '../pipeline/middleware.ts';
import { type Ending, endingOf, type Watch, Watchers } from '../pipeline/observe.ts';
import { StreamTimer } from '../resilience/stream-timer.ts';
import type { StartTimer } from '../resilience/timing.ts';
import { AttemptClock, type AttemptTimers } from './attempt-clock.ts';
import { callProvider } from './call-provider.ts';

/** What the innermost handler works with. */
export interface RunProviderOptions {
  readonly timers: AttemptTimers;
  /** The monotonic clock, in milliseconds. */
  readonly nowMs: () => number;
  /** @default Node's own */
  readonly startTimer?: StartTimer | undefined;
  /** Who looks on. In here and not in a layer around it, because a layer costs per read. */
  readonly watches: readonly Watch<AttemptContext>[];
  /** Told when the headers of an answer are in: `tally.upstream`. Must not throw. */
  readonly onHead?: (attempt: AttemptContext) => void;
}

/**
 * The innermost handler: calls the provider, keeps the time, enforces the provider contract.
 *
 * Every layer above may trust that a stream ends with `finish` or throws a `RunestoneError`, that it settles when
 * the request is cancelled, and that upstream is let go on every exit.
 */
export function runProvider(options: RunProviderOptions): Handler<AttemptContext> {
  return function runProvider(attempt) {
    return new ProviderStream(attempt, options);
  };
}

type Item = IteratorResult<Batch | Batch[number]>;

/** One attempt: a turn for each network read, one promise a turn. */
class ProviderStream implements AsyncIterableIterator<Batch> {
  readonly #attempt: AttemptContext;
  readonly #options: RunProviderOptions;
  readonly #watchers = new Watchers();
  readonly #clock: AttemptClock;
  readonly #timer: StreamTimer<Item, IteratorResult<Batch>>;
  readonly #upstream = new AbortController();
  #unhook: (() => void) | undefined;
  #source: AsyncIterator<Batch | Batch[number]> | undefined;
  /** Nothing more comes from the provider; and the watchers know how it ended. */
  #over = false;
  #told = false;

  constructor(attempt: AttemptContext, options: RunProviderOptions) {
    const { timers, nowMs, startTimer } = options;
    this.#attempt = attempt;
    this.#options = options;
    this.#clock = new AttemptClock(attempt, timers, nowMs);
    const hooks = {
      onValue: (item: Item) => this.#onItem(item),
      onError: (error: unknown) => this.#failure(error),
      onExpire: this.#clock.expired,
    };
    this.#timer = new StreamTimer(nowMs, hooks, startTimer);
  }

  next(): Promise<IteratorResult<Batch>> {
    if (this.#over) {
      this.#tell({ outcome: 'ok' });
      return Promise.resolve({ value: undefined, done: true });
    }
    if (this.#source) this.#clock.onResume();
    return this.#pull();
  }

  async return(): Promise<IteratorResult<Batch>> {
    if (!this.#over) this.#close(false);
    this.#tell({ outcome: 'cancelled' });
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #pull(): Promise<IteratorResult<Batch>> {
    const { cancellation } = this.#attempt;
    try {
      if (cancellation.isCancelled) throw cancellation.reason;
      // In here, because a sloppy provider throws already when it is called.
      this.#source ??= this.#start();
      return this.#timer.race(this.#source.next(), this.#clock.deadlineMs());
    } catch (error) {
      return Promise.reject(this.#failure(error));
    }
  }

  #start(): AsyncIterator<Batch | Batch[number]> {
    this.#watchers.begin(this.#options.watches, this.#attempt);
    this.#unhook = this.#attempt.cancellation.onCancel((reason) => {
      this.#upstream.abort(reason);
      this.#timer.abort(reason);
    });
    const { timers, onHead } = this.#options;
    return callProvider(this.#attempt, this.#upstream.signal, timers.connectMs, onHead);
  }

  #onItem({ value, done }: Item): IteratorResult<Batch> | Promise<IteratorResult<Batch>> {
    if (done) throw truncated(this.#attempt.target);
    const { batch, finished } = upToFinish(toBatch(value));
    this.#clock.onRead(batch);
    if (batch.length === 0) return this.#pull();
    const { tally, request } = this.#attempt;
    tally.add(batch, this.#options.nowMs, request.warnings);
    this.#watchers.onBatch(batch);
    if (finished) this.#close(true);
    // The attempt loop reads of a pause in the tally: to all others this is an answer that goes on.
    return { value: tally.paused ? batch.slice(0, -1) : batch, done: false };
  }

  /** The error to end with. Ends the attempt. */
  #failure(error: unknown): unknown {
    const { request, target, tally, cancellation } = this.#attempt;
    if (!this.#over) this.#close(false);
    const { isCancelled, reason } = cancellation;
    const asked = request.operation.kind === 'embed' ? request.operation.embedding : request.request;
    const failure = isCancelled ? reason : toHouseError(error, target, asked, tally.delivered);
    this.#tell(endingOf(failure));
    return failure;
  }

  #tell(ending: Ending): void {
    if (this.#told) return;
    this.#told = true;
    this.#watchers.end(ending);
  }

  /**
   * Abort, then return: `return` waits for a pending pull, which only the signal interrupts. An answer that ended
   * well is not aborted, so that its connection can be used again.
   */
  #close(finished: boolean): void {
    this.#over = true;
    this.#unhook?.();
    this.#timer.close();
    const { reason } = this.#attempt.cancellation;
    if (!finished) this.#upstream.abort(reason ?? new Error('the attempt is over'));
    void letGo(this.#source);
  }
}

async function letGo(source: AsyncIterator<unknown> | undefined): Promise<void> {
  try {
    await source?.return?.();
  } catch {
    // The attempt has ended; how its provider cleans up changes nothing.
  }
}
