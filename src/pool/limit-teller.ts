import { type ErrorCode, isRunestoneError } from '../errors/index.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { RequestContext, Target } from '../pipeline/middleware.ts';
import type { LimiterEvent } from '../telemetry/event-payloads.ts';

/** Who is held back by whose limit. */
export interface HeldBack {
  readonly request: RequestContext;
  /** Where an attempt goes; `undefined` for a request as a whole. */
  readonly target: Target | undefined;
  readonly scope: LimiterEvent['scope'];
}

/** Why somebody does not wait any more. */
interface Rejection {
  readonly code: ErrorCode;
  readonly retryAfterMs?: number | undefined;
}

/** Ended for a reason of somebody else's. */
const CANCELLED: Rejection = { code: 'cancelled' };

/** Tells of waits for limits: each is queued once, and then either admitted or rejected. */
export class LimitTeller {
  readonly #teller: Teller;

  constructor(teller: Teller) {
    this.#teller = teller;
  }

  /**
   * Sees a wait to its end, telling of both.
   *
   * @param waiting - how many wait, where there is a queue
   * @param judge - makes of the outcome what was waited for, or throws a refusal; told how long it took, in milliseconds
   */
  async during<Outcome, Result>(
    held: HeldBack,
    waiting: number | undefined,
    outcome: Promise<Outcome>,
    judge: (outcome: Outcome, waitedMs: number) => Result,
  ): Promise<Result> {
    const { emit, nowMs } = this.#teller;
    const sinceMs = nowMs();
    if (emit.wants('limiter.queued')) {
      emit('limiter.queued', { ...this.#factsOf(held), priority: held.request.priority, waiting });
    }
    try {
      const result = judge(await outcome, nowMs() - sinceMs);
      if (emit.wants('limiter.admitted')) {
        emit('limiter.admitted', { ...this.#factsOf(held), waitedMs: nowMs() - sinceMs });
      }
      return result;
    } catch (error) {
      this.rejected(held, isRunestoneError(error) ? error : CANCELLED, nowMs() - sinceMs);
      throw error;
    }
  }

  rejected(held: HeldBack, { code, retryAfterMs }: Rejection, waitedMs: number): void {
    const { emit } = this.#teller;
    if (!emit.wants('limiter.rejected')) return;
    emit('limiter.rejected', { ...this.#factsOf(held), code, waitedMs, retryAfterMs });
  }

  #factsOf({ request, target, scope }: HeldBack): LimiterEvent {
    const { requestId, tenant } = request;
    return { requestId, at: this.#teller.epochMs(), scope, provider: target?.provider.name, tenant };
  }
}
