import type { RequestContext, Target } from '../pipeline/middleware.ts';
import { type EstimateCase, expectedCost } from '../pricing/estimate-cost.ts';
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

/** The view of one request. */
export function routingView(parts: RoutingViewParts, request: RequestContext): RoutingView {
  const { states, random } = parts;
  return {
    loadOf: (target) => {
      // Known from here on, so that this request counts in the loads that others look at.
      void request.size.tokens;
      return states.of(target).load;
    },
    costUsdOf: (target) => {
      const cost = expectedCost(estimateCase(parts, request, target));
      return cost && cost.nanoUsd / 1e9;
    },
    random,
  };
}

/** A request and one of its targets, as estimates of cost want them. */
export function estimateCase(
  { prices, cachedTokens, epochMs }: Pick<RoutingViewParts, 'prices' | 'cachedTokens' | 'epochMs'>,
  request: RequestContext,
  target: Target,
): EstimateCase {
  return {
    // Vectors are no output that is billed.
    request: request.operation.kind === 'embed' ? { ...request.request, max_tokens: 0 } : request.request,
    spec: target.spec,
    price: prices.findFor(target.provider, target.model),
    inputTokens: request.size.tokens,
    cachedTokens: cachedTokens(request, target),
    atMs: epochMs(),
  };
}
