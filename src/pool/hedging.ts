import type { Teller } from '../middleware/telemetry.ts';
import type { RequestContext, Target } from '../pipeline/middleware.ts';
import type { RetryBudget } from '../resilience/retry-budget.ts';
import type { Candidate } from '../routing/index.ts';
import type { Limits } from './limits.ts';
import type { ProviderStates } from './provider-state.ts';
import type { HedgeSettings, Settings } from './settings.ts';

/** What hedges are decided by. */
export interface HedgingParts {
  readonly settings: Settings;
  readonly states: ProviderStates;
  readonly limits: Limits;
  readonly budget: RetryBudget;
  readonly teller: Teller;
}

/** Whether an attempt that is slow to begin is given a second beside it: after how long, and where. */
export class Hedging {
  readonly #parts: HedgingParts;
  readonly #options: HedgeSettings;

  constructor(options: HedgeSettings, parts: HedgingParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** How many a request may have in all. */
  get maxExtra(): number {
    return this.#options.maxExtra;
  }

  /** How long a target is waited for, in milliseconds; `undefined` for ever. */
  patienceMs(target: Target): number | undefined {
    const { afterPercentile, afterMs } = this.#options;
    if (afterPercentile === undefined) return afterMs;
    return this.#parts.states.of(target).stats.ttftMs(afterPercentile / 100) ?? afterMs;
  }

  /**
   * Who is asked as well: the first of the others that is free, and would be asked at once. Draws on the retry budget,
   * since it adds load.
   */
  next(request: RequestContext, others: readonly Candidate[], underWay: number): Candidate | undefined {
    const { settings, budget } = this.#parts;
    if (request.trail.length + underWay >= settings.retry.attempts) return undefined;
    const candidate = others.find(({ target }) => this.#isFree(request, target));
    return candidate && budget.takeRetry() ? candidate : undefined;
  }

  #isFree(request: RequestContext, target: Target): boolean {
    const { states, limits } = this.#parts;
    const state = states.of(target);
    return (
      state.isOpen &&
      state.circuit === 'closed' &&
      state.quotaMs(request.size.known) === 0 &&
      limits.attempts.providers.roomInMs(request, target) === 0
    );
  }

  tell({ requestId }: RequestContext, from: Target, to: Target): void {
    const { emit, epochMs } = this.#parts.teller;
    if (emit.wants('hedge')) emit('hedge', { requestId, at: epochMs(), from: from.label, to: to.label });
  }
}
