import type { Candidate, RoutingStrategy, RoutingView } from './strategy.ts';
import { byTier, twoChoices } from './tiers.ts';

/**
 * The default: tiers in order, declared order within a tier. Of several keys of one provider, among which no order
 * was declared, the less busy goes first.
 */
export function priority(): RoutingStrategy {
  return {
    name: 'priority',
    order: (candidates, _, view) => byTier(candidates, (equals) => keysByLoad(equals, view)),
  };
}

/** Candidates that differ in their key alone stand together; each such group is put in order. */
function keysByLoad(equals: readonly Candidate[], view: RoutingView): readonly Candidate[] {
  if (!equals.some(({ target }) => target.key > 0)) return equals;
  const groups = new Map<string, Candidate[]>();
  for (const candidate of equals) {
    const { provider, model } = candidate.target;
    const name = `${provider.name}/${model}`;
    groups.set(name, [...(groups.get(name) ?? []), candidate]);
  }
  const busy = ({ target }: Candidate): number => view.loadOf(target).outstandingTokens;
  return [...groups.values()].flatMap((group) => twoChoices(group, busy, view.random));
}
