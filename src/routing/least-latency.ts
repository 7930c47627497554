import type { RoutingStrategy, TargetLoad } from './strategy.ts';
import { byTier, twoChoices } from './tiers.ts';

/** What is taken for a target that has not answered yet: short, so that it is tried, and not so short that all try it. */
const UNKNOWN_TTFT_MS = 500;
const UNKNOWN_MS_PER_TOKEN = 10;

/**
 * Equals by how long an answer would take there: its recent time to first token, and the tokens that are on their
 * way already at its recent pace. The better of two drawn at random goes first.
 */
export function leastLatency(): RoutingStrategy {
  return {
    name: 'least_latency',
    order: (candidates, _, view) =>
      byTier(candidates, (equals) =>
        twoChoices(equals, ({ target }) => expectedMs(view.loadOf(target)), view.random),
      ),
  };
}

function expectedMs({ inFlight, outstandingTokens, ttftMs, msPerToken }: TargetLoad): number {
  const first = ttftMs ?? UNKNOWN_TTFT_MS;
  return first * (inFlight + 1) + outstandingTokens * (msPerToken ?? UNKNOWN_MS_PER_TOKEN);
}
