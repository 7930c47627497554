import type { ApiKey, FetchLike, ModelSpec } from '../../provider-kit/index.ts';
import type { Quirks } from './quirks.ts';

/** How a host is reached that speaks OpenAI's Chat Completions API, more or less. */
export interface OpenAICompatibleOptions extends HostOptions {
  /** Unique within the pool: `groq`, `vllm-eu`. */
  readonly name: string;
  /** Up to and without `/chat/completions`, for most hosts ending in `/v1`. */
  readonly baseURL: string;
  /**
   * A key, a function that reads one for each call, or a list: each key is then a target of its own. May be left
   * out only with `keyless`.
   */
  readonly apiKey?: ApiKey;
  /** The host needs no key (Ollama, LM Studio, vLLM). One that is given all the same is sent. @default false */
  readonly keyless?: boolean;
  /** The header that carries the key: `authorization: Bearer …`, or `api-key: …` (Azure). @default 'bearer' */
  readonly keyHeader?: 'bearer' | 'api-key';
  /** Query parameters of every URL: Azure's `api-version`. @default none */
  readonly query?: Readonly<Record<string, string>>;
  /** Paths after `baseURL`; `{model}` stands for the model, URL-encoded. @default OpenAI's */
  readonly paths?: EndpointPaths;
  /** What this host does differently. @default nothing */
  readonly quirks?: Quirks;
}

/** OpenAI's own host, or a proxy in front of it. */
export interface OpenAIOptions extends HostOptions {
  /** A key, a function that reads one for each call, or a list: each key is then a target of its own. */
  readonly apiKey: ApiKey;
  /** Unique within the pool. @default 'openai' */
  readonly name?: string;
  /** Up to and without `/chat/completions`. @default 'https://api.openai.com/v1' */
  readonly baseURL?: string;
  /** Used when a request names no model. @default 'gpt-5.5' */
  readonly defaultModel?: string;
}

/** What may be said of any host. */
export interface HostOptions {
  /** Used when a request names no model. @default none */
  readonly defaultModel?: string;
  /** Models it serves under their bare names. Any other is served as `name/model`. @default none */
  readonly models?: readonly ModelSpec[];
  /** Further headers for every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends requests instead of the house's own transport: a proxy, a mock. */
  readonly fetch?: FetchLike;
  /** Allows `http:` to a host that is not this machine. @default false */
  readonly allowHttp?: boolean;
  /** Connections kept to the host at once; more requests wait. @default no limit */
  readonly connections?: number;
}

/** Paths after the base URL. */
export interface EndpointPaths {
  /** @default '/chat/completions' */
  readonly chat?: string;
  /** For health checks, and the catalogue of `pool.refreshModels()`. @default '/models' */
  readonly models?: string;
  /** @default '/embeddings' */
  readonly embeddings?: string;
}
