import type { ApiKey, FetchLike, SdkFetch } from '../../provider-kit/index.ts';
import type { EncodeOptions } from './encode/encode-options.ts';

/** How Claude is reached, and how requests are translated for it. */
export type AnthropicOptions = HostOptions & TranslationOptions & Access;

/** Who proves who is asking. */
type Access =
  | {
      /** A key, a function that reads one for each call, or a list: each key is then a target of its own. */
      readonly apiKey: ApiKey;
      /** Makes the SDK client: for Bedrock, Vertex and other clients of the SDK family. */
      readonly client?: ClientFactory;
    }
  | {
      /** Left out, the client's own credentials are used. One that is given is sent as a bearer token. */
      readonly apiKey?: ApiKey;
      readonly client: ClientFactory;
    };

/** Where requests go. */
interface HostOptions {
  /** Unique within the pool. @default 'anthropic' */
  readonly name?: string;
  /** With or without `/v1` at the end. A `client` has its own. @default 'https://api.anthropic.com' */
  readonly baseURL?: string;
  /** Allows `http:` to a host that is not this machine. @default false */
  readonly allowHttp?: boolean;
  /** Used when a request names no model. @default 'claude-sonnet-5-5' */
  readonly defaultModel?: string;
  /**
   * What this host calls a model, by Anthropic's id or alias: Bedrock's inference profiles, Vertex's names with `@`.
   * Requests may use either name; facts and prices are those of the model. One that is left out keeps its id.
   */
  readonly modelIds?: Readonly<Record<string, string>>;
  /** Further headers for every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends requests instead of the house's own transport: a proxy, a mock. */
  readonly fetch?: FetchLike;
  /** Connections kept to the host at once; more requests wait. @default no limit */
  readonly connections?: number;
}

/** Choices of the translation; the contract's defaults fit Anthropic's own API. */
export type TranslationOptions = Omit<
  EncodeOptions,
  'provider' | 'stream' | 'strict' | 'retiredModels' | 'repairs' | 'modelIds'
>;

/**
 * Makes the client through which every request goes; called once, on the first one.
 *
 * @example
 * (settings) => new AnthropicBedrock({ ...settings, awsRegion: 'us-east-1' })
 */
export type ClientFactory = (settings: ClientSettings) => SdkClient;

/** What a `client` factory should pass on, so that the pool stays the only owner of retries and time. */
export interface ClientSettings {
  readonly fetch: SdkFetch;
  readonly maxRetries: 0;
  readonly timeout: number;
  readonly logLevel: 'off';
  readonly openTelemetry: false;
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
