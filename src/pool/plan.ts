import { NoRouteError } from '../errors/index.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import { canDo, type Operation } from '../pipeline/operation.ts';
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
    const named = router.candidates(context.request.model, context.pinned);
    const known = named.filter(({ target }) => canDo(target.provider, context.operation));
    if (known.length === 0) throw noneCan(context.operation, context.request.model);
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

/** `reason` of the error that says that a model is served, but not for what was asked. */
export const CANNOT = 'unsupported_operation';

function noneCan({ kind }: Operation, model: string | undefined): NoRouteError {
  const what = kind === 'embed' ? 'makes embeddings' : 'counts tokens';
  const details = { param: 'model', model, reason: CANNOT };
  return new NoRouteError(`nobody who serves ${model ?? 'the default model'} ${what}`, details);
}

function noneLeft({ name }: RoutingStrategy, model: string | undefined): NoRouteError {
  const asked = model === undefined ? 'the default model' : `the model "${model}"`;
  return new NoRouteError(`the routing strategy "${name}" left no target for ${asked}`, {
    param: 'model',
    model,
  });
}
