import { ConfigError, ProviderError } from '../errors/index.ts';
import { MAX_HEADER_CHARS } from './header-value.ts';
import type { ApiKey, Secret } from './secret.ts';

type Source = () => string | Promise<string>;

/** The keys of one provider, held where nothing prints them. */
export class ApiKeys {
  /** One for each key, for `Provider.keys`. Never the key itself. */
  readonly labels: readonly string[];
  readonly #sources: readonly Source[];
  readonly #provider: string;

  /** @throws ConfigError when a key is empty or could not stand in a header */
  constructor(provider: string, keys: ApiKey) {
    const list = typeof keys === 'object' && keys !== null ? keys : [keys];
    if (list.length === 0) throw missing(provider);
    this.#provider = provider;
    this.labels = list.map((_, index) => `${provider}[${index}]`);
    this.#sources = list.map((key) => {
      if (typeof key === 'function') return key;
      const checked = checkKey(provider, key);
      return () => checked;
    });
  }

  /**
   * The key for one call.
   *
   * @param own - a key the caller brought for this call alone
   * @throws ProviderError `authentication` when a key function fails
   */
  async reveal(index: number, own?: Secret): Promise<string> {
    if (own) return checkKey(this.#provider, own.reveal());
    try {
      return checkKey(this.#provider, (await this.#sources[index]?.()) ?? '');
    } catch {
      // What the function threw may quote the key or its store.
      throw new ProviderError({
        provider: this.#provider,
        code: 'authentication',
        message: 'the API key function failed, or gave no usable key',
        retryable: false,
      });
    }
  }
}

function checkKey(provider: string, key: unknown): string {
  const trimmed = typeof key === 'string' ? key.trim() : '';
  if (!trimmed) throw missing(provider);
  // Anything else would be refused by the HTTP client in words that quote it, or forge a header.
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw new ConfigError(`${provider}: apiKey: holds a character that cannot stand in a header`, {
      param: 'apiKey',
      provider,
    });
  }
  if (trimmed.length > MAX_HEADER_CHARS) {
    throw new ConfigError(`${provider}: apiKey: is longer than ${MAX_HEADER_CHARS} characters`, {
      param: 'apiKey',
      provider,
    });
  }
  return trimmed;
}

function missing(provider: string): ConfigError {
  return new ConfigError(
    `${provider}: apiKey: is missing; pass it, or set the environment variable and use \`fromEnv\``,
    {
      param: 'apiKey',
      provider,
    },
  );
}
