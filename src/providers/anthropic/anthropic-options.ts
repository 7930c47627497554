import type { ApiKey, FetchLike, SdkFetch } from '../../provider-kit/index.ts';
import type { EncodeOptions } from './encode/encode-options.ts';

/** How Claude is reached, and how requests are translated for it. */
export interface AnthropicOptions extends TranslationOptions {
  /** A key, a function that reads one for each call, or a list: each key is then a target of its own. */
  readonly apiKey: ApiKey;
  /** Unique within the pool. @default 'anthropic' */
  readonly name?: string;
  /** With or without `/v1` at the end. @default 'https://api.anthropic.com' */
  readonly baseURL?: string;
  /** Allows `http:` to a host that is not this machine. @default false */
  readonly allowHttp?: boolean;
  /** Used when a request names no model. @default 'claude-sonnet-5-5' */
  readonly defaultModel?: string;
  /** Further headers for every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends requests instead of the house's own transport: a proxy, a mock. */
  readonly fetch?: FetchLike;
  /** Makes the SDK client: for Bedrock, Vertex and other clients of the SDK family. */
  readonly client?: (settings: ClientSettings) => SdkClient;
  /** Connections kept to the host at once; more requests wait. @default no limit */
  readonly connections?: number;
}

/** Choices of the translation; the contract's defaults fit Anthropic's own API. */
export type TranslationOptions = Omit<
  EncodeOptions,
  'provider' | 'stream' | 'strict' | 'retiredModels' | 'repairs'
>;

/** What a `client` factory should pass on, so that the pool stays the only owner of retries and time. */
export interface ClientSettings {
  readonly fetch: SdkFetch;
  readonly maxRetries: 0;
  readonly timeout: number;
  readonly logLevel: 'off';
}

/** As much of an SDK client as is used: one request, whose raw response is handed out. */
export interface SdkClient {
  post(
    path: string,
    options: {
      readonly body: unknown;
      readonly headers: Readonly<Record<string, string | null>>;
      readonly fetchOptions: object;
      readonly maxRetries: number;
      readonly timeout: number;
      readonly stream: boolean;
    },
  ): { asResponse(): Promise<Response> };
}
