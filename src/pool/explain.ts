import type { PassedBy } from '../errors/index.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import type { CircuitState } from '../resilience/circuit-breaker.ts';
import type { TargetLoad } from '../routing/index.ts';
import type { ProviderStates } from './provider-state.ts';
import type { Routes } from './routes.ts';

/** A target that a request would be sent to, and what is known of it now. */
export interface ExplainedTarget extends TargetLoad {
  /** Its label, as traces and events name it. */
  readonly target: string;
  readonly provider: string;
  readonly model: string;
  readonly tier: number;
  readonly circuit: CircuitState;
  /** How long it asked to be left alone, in milliseconds; 0 when it did not. */
  readonly cooldownMs: number;
  /** What the request is expected to cost there, in USD; absent where nobody knows the price. */
  readonly costUsd?: number;
}

/** Where a request would go, in which order, and who would be passed by. Nothing was sent. */
export interface Explanation {
  readonly strategy: string;
  readonly candidates: readonly ExplainedTarget[];
  readonly excluded: readonly PassedBy[];
}

/** What the pool would do with a request at this moment. */
export function explain(request: RequestContext, routes: Routes, states: ProviderStates): Explanation {
  const { strategy, candidates, excluded, view } = routes.explain(request);
  return {
    strategy,
    excluded,
    candidates: candidates.map(({ target, tier }) => {
      const state = states.of(target);
      const costUsd = view.costUsdOf(target);
      return {
        target: target.label,
        provider: target.provider.name,
        model: target.model,
        tier,
        circuit: state.circuit,
        cooldownMs: state.cooldownMs,
        ...state.load,
        ...(costUsd !== undefined && { costUsd }),
      };
    }),
  };
}
