import type { ChatCompletion, ParsedCompletion } from '../chat/completion.ts';
import type { EmbeddingRequest, EmbeddingResponse } from '../chat/embedding.ts';
import type { ForeignChatRequest } from '../chat/foreign-request.ts';
import { parseRequest } from '../chat/parse-request.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { SchemaRequest } from '../chat/schema-format.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SpendAnswer, SpendQuery } from '../ledger/spend-query.ts';
import { PriceTable } from '../pricing/price-table.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { Emitter } from '../telemetry/emitter.ts';
import type { Listener, Subscription } from '../telemetry/events.ts';
import { assemble } from './assemble.ts';
import { ChatStream, type ParsedStream } from './chat-stream.ts';
import { checkProvider, namedProvider } from './check-provider.ts';
import { askForCount, countOf, estimateAfter, type TokenCount } from './count-tokens.ts';
import { askForEmbedding, embeddingOf } from './embed.ts';
import { type Environment, realEnvironment } from './environment.ts';
import { type Explanation, explain } from './explain.ts';
import { type FromEnvOptions, optionsFromEnv } from './from-env.ts';
import { FrontDesk } from './front-desk.ts';
import { type HealthCheck, type PoolHealth, type ProviderInfo, poolHealth, providerInfo } from './health.ts';
import { ledgerOf } from './ledger-options.ts';
import { Lifecycle } from './lifecycle.ts';
import { Limits } from './limits.ts';
import type { ModelList, ModelListOptions } from './list-models.ts';
import type { ModelRefreshes } from './model-catalogue.ts';
import type { CallOptions, PoolOptions } from './options.ts';
import { type PoolStats, poolStats } from './pool-stats.ts';
import { ProviderStates } from './provider-state.ts';
import { Routes } from './routes.ts';
import { type Settings, toSettings } from './settings.ts';

/**
 * The front door: every call to every provider goes through one pool, which routes, retries, breaks, meters,
 * prices and tells.
 *
 * @example
 * const pool = ProviderPool.fromEnv();
 * const answer = await pool.request({ messages: [{ role: 'user', content: 'Hello' }] });
 * console.log(answer.choices[0]?.message.content, answer.runestone.costUsd);
 */
export class ProviderPool {
  readonly #providers: readonly Provider[];
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #emitter: Emitter;
  readonly #states: ProviderStates;
  readonly #routes: Routes;
  readonly #limits: Limits;
  readonly #ledger: Ledger;
  readonly #desk: FrontDesk;
  readonly #lifecycle = new Lifecycle();
  #closed: Promise<void> | undefined;

  /** @throws ConfigError naming every option that is wrong or unknown, before anything is sent */
  constructor(options: PoolOptions, environment: Environment = realEnvironment) {
    const settings = toSettings(options);
    const { nowMs, epochMs, random } = environment;
    this.#providers = [...options.providers];
    this.#settings = settings;
    this.#environment = environment;
    this.#emitter = new Emitter(epochMs);
    const teller = { emit: this.#emitter.emit, nowMs, epochMs };
    const states = new ProviderStates({ settings, teller, random });
    const parts = { settings, states, prices: new PriceTable(options.cost?.prices), teller, random };
    this.#states = states;
    this.#routes = new Routes({ pool: options, ...parts });
    this.#limits = new Limits(parts);
    this.#ledger = ledgerOf(options.ledger, teller);
    const { middleware = [] } = options;
    const layers = { routes: this.#routes, limits: this.#limits, ledger: this.#ledger, middleware };
    const assembly = assemble({ ...parts, ...layers });
    const defaults = {
      totalMs: settings.timeouts.totalMs,
      strict: options.strict ?? false,
      retiredModels: options.retiredModels ?? 'warn',
    };
    this.#desk = new FrontDesk({ assembly, lifecycle: this.#lifecycle, defaults, environment });
  }

  /**
   * A pool of every provider whose API key is in the environment.
   *
   * @throws ConfigError when there is none; the message names the variables that were looked for
   */
  static fromEnv(options: FromEnvOptions = {}): ProviderPool {
    return new ProviderPool(optionsFromEnv(options));
  }

  /**
   * Sends a chat request and resolves with the whole answer.
   *
   * The caller sees nothing before the answer is complete, so the pool may retry and fail over until then.
   *
   * @param request - OpenAI-style; `n` must be absent or 1; `stream` is ignored
   * @throws RunestoneError `invalid_request`, `no_route`, `failover_exhausted`, `deadline_exceeded`, `cancelled`,
   *   `pool_closed`, or the code of the only provider tried; with a `schemaFormat` also `invalid_output`
   */
  request<Output>(request: SchemaRequest<Output>, call?: CallOptions): Promise<ParsedCompletion<Output>>;
  request(request: ChatRequest | ForeignChatRequest, call?: CallOptions): Promise<ChatCompletion>;
  async request(request: ChatRequest | ForeignChatRequest, call?: CallOptions): Promise<ChatCompletion> {
    return (await this.#desk.open(() => ({ request: parseRequest(request, false) }), call)).completion(true);
  }

  /**
   * Sends a chat request and resolves with a stream once the first content has arrived.
   *
   * Until then the pool may retry and fail over; afterwards an error ends the stream. Leaving the loop early
   * cancels the request upstream.
   *
   * @param request - OpenAI-style; `n` must be absent or 1
   * @returns a stream for one consumer
   * @throws RunestoneError as `request` does
   *
   * @example
   * for await (const text of (await pool.streamRequest({ model: 'fast', messages })).text()) {
   *   process.stdout.write(text);
   * }
   */
  streamRequest<Output>(request: SchemaRequest<Output>, call?: CallOptions): Promise<ParsedStream<Output>>;
  streamRequest(request: ChatRequest | ForeignChatRequest, call?: CallOptions): Promise<ChatStream>;
  async streamRequest(request: ChatRequest | ForeignChatRequest, call?: CallOptions): Promise<ChatStream> {
    return new ChatStream(await this.#desk.open(() => ({ request: parseRequest(request, true) }), call));
  }

  /**
   * Asks for the vectors of texts, by the same routing, retries, breaker and ledger as a chat.
   *
   * @param request - OpenAI-style; `model` is needed, and names targets whose provider makes embeddings
   * @throws RunestoneError as `request` does
   */
  async embed(request: EmbeddingRequest, call?: CallOptions): Promise<EmbeddingResponse> {
    return embeddingOf(await this.#desk.open(() => askForEmbedding(request), call));
  }

  /**
   * Tells how many tokens a request would be read as, by the count of the provider that would answer it. Where
   * that one cannot count, or does not answer, it is an estimate and says so.
   *
   * @throws RunestoneError `invalid_request`, `no_route`, `deadline_exceeded`, `cancelled`, `pool_closed`
   */
  async countTokens(request: ChatRequest | ForeignChatRequest, call?: CallOptions): Promise<TokenCount> {
    const asked = () => askForCount(request);
    try {
      return await countOf(await this.#desk.open(asked, call));
    } catch (error) {
      return estimateAfter(error, asked);
    }
  }

  /**
   * Tells where a request would go at this moment, and why: nothing is sent.
   *
   * @throws RunestoneError `invalid_request`, `no_route`
   */
  explain(request: ChatRequest | ForeignChatRequest, call?: CallOptions): Explanation {
    const draft = this.#desk.draft(() => ({ request: parseRequest(request, false) }), call);
    return explain(draft, this.#routes, this.#states);
  }

  /**
   * Subscribes to one event, to one provider's (`provider.anthropic.request.stop`), or to all (`*`).
   *
   * Listeners run at once and in order; what they throw never reaches a request.
   *
   * @returns a function that ends the subscription
   */
  on<S extends Subscription>(name: S, listener: Listener<S>): () => void {
    return this.#emitter.on(name, listener);
  }

  /** Every provider with its models and the state of its targets, as live traffic has shown it. */
  providers(): readonly ProviderInfo[] {
    const states = [...this.#states.all()];
    const now = this.#environment.epochMs();
    return this.#providers.map((provider) => providerInfo(provider, states, now));
  }

  /** Every name it takes as `model`, in the shape of OpenAI's `models.list`, and what is known of it. Sends nothing. */
  models(options?: ModelListOptions): ModelList {
    return this.#routes.models(options);
  }

  /**
   * Asks vendors for their catalogues, for `models()` and for routing: limits, capabilities and dates of today. Only
   * ever done when called; what was known stays where it fails. Translation goes by the bundled table all the same.
   *
   * @param options.maxAgeMs - a catalogue read within this time is not read again, in milliseconds. @default one day
   * @throws PoolClosedError
   */
  async refreshModels(options: { readonly maxAgeMs?: number } = {}): Promise<ModelRefreshes> {
    this.#lifecycle.enter();
    return this.#routes.refreshModels(this.#settings.timeouts.connectMs, options.maxAgeMs);
  }

  /** The status of the pool and of each provider. Passive: nothing is sent. */
  health(): PoolHealth {
    return poolHealth(this.providers());
  }

  /**
   * Asks one provider whether it would answer: the cheapest call there is. Never throws for a provider that is down.
   *
   * @throws ConfigError when no provider has that name
   */
  async checkHealth(name: string): Promise<HealthCheck> {
    return checkProvider(
      namedProvider(this.#providers, name),
      this.#settings.timeouts.connectMs,
      this.#environment.nowMs,
    );
  }

  /** Counts since the pool was made. Cheap enough to be asked every second. */
  stats(): PoolStats {
    return poolStats(this.#states, this.#limits, this.#ledger);
  }

  /**
   * What was spent in a stretch of time, by whatever tells it apart. Answered by the ledger's sink, or by memory:
   * that reaches a day back and knows providers, models and tenants.
   *
   * @throws ConfigError when the question is not one, or nobody here keeps what it is about
   */
  spend(query: SpendQuery): Promise<SpendAnswer> {
    return this.#ledger.spend(query);
  }

  /**
   * Admits no further request, waits for those under way, ends what is left, writes the rest of the ledger,
   * and lets go of all connections.
   *
   * @param options.drainMs - how long to wait, in milliseconds. @default 10_000
   */
  close(options: { readonly drainMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(options.drainMs ?? 10_000);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(drainMs: number): Promise<void> {
    await this.#lifecycle.drain(drainMs);
    await Promise.all([this.#ledger.close(), ...this.#providers.map(async (provider) => provider.close?.())]);
  }
}
