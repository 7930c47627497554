import type { Candidate, RoutingView } from './strategy.ts';

/** Lower tiers first, each put in order by itself. */
export function byTier(
  candidates: readonly Candidate[],
  order: (equals: readonly Candidate[]) => readonly Candidate[],
): readonly Candidate[] {
  const tiers = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    const tier = tiers.get(candidate.tier);
    if (tier) tier.push(candidate);
    else tiers.set(candidate.tier, [candidate]);
  }
  if (tiers.size === 1) return order(candidates);
  return [...tiers.keys()].sort((a, b) => a - b).flatMap((tier) => order(tiers.get(tier) ?? []));
}

/**
 * The better of two drawn at random goes first, of two as good the one declared first; the others follow by rank
 * (power of two choices).
 *
 * Always to take the best would send all at once to whoever was best a moment ago; two choices spread as well, and
 * never herd (Mitzenmacher, "The power of two choices in randomized load balancing").
 *
 * @param rank - lower is better
 */
export function twoChoices(
  equals: readonly Candidate[],
  rank: (candidate: Candidate) => number,
  random: RoutingView['random'],
): readonly Candidate[] {
  if (equals.length < 2) return equals;
  const one = Math.floor(random() * equals.length);
  const other = (one + 1 + Math.floor(random() * (equals.length - 1))) % equals.length;
  const [first, second] = [equals[Math.min(one, other)]!, equals[Math.max(one, other)]!];
  const chosen = rank(second) < rank(first) ? second : first;
  const rest = equals.filter((candidate) => candidate !== chosen);
  return [chosen, ...sortedBy(rest, rank)];
}

/** In order of rank; equals stay as they were. */
export function sortedBy(
  candidates: readonly Candidate[],
  rank: (candidate: Candidate) => number,
): readonly Candidate[] {
  return candidates
    .map((candidate) => ({ candidate, at: rank(candidate) }))
    .sort((a, b) => a.at - b.at)
    .map(({ candidate }) => candidate);
}
