import type { Batch } from '../chat/events.ts';
import { toBatch, toHouseError, truncated, upToFinish } from '../pipeline/guard.ts';
import type { AttemptContext, Handler } from '../pipeline/middleware.ts';
import { StreamTimer } from '../resilience/stream-timer.ts';
import { AttemptClock, type AttemptTimers } from './attempt-clock.ts';

/**
 * The innermost handler: calls the provider, keeps the time, enforces the provider contract.
 *
 * Every layer above may trust that a stream ends with `finish` or throws a `RunestoneError`, that it settles when
 * the request is cancelled, and that upstream is let go on every exit.
 */
export function runProvider(timers: AttemptTimers, nowMs: () => number): Handler<AttemptContext> {
  return function runProvider(attempt) {
    return new ProviderStream(attempt, timers, nowMs);
  };
}

type Item = IteratorResult<Batch | Batch[number]>;

/** One attempt: a turn for each network read, one promise a turn. */
class ProviderStream implements AsyncIterableIterator<Batch> {
  readonly #attempt: AttemptContext;
  readonly #nowMs: () => number;
  readonly #connectMs: number;
  readonly #clock: AttemptClock;
  readonly #timer: StreamTimer<Item, IteratorResult<Batch>>;
  readonly #upstream = new AbortController();
  #unhook: (() => void) | undefined;
  #source: AsyncIterator<Batch | Batch[number]> | undefined;
  #over = false;

  constructor(attempt: AttemptContext, timers: AttemptTimers, nowMs: () => number) {
    this.#attempt = attempt;
    this.#nowMs = nowMs;
    this.#connectMs = timers.connectMs;
    this.#clock = new AttemptClock(attempt, timers, nowMs);
    this.#timer = new StreamTimer(nowMs, {
      onValue: (item) => this.#onItem(item),
      onError: (error) => this.#failure(error),
      onExpire: this.#clock.expired,
    });
  }

  next(): Promise<IteratorResult<Batch>> {
    if (this.#over) return Promise.resolve({ value: undefined, done: true });
    if (this.#source) this.#clock.onResume();
    return this.#pull();
  }

  async return(): Promise<IteratorResult<Batch>> {
    if (!this.#over) this.#close(false);
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #pull(): Promise<IteratorResult<Batch>> {
    const { cancellation } = this.#attempt.request;
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
    this.#unhook = this.#attempt.request.cancellation.onCancel((reason) => {
      this.#upstream.abort(reason);
      this.#timer.abort(reason);
    });
    return callProvider(this.#attempt, this.#upstream.signal, this.#connectMs);
  }

  #onItem({ value, done }: Item): IteratorResult<Batch> | Promise<IteratorResult<Batch>> {
    if (done) throw truncated(this.#attempt.target);
    const { batch, finished } = upToFinish(toBatch(value));
    this.#clock.onRead(batch);
    if (batch.length === 0) return this.#pull();
    this.#attempt.tally.add(batch, this.#nowMs, this.#attempt.request.warnings);
    if (finished) this.#close(true);
    return { value: batch, done: false };
  }

  /** The error to end with. Ends the attempt. */
  #failure(error: unknown): unknown {
    const { request, target } = this.#attempt;
    if (!this.#over) this.#close(false);
    if (request.cancellation.isCancelled) return request.cancellation.reason;
    return toHouseError(error, target, request.request);
  }

  /**
   * Abort, then return: `return` waits for a pending pull, which only the signal interrupts. An answer that ended
   * well is not aborted, so that its connection can be used again.
   */
  #close(finished: boolean): void {
    this.#over = true;
    this.#unhook?.();
    this.#timer.close();
    const { reason } = this.#attempt.request.cancellation;
    if (!finished) this.#upstream.abort(reason ?? new Error('the attempt is over'));
    void letGo(this.#source);
  }
}

function callProvider(
  { request, target, stream }: AttemptContext,
  signal: AbortSignal,
  connectMs: number,
): AsyncIterator<Batch | Batch[number]> {
  return target.provider
    .stream({
      request: request.request,
      model: target.model,
      stream,
      signal,
      requestId: request.requestId,
      key: target.key,
      apiKey: request.apiKey,
      strict: request.strict,
      retiredModels: request.retiredModels,
      connectMs,
    })
    [Symbol.asyncIterator]();
}

async function letGo(source: AsyncIterator<unknown> | undefined): Promise<void> {
  try {
    await source?.return?.();
  } catch {
    // The attempt has ended; how its provider cleans up changes nothing.
  }
}
