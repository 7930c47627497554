import type { Candidate, RoutingStrategy } from './strategy.ts';
import { byTier } from './tiers.ts';

/** Sets of equals that are remembered; beyond that all begin anew. */
const MAX_SETS = 1_000;

/** Equals in turn: each request begins with the next one. Use one strategy for one pool, since it counts. */
export function roundRobin(): RoutingStrategy {
  const turns = new Map<string, number>();
  const next = (equals: readonly Candidate[]): readonly Candidate[] => {
    if (equals.length < 2) return equals;
    const names = equals.map(({ target }) => target.label).join('\n');
    const turn = turns.get(names) ?? 0;
    if (turns.size >= MAX_SETS) turns.clear();
    turns.set(names, (turn + 1) % equals.length);
    const first = turn % equals.length;
    return [...equals.slice(first), ...equals.slice(0, first)];
  };
  return { name: 'round_robin', order: (candidates) => byTier(candidates, next) };
}
