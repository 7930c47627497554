import {
  createTransport,
  fetchTransport,
  isRunestoneError,
  limitBody,
  normalizeBaseURL,
  ProviderError,
  SdkCall,
  sdkFetch,
  type Transport,
  type WireResponse,
} from '../../provider-kit/index.ts';
import type { AnthropicOptions, SdkClient } from './anthropic-options.ts';
import { MAX_BODY_BYTES } from './encode/index.ts';
import { rememberHeads } from './remember-heads.ts';

/** Never: the pool owns time, and Node takes no longer delay. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** Anthropic's own host. */
const DEFAULT_BASE_URL = 'https://api.anthropic.com';

/** One request through the SDK. */
export interface Message {
  /** `/v1/messages` and so on. */
  readonly path: string;
  readonly body: unknown;
  /** The key's included. `null` keeps a header out, also one that the environment would add. */
  readonly headers: Readonly<Record<string, string | null>>;
  readonly signal: AbortSignal;
  readonly connectMs: number;
  readonly onSend?: (() => void) | undefined;
}

/**
 * The SDK as client and transport: it knows the URLs, versions and headers of the API. Its retries, timers, logs,
 * traces and environment side doors are off (T-4 to T-6).
 */
export class AnthropicClient {
  readonly #provider: string;
  readonly #options: AnthropicOptions;
  readonly #baseURL: string;
  readonly #transport: Transport;
  #client: Promise<SdkClient> | undefined;

  constructor(provider: string, options: AnthropicOptions) {
    const { connections, fetch, baseURL = DEFAULT_BASE_URL, allowHttp } = options;
    this.#provider = provider;
    this.#options = options;
    this.#baseURL = normalizeBaseURL(baseURL, { provider, allowHttp });
    const transport = fetch
      ? fetchTransport(provider, fetch)
      : createTransport({ provider, ...(connections !== undefined && { connections }) });
    this.#transport = limitBody(transport, provider, MAX_BODY_BYTES);
  }

  /** Resolves with the raw response, whatever its status. Rejects with what the transport threw. */
  async send(message: Message): Promise<WireResponse> {
    this.#client ??= this.#make().catch((error: unknown) => {
      // What could not be loaded this time may be the next.
      this.#client = undefined;
      throw isRunestoneError(error) ? error : notMade(this.#provider, error);
    });
    const client = await this.#client;
    const call = new SdkCall(message.signal, message.connectMs, message.onSend);
    try {
      // `post`, not `messages.create`: the latter prints warnings about models to the console.
      const response = await client
        .post(message.path, {
          body: message.body,
          headers: message.headers,
          fetchOptions: { call },
          maxRetries: 0,
          timeout: NO_TIMEOUT_MS,
          stream: false,
        })
        .asResponse();
      return call.answer(this.#provider, response);
    } catch (error) {
      throw call.failure ?? error;
    }
  }

  /** A request that needs no SDK: the listing of models, for health checks. */
  get({ path, headers, signal, connectMs }: Omit<Message, 'body'>): Promise<WireResponse> {
    const said = Object.entries(headers).filter((header): header is [string, string] => header[1] !== null);
    return this.#transport.send({
      url: this.#baseURL + path,
      method: 'GET',
      headers: Object.fromEntries(said),
      signal,
      connectMs,
    });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #make(): Promise<SdkClient> {
    const settings = {
      maxRetries: 0,
      timeout: NO_TIMEOUT_MS,
      logLevel: 'off',
      openTelemetry: false,
    } as const;
    const { client } = this.#options;
    // A client of the caller's own signs its requests, and knows which headers that takes.
    if (client) return client({ ...settings, fetch: sdkFetch(this.#transport, { lendsBody: true }) });
    const { default: Anthropic } = await import('@anthropic-ai/sdk');
    const Client = rememberHeads(Anthropic);
    return new Client({
      ...settings,
      fetch: sdkFetch(this.#transport, { allowsHeader: (name) => this.#isOurs(name) }),
      baseURL: this.#baseURL,
      // Each request brings its own key; one given here keeps the SDK from looking for others.
      apiKey: 'set-by-each-request',
      webhookKey: null,
      // Names that a request may set, and that the environment may not.
      defaultHeaders: { 'anthropic-workspace-id': null, 'anthropic-user-profile-id': null },
    });
  }

  /** `ANTHROPIC_CUSTOM_HEADERS` adds headers behind everybody's back; what is not known here is not sent. */
  #isOurs(name: string): boolean {
    return (
      OURS.test(name) || Object.keys(this.#options.headers ?? {}).some((own) => own.toLowerCase() === name)
    );
  }
}

/** Says no more than the kind of failure: what a factory of the caller's throws may quote credentials. */
function notMade(provider: string, error: unknown): ProviderError {
  return new ProviderError({
    provider,
    code: 'server_error',
    reason: 'provider_configuration',
    message: `the SDK client could not be made (${error instanceof Error ? error.name : typeof error})`,
    retryable: false,
  });
}

/** What the SDK and the translation send. */
const OURS =
  /^(?:accept|authorization|content-type|user-agent|anthropic-(?:version|beta|workspace-id|user-profile-id)|x-stainless-[\w-]+)$/;
