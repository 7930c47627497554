import type { RoutingStrategy } from './strategy.ts';

/** The default: tiers in order, declared order within a tier. The same request always goes the same way. */
export function priority(): RoutingStrategy {
  return {
    name: 'priority',
    order: (candidates) => [...candidates].sort((a, b) => a.tier - b.tier),
  };
}
