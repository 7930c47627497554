import type { Batch } from '../chat/events.ts';
import { commits } from '../chat/events.ts';
import { ProviderError, type TimeoutPhase } from '../errors/index.ts';
import { toBatch, toHouseError, truncated, upToFinish } from '../pipeline/guard.ts';
import type { AttemptContext, Handler } from '../pipeline/middleware.ts';
import { StreamTimer } from '../resilience/stream-timer.ts';
import { type LinkedSignal, linkSignals } from '../resilience/timing.ts';

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
 * `RunestoneError`, that it settles when the signal fires, and that upstream is let go on every exit.
 */
export function runProvider(timers: AttemptTimers, nowMs: () => number): Handler<AttemptContext> {
  return async function* runProvider(attempt) {
    const { request, target, tally } = attempt;
    const link = linkSignals(request.signal);
    const source = callProvider(attempt, link, timers.connectMs);
    const clock = new AttemptClock(attempt, timers, nowMs);
    const timer = new StreamTimer(link.signal, nowMs);
    let finished = false;
    try {
      for (;;) {
        const { value, done } = await timer.race(source.next(), clock.limitMs(), clock.expired);
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
      throw request.signal.aborted ? request.signal.reason : truncated(target);
    } catch (error) {
      throw request.signal.aborted ? request.signal.reason : toHouseError(error, target, request.request);
    } finally {
      timer.close();
      // Abort, then return: `return` waits for a pending pull, which only the signal interrupts. An answer that
      // ended well is not aborted, so that its connection can be used again.
      if (!finished)
        link.abort(request.signal.aborted ? request.signal.reason : new Error('the attempt is over'));
      link.unlink();
      void letGo(source);
    }
  };
}

function callProvider(
  attempt: AttemptContext,
  link: LinkedSignal,
  connectMs: number,
): AsyncIterator<Batch | Batch[number]> {
  const { request, target, stream } = attempt;
  return target.provider
    .stream({
      request: request.request,
      model: target.model,
      stream,
      signal: link.signal,
      requestId: request.requestId,
      key: target.key,
      ...(request.apiKey && { apiKey: request.apiKey }),
      strict: request.strict,
      retiredModels: request.retiredModels,
      connectMs,
    })
    [Symbol.asyncIterator]();
}

async function letGo(source: AsyncIterator<unknown>): Promise<void> {
  try {
    await source.return?.();
  } catch {
    // The attempt has ended; how its provider cleans up changes nothing.
  }
}

/** Which timer rules, and how much of it is left. The time in which the consumer does not read counts for none. */
class AttemptClock {
  readonly #attempt: AttemptContext;
  readonly #timers: AttemptTimers;
  readonly #nowMs: () => number;
  #committed = false;
  #contentMs: number;
  #handedMs: number;
  #phase: TimeoutPhase = 'first_token';

  constructor(attempt: AttemptContext, timers: AttemptTimers, nowMs: () => number) {
    this.#attempt = attempt;
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#contentMs = attempt.tally.startedMs;
    this.#handedMs = attempt.tally.startedMs;
  }

  /** For the pull that begins now; `undefined` on the JSON wire, where nothing comes before the whole answer. */
  limitMs(): number | undefined {
    if (!this.#attempt.stream) return undefined;
    const now = this.#nowMs();
    if (!this.#committed) {
      this.#phase = 'first_token';
      return this.#attempt.tally.startedMs + this.#attempt.firstTokenMs - now;
    }
    const { idleMs, progressMs } = this.#timers;
    const progressLeftMs = this.#attempt.reasoning ? idleMs : this.#contentMs + progressMs - now;
    this.#phase = progressLeftMs < idleMs ? 'progress' : 'idle';
    return Math.min(progressLeftMs, idleMs);
  }

  onRead(batch: Batch): void {
    if (batch.length === 0) return;
    if (this.#committed || commits(batch)) {
      this.#committed = true;
      this.#contentMs = this.#nowMs();
    }
    this.#handedMs = this.#nowMs();
  }

  /** The consumer asked for more: the time since it was handed the last batch was its own. */
  onResume(): void {
    this.#contentMs += this.#nowMs() - this.#handedMs;
  }

  readonly expired = (): ProviderError => {
    const { target, firstTokenMs } = this.#attempt;
    const { idleMs, progressMs } = this.#timers;
    const limits = { first_token: firstTokenMs, idle: idleMs, progress: progressMs };
    const phase = this.#phase === 'idle' || this.#phase === 'progress' ? this.#phase : 'first_token';
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
