import type { Batch } from '../chat/events.ts';
import {
  type AnyRunestoneError,
  DeadlineExceededError,
  FailoverError,
  isRunestoneError,
  verdictOf,
} from '../errors/index.ts';
import { attemptEvent } from '../middleware/attempt-event.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { AttemptContext, Handler, RequestContext, Target } from '../pipeline/middleware.ts';
import { type OpenedStream, openStream } from '../pipeline/open-stream.ts';
import { Tally } from '../pipeline/tally.ts';
import { fullJitter } from '../resilience/backoff.ts';
import { retrying } from '../resilience/retry.ts';
import type { RetryBudget } from '../resilience/retry-budget.ts';
import type { Candidate } from '../routing/index.ts';
import type { AttemptEvent, TelemetryEvents } from '../telemetry/events.ts';
import type { ProviderStates } from './provider-state.ts';
import type { Settings } from './settings.ts';

/** What the loop works with. */
export interface AttemptLoopOptions {
  /** The attempt scope: one upstream try. */
  readonly attempt: Handler<AttemptContext>;
  /** Candidates in the order in which they are tried; never empty. */
  readonly plan: (request: RequestContext) => readonly Candidate[];
  readonly states: ProviderStates;
  readonly settings: Settings;
  readonly budget: RetryBudget;
  readonly teller: Teller;
  readonly random: () => number;
}

/** Share of the remaining time that a first target leaves to its fallbacks. */
const FALLBACK_SHARE = 0.3;

/**
 * Plan, retry within a target, failover across targets, until a stream is opened. After that line there are no
 * second chances: the caller has seen output.
 */
export function attemptLoop(options: AttemptLoopOptions): Handler<RequestContext> {
  return function attemptLoop(request) {
    return new AttemptLoop(options, request);
  };
}

/** The attempts of one request, as a stream: opened by the first pull, then nothing but the opened stream. */
class AttemptLoop implements AsyncIterableIterator<Batch> {
  readonly #options: AttemptLoopOptions;
  readonly #request: RequestContext;
  #plan: readonly Candidate[] = [];
  #opening: Promise<OpenedStream> | undefined;
  #opened: OpenedStream | undefined;

  constructor(options: AttemptLoopOptions, request: RequestContext) {
    this.#options = options;
    this.#request = request;
  }

  next(): Promise<IteratorResult<Batch>> {
    return this.#opened ? this.#opened.next() : this.#first();
  }

  async return(): Promise<IteratorResult<Batch>> {
    const opened = await this.#opening?.catch(() => undefined);
    return opened ? opened.return() : { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #first(): Promise<IteratorResult<Batch>> {
    this.#opening ??= this.#open();
    this.#opened = await this.#opening;
    return this.#opened.next();
  }

  async #open(): Promise<OpenedStream> {
    this.#plan = this.#options.plan(this.#request);
    this.#options.budget.countRequest();
    const failures: AnyRunestoneError[] = [];
    for (let index: number | undefined = 0; index !== undefined; ) {
      try {
        return await this.#tryTarget(index);
      } catch (error) {
        const { cancellation } = this.#request;
        if (cancellation.isCancelled) throw cancellation.reason;
        if (!isRunestoneError(error)) throw error;
        failures.push(error);
        if (verdictOf(error).failover === false) throw error;
        index = this.#next(index, error);
      }
    }
    const [only] = failures;
    throw failures.length === 1 && only ? only : new FailoverError(failures);
  }

  #tryTarget(index: number): Promise<OpenedStream> {
    const { settings, attempt } = this.#options;
    const whole = this.#request.request.stream !== true;
    return retrying(() => openStream(attempt(this.#context(index)), whole), {
      // One more than allowed, so that `#delay` is asked at the last failure too and can tell that it was the last.
      attempts: settings.retry.attemptsPerTarget + 1,
      delayMs: (error, retry) => (isRunestoneError(error) ? this.#delay(error, retry, index) : undefined),
      signal: () => this.#request.signal,
    });
  }

  /** The next candidate that may do better, if an attempt is left for it. */
  #next(index: number, error: AnyRunestoneError): number | undefined {
    const { settings, teller } = this.#options;
    if (this.#request.trail.length >= settings.retry.attempts) return undefined;
    const from = this.#plan[index]?.target;
    for (let next = index + 1; next < this.#plan.length; next++) {
      const to = this.#plan[next]?.target;
      if (!from || !to || !mayDoBetter(from, to, error)) continue;
      if (teller.emit.wants('failover')) {
        const { requestId } = this.#request;
        teller.emit('failover', {
          requestId,
          at: teller.epochMs(),
          from: from.label,
          to: to.label,
          code: error.code,
        });
      }
      return next;
    }
    return undefined;
  }

  #context(index: number): AttemptContext {
    const { settings, teller, states } = this.#options;
    const request = this.#request;
    const target = this.#target(index);
    if (request.cancellation.isCancelled) throw request.cancellation.reason;
    const remainingMs = request.deadlineMs - teller.nowMs();
    if (remainingMs <= 0) throw new DeadlineExceededError('no time is left for another attempt');
    const others = this.#plan.slice(index + 1);
    const fallback = index < this.#plan.length - 1 && request.trail.length + 1 < settings.retry.attempts;
    const reasoning = reasons(request, target);
    const limitMs = reasoning ? settings.timeouts.reasoningFirstTokenMs : settings.timeouts.firstTokenMs;
    return {
      request,
      attempt: request.trail.length + 1,
      target,
      stream:
        request.request.stream === true || !target.provider.answersWhole?.(request.request, target.model),
      reasoning,
      // A hanging first target must not eat the time of the next.
      firstTokenMs: fallback ? Math.min(limitMs, remainingMs * (1 - FALLBACK_SHARE)) : limitMs,
      lastTarget: !others.some((other) => states.of(other.target).isOpen),
      tally: new Tally(teller.nowMs()),
    };
  }

  /** How long to wait before the same target is tried again; `undefined` to leave it. */
  #delay(error: AnyRunestoneError, retry: number, index: number): number | undefined {
    if (!verdictOf(error).retry || this.#isBetterServedElsewhere(error, index)) return undefined;
    const { settings, random } = this.#options;
    const { baseDelayMs, maxDelayMs } = settings.retry;
    const delayMs = error.retryAfterMs ?? fullJitter(retry, baseDelayMs, maxDelayMs, random);
    const obstacle = this.#obstacle(error, retry, delayMs);
    if (obstacle) this.#tell('retry.exhausted', index, { code: error.code, reason: obstacle });
    else {
      this.#options.states.of(this.#target(index)).retried();
      this.#tell('retry.scheduled', index, { code: error.code, delayMs });
    }
    return obstacle ? undefined : delayMs;
  }

  /** A limited or overloaded target is not waited for while an equal is free, nor for long before a lower tier is. */
  #isBetterServedElsewhere({ code, retryAfterMs }: AnyRunestoneError, index: number): boolean {
    const rest = this.#plan.slice(index + 1).filter(({ target }) => this.#options.states.of(target).isOpen);
    if (rest.length === 0) return false;
    const busy = code === 'rate_limited' || code === 'overloaded';
    const tier = this.#plan[index]?.tier;
    if (busy && rest.some((other) => other.tier === tier)) return true;
    return (retryAfterMs ?? 0) > this.#options.settings.retry.preferWaitMs;
  }

  #obstacle(
    { retryAfterMs = 0 }: AnyRunestoneError,
    retry: number,
    delayMs: number,
  ): TelemetryEvents['retry.exhausted']['reason'] | undefined {
    const { settings, budget, teller } = this.#options;
    const { attempts, attemptsPerTarget, retryAfterCapMs } = settings.retry;
    if (retry >= attemptsPerTarget || this.#request.trail.length >= attempts) return 'attempts';
    if (retryAfterMs > retryAfterCapMs) return 'retry_after';
    if (delayMs >= this.#request.deadlineMs - teller.nowMs()) return 'deadline';
    return budget.takeRetry() ? undefined : 'budget';
  }

  #tell<Name extends 'retry.scheduled' | 'retry.exhausted'>(
    name: Name,
    index: number,
    facts: Omit<TelemetryEvents[Name], keyof AttemptEvent>,
  ): void {
    const { emit, epochMs } = this.#options.teller;
    if (!emit.wants(name)) return;
    const target = this.#target(index);
    const base = attemptEvent(
      { request: this.#request, target, attempt: this.#request.trail.length },
      epochMs(),
    );
    emit(name, { ...base, ...facts } as TelemetryEvents[Name]);
  }

  #target(index: number): Target {
    const candidate = this.#plan[index];
    if (!candidate) throw new RangeError(`no candidate ${index}`);
    return candidate.target;
  }
}

/** An overflow of the context window is only worth sending where the window is larger, or unknown. */
function mayDoBetter(from: Target, to: Target, error: AnyRunestoneError): boolean {
  if (verdictOf(error).failover !== 'larger_window') return true;
  const had = from.spec?.contextWindow;
  const has = to.spec?.contextWindow;
  return had === undefined || has === undefined || has > had;
}

/** Reasoning is silent for long; a request for it, or a model known for it, is given more time. */
function reasons({ request }: RequestContext, { spec }: Target): boolean {
  const effort = request.reasoning_effort;
  return effort === undefined || effort === null ? spec?.capabilities?.reasoning === true : effort !== 'none';
}
