import type { ChatCompletion } from '../chat/completion.ts';
import type { EmbeddingResponse } from '../chat/embedding.ts';
import type { ChatRequest } from '../chat/request.ts';
import { type ClientOptions, clientOptions } from '../http/client-options.ts';
import { type PoolFetch, poolFetch } from '../http/pool-fetch.ts';
import type { ServedPool, ServedStream } from '../http/served-pool.ts';
import type { CallOptions } from './options.ts';

/** What one call through `pool.fetch` may say in `init.runestone`. Its signal is the standard one, `init.signal`. */
export type FetchCallOptions = Omit<CallOptions, 'signal'>;

/** The ways into a pool for clients that believe to speak to OpenAI or Anthropic. */
export abstract class PoolDoors implements ServedPool {
  /**
   * The pool as a web-standard `fetch`, without a port: chat completions, legacy completions, embeddings, models,
   * health. Bound, so that it can be handed on by itself; the host of the URL does not matter.
   *
   * Failures are responses with their true status and a body in the client's words; a stream that breaks says so in a
   * last frame. It rejects only when the client has aborted.
   *
   * @example
   * const openai = new OpenAI(pool.clientOptions());
   */
  readonly fetch: PoolFetch<FetchCallOptions> = poolFetch(this);

  /**
   * Constructor options for OpenAI's client and those made like it: `{ apiKey, baseURL, fetch, maxRetries: 0 }`.
   *
   * @param call - of everything that this client asks, such as a tenant
   */
  clientOptions(call?: FetchCallOptions): ClientOptions {
    return clientOptions(this.fetch, 'openai', call);
  }

  /** The same for Anthropic's client, whose `baseURL` has no `/v1`. */
  anthropicOptions(call?: FetchCallOptions): ClientOptions {
    return clientOptions(this.fetch, 'anthropic', call);
  }

  abstract request(request: ChatRequest, call: object): Promise<ChatCompletion>;
  abstract streamRequest(request: ChatRequest, call: object): Promise<ServedStream>;
  abstract countTokens(request: ChatRequest, call: object): Promise<{ readonly tokens: number }>;
  abstract embed(request: unknown, call: object): Promise<EmbeddingResponse>;
  abstract models(options: { readonly retired: boolean }): ReturnType<ServedPool['models']>;
  abstract health(): ReturnType<ServedPool['health']>;
}
