import type { Target } from '../../src/pipeline/middleware.ts';
import type { Candidate, RoutingStrategy, RoutingView, TargetLoad } from '../../src/routing/index.ts';
import { requestContext, silent, targetOf } from '../contexts.ts';

/** A candidate by its model; the rest is what nobody said. */
export const candidate = (model: string, tier = 0, weight = 1, key = 0): Candidate => ({
  target: targetOf(silent, { model, key, label: key === 0 ? `acme/${model}` : `acme[${key}]/${model}` }),
  tier,
  weight,
});

const idle: TargetLoad = { inFlight: 0, outstandingTokens: 0, ttftMs: undefined, msPerToken: undefined };

/** What strategies look at, by label. Chance is 0 unless the test draws it. */
export function viewWith(facts: {
  readonly loads?: Readonly<Record<string, Partial<TargetLoad>>>;
  readonly costs?: Readonly<Record<string, number>>;
  readonly random?: () => number;
}): RoutingView {
  return {
    loadOf: ({ label }: Target) => ({ ...idle, ...facts.loads?.[label] }),
    costUsdOf: ({ label }: Target) => facts.costs?.[label],
    random: facts.random ?? (() => 0),
  };
}

/** Labels in the order of a strategy. */
export const labelsBy = (
  strategy: RoutingStrategy,
  candidates: readonly Candidate[],
  view: RoutingView = viewWith({}),
): string[] => strategy.order(candidates, requestContext(), view).map(({ target }) => target.label);

/** Numbers in `[0, 1)` that are the same in every run: a linear congruential generator. */
export function drawn(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
