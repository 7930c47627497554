import type { Batch } from '../chat/events.ts';
import { commits } from '../chat/events.ts';
import { ProviderError } from '../errors/index.ts';
import { toBatch, toHouseError, truncated, upToFinish } from '../pipeline/guard.ts';
import type { AttemptContext, Handler } from '../pipeline/middleware.ts';
import { StreamTimer } from '../resilience/stream-timer.ts';

/** The timers of one attempt, in milliseconds. */
export interface AttemptTimers {
  readonly connectMs: number;
  readonly idleMs: number;
  readonly progressMs: number;
}

/**
 * The innermost handler: calls the provider, keeps the time, enforces the provider contract.
 *
 * One loop turn for each network read. Every layer above may trust that a stream ends with `finish` or throws a
 * `RunestoneError`, that it settles when the request is cancelled, and that upstream is let go on every exit.
 */
export function runProvider(timers: AttemptTimers, nowMs: () => number): Handler<AttemptContext> {
  return async function* runProvider(attempt) {
    const { request, target, tally } = attempt;
    const { cancellation } = request;
    const upstream = new AbortController();
    const clock = new AttemptClock(attempt, timers, nowMs);
    const timer = new StreamTimer(nowMs);
    const unhook = cancellation.onCancel((reason) => {
      upstream.abort(reason);
      timer.abort(reason);
    });
    let source: AsyncIterator<Batch | Batch[number]> | undefined;
    let finished = false;
    try {
      // In here, because a sloppy provider throws already when it is called.
      source = callProvider(attempt, upstream.signal, timers.connectMs);
      while (!cancellation.isCancelled) {
        const { value, done } = await timer.race(source.next(), clock.deadlineMs(), clock.expired);
        if (done) break;
        const read = upToFinish(toBatch(value));
        clock.onRead(read.batch);
        if (read.batch.length === 0) continue;
        tally.add(read.batch, nowMs, request.warnings);
        finished = read.finished;
        yield read.batch;
        if (finished) return;
        clock.onResume();
      }
      throw cancellation.isCancelled ? cancellation.reason : truncated(target);
    } catch (error) {
      throw cancellation.isCancelled ? cancellation.reason : toHouseError(error, target, request.request);
    } finally {
      unhook();
      timer.close();
      // Abort, then return: `return` waits for a pending pull, which only the signal interrupts. An answer that
      // ended well is not aborted, so that its connection can be used again.
      if (!finished) upstream.abort(cancellation.reason ?? new Error('the attempt is over'));
      void letGo(source);
    }
  };
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

/**
 * Which timer rules, and when it runs out. Looks at the time once for each read. The time in which the consumer
 * does not read counts for none of them.
 */
class AttemptClock {
  readonly #attempt: AttemptContext;
  readonly #timers: AttemptTimers;
  readonly #nowMs: () => number;
  readonly #progressMs: number;
  #committed = false;
  /** When the last content came, and the last bytes of any kind. */
  #contentMs: number;
  #bytesMs: number;
  #phase: 'first_token' | 'idle' | 'progress' = 'first_token';

  constructor(attempt: AttemptContext, timers: AttemptTimers, nowMs: () => number) {
    this.#attempt = attempt;
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#progressMs = attempt.reasoning ? Number.POSITIVE_INFINITY : timers.progressMs;
    this.#contentMs = attempt.tally.startedMs;
    this.#bytesMs = attempt.tally.startedMs;
  }

  /** For the next pull; `undefined` on the JSON wire, where nothing comes before the whole answer. */
  deadlineMs(): number | undefined {
    if (!this.#attempt.stream) return undefined;
    if (!this.#committed) return this.#attempt.tally.startedMs + this.#attempt.firstTokenMs;
    const idleAt = this.#bytesMs + this.#timers.idleMs;
    const progressAt = this.#contentMs + this.#progressMs;
    this.#phase = progressAt < idleAt ? 'progress' : 'idle';
    return Math.min(progressAt, idleAt);
  }

  onRead(batch: Batch): void {
    this.#bytesMs = this.#nowMs();
    if (batch.length === 0) return;
    this.#committed ||= commits(batch);
    if (this.#committed) this.#contentMs = this.#bytesMs;
  }

  /** The consumer asks for more: the time since it was handed the last batch was its own. */
  onResume(): void {
    this.#bytesMs = this.#nowMs();
    if (this.#committed) this.#contentMs = this.#bytesMs;
  }

  readonly expired = (): ProviderError => {
    const { target, firstTokenMs } = this.#attempt;
    const { idleMs, progressMs } = this.#timers;
    const limits = { first_token: firstTokenMs, idle: idleMs, progress: progressMs };
    const phase = this.#phase;
    return new ProviderError({
      provider: target.provider.name,
      model: target.model,
      code: 'timeout',
      phase,
      message: `${WHAT[phase]} within ${Math.round(limits[phase])} ms`,
      // A silent route stays silent: not the same target again, but the next.
      retryable: false,
    });
  };
}

const WHAT = {
  first_token: 'no content came',
  idle: 'the stream went silent: no byte came',
  progress: 'the stream made no progress: no content came',
} as const;
