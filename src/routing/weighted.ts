import type { RoutingStrategy } from './strategy.ts';
import { byTier, sortedBy } from './tiers.ts';

/**
 * Equals by chance, in proportion to their weights: one of weight 3 comes first three times as often as one of
 * weight 1, and so on among those that are left.
 *
 * Draws without replacement by exponential keys (Efraimidis and Spirakis, 2006).
 */
export function weighted(): RoutingStrategy {
  return {
    name: 'weighted',
    order: (candidates, _, { random }) =>
      byTier(candidates, (equals) =>
        // `1 - random()` is never 0, whose logarithm would be infinite.
        equals.length < 2 ? equals : sortedBy(equals, ({ weight }) => -Math.log(1 - random()) / weight),
      ),
  };
}
