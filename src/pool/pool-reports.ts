import type { ForeignChatRequest } from '../chat/foreign-request.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { SpendAnswer, SpendQuery } from '../ledger/spend-query.ts';
import type { Configuration } from './configuration.ts';
import type { Environment } from './environment.ts';
import { estimate, type RequestEstimate } from './estimate.ts';
import { type Explanation, explain } from './explain.ts';
import { type PoolHealth, type ProviderInfo, poolHealth, providerInfo } from './health.ts';
import type { ModelList, ModelListOptions } from './list-models.ts';
import type { CallOptions } from './options.ts';
import { PoolDoors } from './pool-doors.ts';
import { type PoolStats, poolStats } from './pool-stats.ts';
import type { Setup } from './setup.ts';

/** What a pool tells of itself. Nothing of it sends anything. */
export abstract class PoolReports extends PoolDoors {
  readonly #configuration: Configuration;
  readonly #environment: Environment;

  constructor(configuration: Configuration, environment: Environment) {
    super();
    this.#configuration = configuration;
    this.#environment = environment;
  }

  /** Every provider with its models and the state of its targets, as live traffic has shown it. */
  providers(): readonly ProviderInfo[] {
    const states = [...this.#setup.states.all()];
    const now = this.#environment.epochMs();
    return this.#setup.options.providers.map((provider) =>
      providerInfo(
        provider,
        states.filter(({ target }) => target.provider === provider),
        now,
      ),
    );
  }

  /** Every name it takes as `model`, in the shape of OpenAI's `models.list`, and what is known of it. Sends nothing. */
  models(options?: ModelListOptions): ModelList {
    return this.#setup.routes.models(options);
  }

  /** The status of the pool and of each provider. Passive: nothing is sent. */
  health(): PoolHealth {
    return poolHealth(this.providers());
  }

  /** Counts since the pool was made. Cheap enough to be asked every second. */
  stats(): PoolStats {
    const { states, limits, budgets, ledger } = this.#setup;
    return poolStats(states, limits, budgets, ledger);
  }

  /**
   * What was spent in a stretch of time, by whatever tells it apart. Answered by the ledger's sink, or by memory:
   * that reaches a day back and knows providers, models and tenants.
   *
   * @throws ConfigError when the question is not one, or nobody here keeps what it is about
   */
  spend(query: SpendQuery): Promise<SpendAnswer> {
    return this.#setup.ledger.spend(query);
  }

  /**
   * Tells where a request would go at this moment, and why: nothing is sent.
   *
   * @throws RunestoneError `invalid_request`, `no_route`
   */
  explain(request: ChatRequest | ForeignChatRequest, call?: CallOptions): Explanation {
    const { desk, routes, states } = this.#setup;
    return explain(desk.draft(request, call), routes, states);
  }

  /**
   * Tells what a request would take and cost at each target it would be sent to. Nothing is sent.
   *
   * @throws RunestoneError `invalid_request`, `no_route`
   */
  estimate(request: ChatRequest | ForeignChatRequest, call?: CallOptions): RequestEstimate {
    const { desk, routes } = this.#setup;
    return estimate(desk.draft(request, call), routes);
  }

  get #setup(): Setup {
    return this.#configuration.now;
  }
}
