import { ApiKeys, type CheckCall, checkHeaders, type ProviderCall } from '../../provider-kit/index.ts';
import type { AnthropicOptions } from './anthropic-options.ts';
import { AnthropicClient } from './client.ts';
import type { EncodedRequest, EncodeOptions } from './encode/encode-options.ts';
import { resolveClaudeModel } from './models/resolve-claude.ts';

/** The version whose rules the translation follows (T-1). */
const API_VERSION = '2026-10-21';

/**
 * What stays the same over the calls of one provider: its name, keys, client, names of models, and the choices of
 * translation.
 */
export class ClaudeHost {
  readonly name: string;
  /** One for each key; `undefined` where a client has credentials of its own. */
  readonly keyLabels: readonly string[] | undefined;
  readonly client: AnthropicClient;
  readonly #keys: ApiKeys;
  readonly #options: AnthropicOptions;
  readonly #ownHeaders: readonly (readonly [string, string])[];
  /** One object for each way to call; made anew, its spread would be the dearest line of a request. */
  readonly #encodeOptions = new Map<string, EncodeOptions>();
  /** This host's names for models by their ids, and back. */
  readonly #modelIds: Readonly<Record<string, string>>;
  readonly #byHostId: ReadonlyMap<string, string>;

  /** @throws ConfigError when the key is missing or the base URL is not fit for one */
  constructor(options: AnthropicOptions) {
    const { apiKey, client, modelIds = {} } = options;
    this.name = options.name ?? 'anthropic';
    const hasKey = apiKey !== undefined || client === undefined;
    this.#keys = new ApiKeys(this.name, hasKey ? (apiKey ?? '') : () => '');
    this.keyLabels = hasKey ? this.#keys.labels : undefined;
    const named = Object.entries(modelIds).map(
      ([model, hostId]) => [resolveClaudeModel(model)?.id ?? model, hostId] as const,
    );
    this.#modelIds = Object.fromEntries(named);
    this.#byHostId = new Map(named.map(([model, hostId]) => [hostId, model]));
    this.client = new AnthropicClient(this.name, options);
    this.#options = options;
    const { headers = {} } = options;
    checkHeaders(this.name, headers);
    // In lower case, or a name of ours in capitals would be sent twice.
    const own = Object.entries(headers);
    this.#ownHeaders = own.map(([header, value]) => [header.toLowerCase(), value]);
  }

  encodeOptions({ stream, strict, retiredModels, repairs = [] }: ProviderCall): EncodeOptions {
    const way = `${stream} ${strict} ${retiredModels}`;
    let options = this.#encodeOptions.get(way);
    if (!options) {
      const modelIds = this.#modelIds;
      options = { ...this.#options, provider: this.name, stream, strict, retiredModels, modelIds };
      this.#encodeOptions.set(way, options);
    }
    return repairs.length === 0 ? options : { ...options, repairs };
  }

  /** Anthropic's id for a name of this host's; any other name as it is. */
  modelOf(name: string): string {
    return this.#byHostId.get(name) ?? name;
  }

  /** The key of a call; `''` where the client has credentials of its own and the caller brought none. */
  reveal({ key, apiKey }: Pick<CheckCall, 'key' | 'apiKey'>): Promise<string> {
    return apiKey || this.keyLabels ? this.#keys.reveal(key, apiKey) : Promise.resolve('');
  }

  /** What is to be masked where the host says it back: the key, and headers that only we and the host know. */
  secrets(apiKey: string): readonly string[] {
    return this.#ownHeaders.length === 0 ? [apiKey] : [apiKey, ...this.#ownHeaders.map(([, value]) => value)];
  }

  /** T-4: a name given here wins over one from the environment, and `null` keeps it out. */
  headers(apiKey: string, encoded?: EncodedRequest): Record<string, string | null> {
    const headers: Record<string, string | null> = {};
    for (const [name, value] of this.#ownHeaders) headers[name] = value;
    if (encoded) for (const name in encoded.headers) headers[name] = encoded.headers[name] ?? null;
    headers['anthropic-version'] = this.#options.apiVersion ?? API_VERSION;
    headers['anthropic-beta'] = encoded && encoded.betas.length > 0 ? encoded.betas.join(',') : null;
    if (apiKey !== '') headers['authorization'] = `Bearer ${apiKey}`;
    return headers;
  }
}
