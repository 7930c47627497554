import type { CostPrecision, PassedBy } from '../errors/index.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import type { CostEstimate } from '../pricing/estimate-cost.ts';
import type { Routes } from './routes.ts';

/** What a request may cost at a target, in USD. */
export interface CostRange {
  /** Half of the estimated prompt at the lowest rate, and one token of an answer. */
  readonly minUsd: number;
  /**
   * The prompt as estimated, its cached part at the price of a cache, and an answer as long as the caller's cap: of
   * 1,000 tokens where there is none.
   */
  readonly expectedUsd: number;
  /**
   * The largest prompt at the dearest rate of input, cache writes included, and the longest answer. Absent where
   * either has no known limit.
   */
  readonly maxUsd?: number;
}

/** What a request may take at a target. */
export interface TargetEstimate {
  /** Its label, as traces and events name it. */
  readonly target: string;
  readonly provider: string;
  readonly model: string;
  readonly tier: number;
  /** Tokens of the prompt, estimated. */
  readonly inputTokens: number;
  /** Tokens the answer may have: the caller's cap, or the model's. Absent where neither is known. */
  readonly maxOutputTokens?: number;
  /** `unknown`: nobody knows the price of the model, or of what is asked of it. */
  readonly precision: Exclude<CostPrecision, 'reported'>;
  /** Absent where the price is unknown; that is not free. */
  readonly costUsd?: CostRange;
}

/** What a request may take and cost at each of its targets, in the order in which they would be tried. */
export interface RequestEstimate {
  readonly candidates: readonly TargetEstimate[];
  readonly excluded: readonly PassedBy[];
}

/** What a request would take at this moment. */
export function estimate(request: RequestContext, routes: Routes): RequestEstimate {
  const { candidates, excluded } = routes.explain(request);
  return {
    excluded,
    candidates: candidates.map(({ target, tier }) => {
      const { inputTokens, maxOutputTokens, ...cost } = routes.estimate(request, target);
      const costUsd = rangeOf(cost);
      return {
        target: target.label,
        provider: target.provider.name,
        model: target.model,
        tier,
        inputTokens,
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        precision: costUsd ? 'estimated' : 'unknown',
        ...(costUsd && { costUsd }),
      };
    }),
  };
}

function rangeOf({
  minNanoUsd: min,
  expectedNanoUsd: expected,
  maxNanoUsd: max,
}: Pick<CostEstimate, 'minNanoUsd' | 'expectedNanoUsd' | 'maxNanoUsd'>): CostRange | undefined {
  if (min === undefined || expected === undefined) return undefined;
  return { minUsd: min / 1e9, expectedUsd: expected / 1e9, ...(max !== undefined && { maxUsd: max / 1e9 }) };
}
