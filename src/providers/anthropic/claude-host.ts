import { ApiKeys, type ProviderCall } from '../../provider-kit/index.ts';
import type { AnthropicOptions } from './anthropic-options.ts';
import { AnthropicClient } from './client.ts';
import type { EncodedRequest, EncodeOptions } from './encode/encode-options.ts';

/** The version whose rules the translation follows (T-1). */
const API_VERSION = '2026-10-21';

/** What stays the same over the calls of one provider: its name, keys, client, and the choices of translation. */
export class ClaudeHost {
  readonly name: string;
  readonly keys: ApiKeys;
  readonly client: AnthropicClient;
  readonly #options: AnthropicOptions;
  readonly #ownHeaders: readonly (readonly [string, string])[];
  /** One object for each way to call; made anew, its spread would be the dearest line of a request. */
  readonly #encodeOptions = new Map<string, EncodeOptions>();

  /** @throws ConfigError when the key is missing or the base URL is not fit for one */
  constructor(options: AnthropicOptions) {
    this.name = options.name ?? 'anthropic';
    this.keys = new ApiKeys(this.name, options.apiKey);
    this.client = new AnthropicClient(this.name, options);
    this.#options = options;
    // In lower case, or a name of ours in capitals would be sent twice.
    const own = Object.entries(options.headers ?? {});
    this.#ownHeaders = own.map(([header, value]) => [header.toLowerCase(), value]);
  }

  encodeOptions({ stream, strict, retiredModels, repairs = [] }: ProviderCall): EncodeOptions {
    const way = `${stream} ${strict} ${retiredModels}`;
    let options = this.#encodeOptions.get(way);
    if (!options) {
      options = { ...this.#options, provider: this.name, stream, strict, retiredModels };
      this.#encodeOptions.set(way, options);
    }
    return repairs.length === 0 ? options : { ...options, repairs };
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
    headers['authorization'] = `Bearer ${apiKey}`;
    return headers;
  }
}
