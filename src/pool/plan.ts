import { NoRouteError, type PassedBy } from '../errors/index.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import { canDo, type Operation } from '../pipeline/operation.ts';
import type { Candidate, Router, RoutingStrategy, RoutingView } from '../routing/index.ts';
import { unfitFor } from '../routing/preflight.ts';
import { type Affinity, isWithinBound } from './affinity.ts';
import type { ProviderStates } from './provider-state.ts';

/** What a plan is made from. */
export interface PlanOptions {
  readonly router: Router;
  readonly strategy: RoutingStrategy;
  readonly states: ProviderStates;
  readonly affinity: Affinity;
  readonly viewOf: (request: RequestContext) => RoutingView;
  readonly teller: Teller;
}

/** `reason` of the error that says that a model is served, but not for what was asked. */
export const CANNOT = 'unsupported_operation';

/** The order in which a request tries its targets, and who was passed by. */
export interface Plan {
  readonly candidates: readonly Candidate[];
  readonly excluded: readonly PassedBy[];
}

/**
 * Makes the plan of a request: resolve the name, leave out who could not answer and who asked to be left alone,
 * let the strategy order, and let a conversation go where it has been.
 *
 * Pure but for what strategies remember: `planner` writes it down, `explain` only looks.
 */
export function planOf(options: PlanOptions, context: RequestContext): Plan {
  const { router, strategy, states, viewOf } = options;
  const named = router.candidates(context.request.model, context.pinned);
  const able = named.filter(({ target }) => canDo(target.provider, context.operation));
  if (able.length === 0) throw noneCan(context.operation, context.request.model);
  // A key of the caller's own stands for all keys of its provider.
  const known = context.apiKey ? able.filter(({ target }) => target.key === 0) : able;
  const excluded: PassedBy[] = [];
  const fit = passedBy(known, excluded, ({ target }) =>
    unfitFor(context.request, target.spec, () => context.size.tokens),
  );
  // A target in cooldown is left out only while there is another: with nowhere else to go, asking it is the only
  // way to learn that it is back.
  const free = passedBy(fit, excluded, ({ target }) => {
    const state = states.of(target);
    if (state.cooldownMs > 0) return state.keyOut ? 'key_out' : 'cooldown';
    // What the host says is left is left of our keys, not of the caller's.
    return !context.apiKey && state.quotaMs(context.size.known) > 0 ? 'rate_limit' : undefined;
  });
  const ordered = strategy.order(free, context, viewOf(context));
  for (const each of free) {
    if (!ordered.includes(each)) excluded.push({ target: each.target.label, reason: 'strategy' });
  }
  return { candidates: withHome(ordered, options, context), excluded };
}

/** As `planOf`, written down and told. @throws NoRouteError when nobody is left */
export function planner(options: PlanOptions): (request: RequestContext) => readonly Candidate[] {
  const { strategy, teller } = options;
  return function plan(context) {
    const { candidates, excluded } = planOf(options, context);
    const labels = candidates.map(({ target }) => target.label);
    context.plans.push({ strategy: strategy.name, candidates: labels, excluded });
    if (teller.emit.wants('router.decide')) {
      teller.emit('router.decide', {
        requestId: context.requestId,
        at: teller.epochMs(),
        requestedModel: context.request.model,
        candidates: Object.freeze(labels),
        excluded: Object.freeze(excluded.map(({ target }) => target)),
        strategy: strategy.name,
      });
    }
    if (candidates.length === 0) throw noneLeft(strategy, context.request.model);
    return candidates;
  };
}

/** Those that nothing speaks against. When something speaks against all of them, all of them. */
function passedBy(
  candidates: readonly Candidate[],
  excluded: PassedBy[],
  against: (candidate: Candidate) => string | undefined,
): readonly Candidate[] {
  const left: Candidate[] = [];
  const out: PassedBy[] = [];
  for (const candidate of candidates) {
    const reason = against(candidate);
    if (reason === undefined) left.push(candidate);
    else out.push({ target: candidate.target.label, reason });
  }
  if (left.length === 0) return candidates;
  excluded.push(...out);
  return left;
}

/** The target that holds the conversation's cache goes before its equals, unless it is busier than its share. */
function withHome(
  ordered: readonly Candidate[],
  { affinity, states }: PlanOptions,
  context: RequestContext,
): readonly Candidate[] {
  const label = affinity.homeOf(context);
  const home = label === undefined ? undefined : ordered.find(({ target }) => target.label === label);
  const [first] = ordered;
  if (!home || home === first || home.tier !== first?.tier) return ordered;
  const equals = ordered.filter(({ tier }) => tier === home.tier);
  const all = equals.reduce((sum, { target }) => sum + states.of(target).load.inFlight, 0);
  if (!isWithinBound({ home: states.of(home.target).load.inFlight, all }, equals.length)) return ordered;
  return [home, ...ordered.filter((each) => each !== home)];
}

function noneCan({ kind }: Operation, model: string | undefined): NoRouteError {
  const what = kind === 'embed' ? 'makes embeddings' : 'counts tokens';
  const details = { param: 'model', model, reason: CANNOT };
  return new NoRouteError(`nobody who serves ${model ?? 'the default model'} ${what}`, details);
}

function noneLeft({ name }: RoutingStrategy, model: string | undefined): NoRouteError {
  const asked = model === undefined ? 'the default model' : `the model ${JSON.stringify(model)}`;
  return new NoRouteError(`the routing strategy "${name}" left no target for ${asked}`, {
    param: 'model',
    model,
  });
}
