import type { Teller } from '../middleware/telemetry.ts';
import type { AttemptContext, RequestContext, Target } from '../pipeline/middleware.ts';
import type { Watch } from '../pipeline/observe.ts';
import { type CostEstimate, estimateCost } from '../pricing/estimate-cost.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import {
  type Candidate,
  priority,
  Router,
  type RoutingStrategy,
  type RoutingView,
} from '../routing/index.ts';
import { Affinity } from './affinity.ts';
import { listModels, type ModelList, type ModelListOptions } from './list-models.ts';
import { ModelCatalogue, type ModelRefresh } from './model-catalogue.ts';
import type { PoolOptions } from './options.ts';
import { type Plan, type PlanOptions, planner, planOf } from './plan.ts';
import type { ProviderStates } from './provider-state.ts';
import { estimateCase, type RoutingViewParts, routingView } from './routing-view.ts';

/** What routes are made from. */
export interface RoutesParts {
  readonly pool: Pick<PoolOptions, 'providers' | 'models' | 'defaultModel' | 'routing'>;
  readonly states: ProviderStates;
  readonly prices: PriceTable;
  readonly teller: Teller;
  readonly random: () => number;
}

/** Where requests go, and where conversations are at home. */
export class Routes {
  /** The plan of a request, written down and told. */
  readonly plan: (request: RequestContext) => readonly Candidate[];
  readonly #options: PlanOptions;
  readonly #affinity: Affinity;
  readonly #catalogue: ModelCatalogue;
  readonly #pool: RoutesParts['pool'];
  readonly #parts: RoutingViewParts;

  /** @param before - routes that these take the place of: where conversations are at home, and what vendors said, stays */
  constructor({ pool, states, prices, teller, random }: RoutesParts, before?: Routes) {
    const affinity = before ? before.#affinity : new Affinity(teller.nowMs);
    const cachedTokens = affinity.cachedTokens.bind(affinity);
    const parts = { states, prices, cachedTokens, random, epochMs: teller.epochMs };
    this.#affinity = affinity;
    this.#parts = parts;
    this.#catalogue = before ? before.#catalogue : new ModelCatalogue(teller);
    this.#pool = { ...pool, providers: [...pool.providers] };
    this.#options = {
      router: new Router({ ...pool, modelsOf: this.#catalogue.modelsOf }),
      strategy: strategyOf(pool.routing),
      states,
      affinity,
      viewOf: (request) => routingView(parts, request),
      teller,
    };
    this.plan = planner(this.#options);
  }

  /** What the plan would be. Nothing is told, and nothing sent. */
  explain(request: RequestContext): Plan & { readonly strategy: string; readonly view: RoutingView } {
    const { strategy, viewOf } = this.#options;
    return { strategy: strategy.name, view: viewOf(request), ...planOf(this.#options, request) };
  }

  /** What a request may take and cost at a target. */
  estimate(request: RequestContext, target: Target): CostEstimate {
    return estimateCost(estimateCase(this.#parts, request, target), request.size.bound);
  }

  /** What a request may ask for by name. */
  models(options?: ModelListOptions): ModelList {
    const { providers, models = {} } = this.#pool;
    const { router } = this.#options;
    const { modelsOf } = this.#catalogue;
    return listModels({ providers, aliases: Object.keys(models), router, modelsOf }, options);
  }

  /** Reads the vendors' catalogues, each by the name of its provider, and routes by what they say (MOD-6). */
  async refreshModels(connectMs: number, maxAgeMs: number): Promise<Readonly<Record<string, ModelRefresh>>> {
    const reads = this.#pool.providers.map(
      async (provider) =>
        [provider.name, await this.#catalogue.refresh(provider, connectMs, maxAgeMs)] as const,
    );
    const refreshed = await Promise.all(reads);
    this.#options.router.forget();
    return Object.fromEntries(refreshed);
  }

  /** Notes where conversations are answered. */
  readonly remember: Watch<AttemptContext> = ({ request, target, tally }) => ({
    onEnd: ({ outcome }) => {
      if (outcome === 'ok') this.#affinity.answered(request, target, tally.usage);
    },
  });
}

function strategyOf(routing: PoolOptions['routing'] = priority()): RoutingStrategy {
  return typeof routing === 'function' ? { name: routing.name || 'custom', order: routing } : routing;
}
