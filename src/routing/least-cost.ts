import type { RoutingStrategy } from './strategy.ts';
import { byTier, sortedBy } from './tiers.ts';

/**
 * Equals by what this request is expected to cost there: list price or yours, the part that lies in a prompt cache
 * at the price of the cache. Whose price is unknown comes last.
 */
export function leastCost(): RoutingStrategy {
  return {
    name: 'least_cost',
    order: (candidates, _, view) =>
      byTier(candidates, (equals) =>
        equals.length < 2
          ? equals
          : sortedBy(equals, ({ target }) => view.costUsdOf(target) ?? Number.POSITIVE_INFINITY),
      ),
  };
}
