import type { ChatCompletion, ParsedCompletion } from '../chat/completion.ts';
import type { EmbeddingRequest, EmbeddingResponse } from '../chat/embedding.ts';
import type { ForeignChatRequest } from '../chat/foreign-request.ts';
import { parseRequest } from '../chat/parse-request.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { SchemaRequest } from '../chat/schema-format.ts';
import { Emitter } from '../telemetry/emitter.ts';
import type { Listener, Subscription } from '../telemetry/events.ts';
import { ChatStream, type ParsedStream } from './chat-stream.ts';
import { checkProvider, providerNamed } from './check-provider.ts';
import { Configuration } from './configuration.ts';
import { askForCount, countOf, estimateAfter, type TokenCount } from './count-tokens.ts';
import { askForEmbedding, embeddingOf } from './embed.ts';
import { type Environment, realEnvironment } from './environment.ts';
import { type FromEnvOptions, optionsFromEnv } from './from-env.ts';
import type { HealthCheck } from './health.ts';
import { Lifecycle } from './lifecycle.ts';
import type { ModelRefresh } from './model-catalogue.ts';
import type { CallOptions, PoolOptions } from './options.ts';
import { PoolReports } from './pool-reports.ts';
import type { Setup } from './setup.ts';

/** A catalogue read this long ago is still good, in milliseconds (MOD-6). */
const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * The front door: every call to every provider goes through one pool, which routes, retries, breaks, meters,
 * prices and tells.
 *
 * @example
 * const pool = ProviderPool.fromEnv();
 * const answer = await pool.request({ messages: [{ role: 'user', content: 'Hello' }] });
 * console.log(answer.choices[0]?.message.content, answer.runestone.costUsd);
 */
export class ProviderPool extends PoolReports {
  readonly #environment: Environment;
  readonly #emitter: Emitter;
  readonly #lifecycle: Lifecycle;
  readonly #configuration: Configuration;
  #closed: Promise<void> | undefined;

  /**
   * @param environment - time and chance of a test's own: `virtualClock()` of `runestone/testing`
   * @throws ConfigError naming every option that is wrong or unknown, before anything is sent
   */
  constructor(options: PoolOptions, environment: Environment = realEnvironment) {
    const emitter = new Emitter(environment.epochMs);
    const lifecycle = new Lifecycle();
    const configuration = new Configuration(options, { environment, emit: emitter.emit, lifecycle });
    super(configuration, environment);
    this.#environment = environment;
    this.#emitter = emitter;
    this.#lifecycle = lifecycle;
    this.#configuration = configuration;
  }

  /**
   * A pool of every provider whose API key is in the environment.
   *
   * @param environment - as the constructor takes it
   * @throws ConfigError when there is none; the message names the variables that were looked for
   */
  static fromEnv(options: FromEnvOptions = {}, environment: Environment = realEnvironment): ProviderPool {
    return new ProviderPool(optionsFromEnv(options), environment);
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
    return (await this.#setup.desk.open(() => ({ request: parseRequest(request, false) }), call)).completion(
      true,
    );
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
    return new ChatStream(
      await this.#setup.desk.open(() => ({ request: parseRequest(request, true) }), call),
    );
  }

  /**
   * Asks for the vectors of texts, by the same routing, retries, breaker and ledger as a chat.
   *
   * @param request - OpenAI-style; `model` is needed, and names targets whose provider makes embeddings
   * @throws RunestoneError as `request` does
   */
  async embed(request: EmbeddingRequest, call?: CallOptions): Promise<EmbeddingResponse> {
    return embeddingOf(await this.#setup.desk.open(() => askForEmbedding(request), call));
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
      return await countOf(await this.#setup.desk.open(asked, call));
    } catch (error) {
      return estimateAfter(error, asked);
    }
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

  /**
   * Asks vendors for their catalogues, for `models()` and for routing: limits, capabilities and dates of today. Only
   * ever done when called; what was known stays where it fails. Translation goes by the bundled table all the same.
   *
   * @param options.maxAgeMs - a catalogue read within this time is not read again, in milliseconds. @default one day
   * @throws PoolClosedError
   */
  async refreshModels(
    options: { readonly maxAgeMs?: number } = {},
  ): Promise<Readonly<Record<string, ModelRefresh>>> {
    this.#lifecycle.enter();
    return this.#setup.routes.refreshModels(
      this.#setup.settings.timeouts.connectMs,
      options.maxAgeMs ?? DAY_MS,
    );
  }

  /**
   * Asks one provider whether it would answer: the cheapest call there is. Never throws for a provider that is down.
   *
   * @throws ConfigError when no provider has that name
   */
  async checkHealth(name: string): Promise<HealthCheck> {
    const { options, settings } = this.#setup;
    const provider = providerNamed(options.providers, name);
    const { nowMs, startTimer } = this.#environment;
    return checkProvider(provider, settings.timeouts.connectMs, nowMs, undefined, startTimer);
  }

  /**
   * Takes other options, as a whole and at once. If anything is wrong with them nothing changes.
   *
   * Requests under way end as they began. What is as it was keeps its memory: circuits, cooldowns and limits of
   * providers that are the same objects. One that is no longer there is closed after the last request of before.
   *
   * @param next - all of them, or a function of those of now
   * @returns what has changed, by name: `providers.acme`, `models.fast`, `retry`
   * @throws ConfigError as the constructor does; PoolClosedError
   */
  update(next: PoolOptions | ((now: PoolOptions) => PoolOptions)): readonly string[] {
    return this.#configuration.update(next);
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
    await this.#lifecycle.drain(drainMs, this.#environment.startTimer);
    await this.#configuration.close();
  }

  get #setup(): Setup {
    return this.#configuration.now;
  }
}
