import { type AnyRunestoneError, type Repair, verdictOf } from '../errors/index.ts';
import { attemptEvent } from '../middleware/attempt-event.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import { fullJitter } from '../resilience/backoff.ts';
import type { RetryBudget } from '../resilience/retry-budget.ts';
import type { Candidate } from '../routing/index.ts';
import type { AttemptEvent } from '../telemetry/event-payloads.ts';
import type { TelemetryEvents } from '../telemetry/events.ts';
import type { ProviderStates } from './provider-state.ts';
import type { Settings } from './settings.ts';

/** What decides whether a target is asked again. */
export interface RetryParts {
  readonly states: ProviderStates;
  readonly settings: Settings;
  readonly budget: RetryBudget;
  readonly teller: Teller;
  readonly random: () => number;
}

/** Who is asked, for whom, and who could be asked instead. */
export interface RetryCase {
  readonly request: RequestContext;
  readonly candidate: Candidate;
  /** Who comes after it. Empty where nobody can take over. */
  readonly others: readonly Candidate[];
  /** Attempts of this request that ended in a pause: they have a cap of their own, and count for nothing here. */
  readonly rounds: number;
}

/** Further tries at one target: whether, after how long, and with which repairs. */
export class TargetRetry {
  readonly #parts: RetryParts;
  readonly #case: RetryCase;
  #repairs: readonly Repair[] = [];

  constructor(parts: RetryParts, retryCase: RetryCase) {
    this.#parts = parts;
    this.#case = retryCase;
  }

  /** What the target has asked to be changed so far. */
  get repairs(): readonly Repair[] {
    return this.#repairs;
  }

  /**
   * How long to wait before the target is tried again, in milliseconds; `undefined` to leave it.
   *
   * @param tries - failures at this target so far
   */
  delayMs(error: AnyRunestoneError, tries: number): number | undefined {
    const { repair } = error;
    // A repair is no repetition: it does not count towards the tries at this target, and there is nothing to wait for.
    if (repair && !this.#repairs.some(({ kind }) => kind === repair.kind)) {
      const delayMs = this.#granted(error, 0, 0);
      if (delayMs !== undefined) this.#repairs = [...this.#repairs, repair];
      return delayMs;
    }
    if (!verdictOf(error).retry || this.#isBetterServedElsewhere(error)) return undefined;
    const { settings, random } = this.#parts;
    const { baseDelayMs, maxDelayMs } = settings.retry;
    const retry = tries - this.#repairs.length;
    const delayMs = error.retryAfterMs ?? fullJitter(retry, baseDelayMs, maxDelayMs, random);
    return this.#granted(error, retry, delayMs);
  }

  /** The delay, if nothing stands in the way of a further try. Tells of either. */
  #granted(error: AnyRunestoneError, retry: number, delayMs: number): number | undefined {
    const obstacle = this.#obstacle(error, retry, delayMs);
    if (obstacle) {
      this.#tell('retry.exhausted', { code: error.code, reason: obstacle });
      return undefined;
    }
    this.#parts.states.of(this.#case.candidate.target).retried();
    this.#tell('retry.scheduled', { code: error.code, delayMs });
    return delayMs;
  }

  /** A limited or overloaded target is not waited for while an equal is free, nor for long before a lower tier is. */
  #isBetterServedElsewhere({ code, retryAfterMs }: AnyRunestoneError): boolean {
    const { candidate, others } = this.#case;
    const rest = others.filter(({ target }) => this.#parts.states.of(target).isOpen);
    if (rest.length === 0) return false;
    const busy = code === 'rate_limited' || code === 'overloaded';
    if (busy && rest.some((other) => other.tier === candidate.tier)) return true;
    return (retryAfterMs ?? 0) > this.#parts.settings.retry.preferWaitMs;
  }

  #obstacle(
    { retryAfterMs = 0 }: AnyRunestoneError,
    retry: number,
    delayMs: number,
  ): TelemetryEvents['retry.exhausted']['reason'] | undefined {
    const { settings, budget, teller } = this.#parts;
    const { request, rounds } = this.#case;
    const { attempts, attemptsPerTarget, retryAfterCapMs } = settings.retry;
    if (retry >= attemptsPerTarget || request.trail.length - rounds >= attempts) return 'attempts';
    if (retryAfterMs > retryAfterCapMs) return 'retry_after';
    if (delayMs >= request.deadlineMs - teller.nowMs()) return 'deadline';
    return budget.takeRetry() ? undefined : 'budget';
  }

  #tell<Name extends 'retry.scheduled' | 'retry.exhausted'>(
    name: Name,
    facts: Omit<TelemetryEvents[Name], keyof AttemptEvent>,
  ): void {
    const { emit, epochMs } = this.#parts.teller;
    if (!emit.wants(name)) return;
    const { request, candidate } = this.#case;
    const { target } = candidate;
    const base = attemptEvent({ request, target, attempt: request.trail.length }, epochMs());
    emit(name, { ...base, ...facts } as TelemetryEvents[Name]);
  }
}
