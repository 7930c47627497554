import { NoRouteError } from '../errors/index.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import type { Candidate, Router, RoutingStrategy } from '../routing/index.ts';
import type { ProviderStates } from './provider-state.ts';

/** What a plan is made from. */
export interface PlanOptions {
  readonly router: Router;
  readonly strategy: RoutingStrategy;
  readonly states: ProviderStates;
  readonly teller: Teller;
}

/**
 * Makes the plan of a request: resolve the name, leave out who asked to be left alone, let the strategy order.
 *
 * A target in cooldown is left out only while there is another: with nowhere else to go, asking it is the only
 * way to learn that it is back.
 */
export function planner({
  router,
  strategy,
  states,
  teller,
}: PlanOptions): (request: RequestContext) => readonly Candidate[] {
  return function plan(context) {
    const known = router.candidates(context.request.model, context.pinned);
    // A key of the caller's own stands for all keys of its provider.
    const all = context.apiKey ? known.filter(({ target }) => target.key === 0) : known;
    const free = all.filter(({ target }) => states.of(target).cooldownMs === 0);
    const ordered = strategy.order(free.length > 0 ? free : all, context);
    if (teller.emit.wants('router.decide')) {
      const left = all.filter((each) => !ordered.includes(each));
      teller.emit('router.decide', {
        requestId: context.requestId,
        at: teller.epochMs(),
        requestedModel: context.request.model,
        candidates: Object.freeze(ordered.map(({ target }) => target.label)),
        excluded: Object.freeze(left.map(({ target }) => target.label)),
        strategy: strategy.name,
      });
    }
    if (ordered.length === 0) throw noneLeft(strategy, context.request.model);
    return ordered;
  };
}

function noneLeft({ name }: RoutingStrategy, model: string | undefined): NoRouteError {
  const asked = model === undefined ? 'the default model' : `the model "${model}"`;
  return new NoRouteError(`the routing strategy "${name}" left no target for ${asked}`, {
    param: 'model',
    model,
  });
}
