import type { RequestContext, Target } from '../pipeline/middleware.ts';
import { costOf } from '../pricing/cost-of.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import type { RoutingView } from '../routing/index.ts';
import type { ProviderStates } from './provider-state.ts';

/** What strategies look at. */
export interface RoutingViewParts {
  readonly states: ProviderStates;
  readonly prices: PriceTable;
  /** Tokens of the request that probably lie in the prompt cache of a target. */
  readonly cachedTokens: (request: RequestContext, target: Target) => number;
  readonly random: () => number;
  readonly epochMs: () => number;
}

/** An answer of this length is assumed where the caller set no cap, in tokens: to compare prices it does. */
const ASSUMED_OUTPUT_TOKENS = 1_000;

/** The view of one request. */
export function routingView(parts: RoutingViewParts, request: RequestContext): RoutingView {
  const { states, prices, cachedTokens, random, epochMs } = parts;
  return {
    loadOf: (target) => {
      // Known from here on, so that this request counts in the loads that others look at.
      void request.size.tokens;
      return states.of(target).load;
    },
    costUsdOf: (target) => {
      const { max_completion_tokens: cap, max_tokens: old } = request.request;
      const tokens = request.size.tokens;
      const cached = Math.min(cachedTokens(request, target), tokens);
      const usage = {
        inputTokens: tokens - cached,
        cacheReadTokens: cached,
        outputTokens: cap ?? old ?? ASSUMED_OUTPUT_TOKENS,
      };
      const cost = costOf(usage, prices.findFor(target.provider, target.model), { atMs: epochMs() });
      return cost && cost.nanoUsd / 1e9;
    },
    random,
  };
}
