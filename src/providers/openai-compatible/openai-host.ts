import {
  ApiKeys,
  checkHeaders,
  createTransport,
  fetchTransport,
  type ModelSpec,
  normalizeBaseURL,
  type ProviderCall,
  ProviderError,
  type Transport,
  type WireResponse,
} from '../../provider-kit/index.ts';
import type { EndpointPaths, OpenAICompatibleOptions } from './openai-compatible-options.ts';
import type { Quirks } from './quirks.ts';

/** OpenAI's own paths. */
const PATHS: Required<EndpointPaths> = {
  chat: '/chat/completions',
  models: '/models',
  embeddings: '/embeddings',
};

/** What one call has of its own. */
export interface PostCall extends Pick<ProviderCall, 'model' | 'signal' | 'connectMs' | 'onSend'> {
  readonly accept: 'text/event-stream' | 'application/json';
}

/** What stays the same over the calls of one provider: where it is, who we are to it, and what is odd about it. */
export class OpenAIHost {
  readonly name: string;
  readonly quirks: Quirks;
  /** `undefined` for a host without a key of ours. */
  readonly keyLabels: readonly string[] | undefined;
  readonly transport: Transport;
  readonly #keys: ApiKeys;
  readonly #baseURL: string;
  readonly #query: string;
  readonly #paths: Required<EndpointPaths>;
  readonly #keyHeader: 'bearer' | 'api-key';
  readonly #ownHeaders: readonly (readonly [string, string])[];
  /** By id and by alias. */
  readonly #specs = new Map<string, ModelSpec>();

  /** @throws ConfigError when the key is missing or the base URL is not fit for one */
  constructor(options: OpenAICompatibleOptions) {
    const {
      name,
      baseURL,
      allowHttp,
      apiKey,
      keyless,
      connections,
      fetch,
      headers = {},
      query = {},
    } = options;
    checkHeaders(name, headers);
    this.name = name;
    this.quirks = options.quirks ?? {};
    const hasKey = apiKey !== undefined || keyless !== true;
    this.#keys = new ApiKeys(name, hasKey ? (apiKey ?? '') : () => '');
    this.keyLabels = hasKey ? this.#keys.labels : undefined;
    this.#baseURL = normalizeBaseURL(baseURL, { provider: name, allowHttp, keepVersion: true });
    const search = new URLSearchParams(query).toString();
    this.#query = search && `?${search}`;
    this.#paths = { ...PATHS, ...options.paths };
    this.#keyHeader = options.keyHeader ?? 'bearer';
    // In lower case, or a name of ours in capitals would be sent twice.
    const own = Object.entries(headers);
    this.#ownHeaders = own.map(([header, value]) => [header.toLowerCase(), value]);
    this.transport = fetch
      ? fetchTransport(name, fetch)
      : createTransport({ provider: name, ...(connections !== undefined && { connections }) });
    for (const spec of options.models ?? []) {
      for (const id of [spec.id, ...(spec.aliases ?? [])]) this.#specs.set(id, spec);
    }
  }

  /** What is known of a model, by id or alias. */
  spec(model: string): ModelSpec | undefined {
    return this.#specs.get(model);
  }

  /** The key for one call; `''` where none is needed and none was given. */
  reveal({ key, apiKey }: Pick<ProviderCall, 'key' | 'apiKey'>): Promise<string> {
    return apiKey || this.keyLabels ? this.#keys.reveal(key, apiKey) : Promise.resolve('');
  }

  /** What is to be masked where the host says it back: the key, and headers that only we and the host know. */
  secrets(apiKey: string): readonly string[] {
    return [apiKey, ...this.#ownHeaders.map(([, value]) => value)].filter((secret) => secret !== '');
  }

  /** Sends JSON, once. Resolves with the answer whatever its status; rejects as the transport does. */
  post(
    endpoint: 'chat' | 'embeddings',
    body: unknown,
    apiKey: string,
    call: PostCall,
  ): Promise<WireResponse> {
    const { model, signal, connectMs, accept, onSend } = call;
    return this.transport.send({
      url: this.#url(endpoint, model),
      method: 'POST',
      headers: { ...this.#headers(apiKey, accept), 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
      connectMs,
      onSend,
    });
  }

  /** Asks for the list of models: the cheapest call that proves key and host. */
  listModels(apiKey: string, signal: AbortSignal, connectMs: number): Promise<WireResponse> {
    const headers = this.#headers(apiKey, 'application/json');
    return this.transport.send({ url: this.#url('models'), method: 'GET', headers, signal, connectMs });
  }

  /** A model may hold slashes, which in a path would be steps; as dots are, also when they are encoded (I7). */
  #url(endpoint: keyof EndpointPaths, model = ''): string {
    const path = this.#paths[endpoint];
    if (path.includes('{model}') && /^\.{1,2}$|\p{Cs}/u.test(model)) {
      throw unaddressable(this.name, model);
    }
    return this.#baseURL + path.replace('{model}', encodeURIComponent(model)) + this.#query;
  }

  /** Ours go before the caller's own, so that key and body are always called what they are. */
  #headers(apiKey: string, accept: string): Record<string, string> {
    // Some hosts are behind an edge that refuses requests without a user agent.
    const headers: Record<string, string> = { 'user-agent': 'runestone' };
    for (const [name, value] of this.#ownHeaders) headers[name] = value;
    headers['accept'] = accept;
    if (apiKey !== '') {
      if (this.#keyHeader === 'bearer') headers['authorization'] = `Bearer ${apiKey}`;
      else headers['api-key'] = apiKey;
    }
    return headers;
  }
}

function unaddressable(provider: string, model: string): ProviderError {
  return new ProviderError({
    provider,
    model,
    code: 'model_not_found',
    message: 'no model of this name can stand in the path of a request',
    param: 'model',
    retryable: false,
  });
}
