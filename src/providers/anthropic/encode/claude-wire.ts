/** A block of content as the Messages API takes it. Fields other than `type` depend on it. */
export interface WireBlock {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** One turn of the translated conversation. */
export interface WireMessage {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly WireBlock[];
}

/** A tool as the Messages API takes it: a client tool has no `type`, a server tool has its dated one. */
export interface WireTool {
  readonly name?: string;
  readonly type?: string;
  readonly description?: string;
  readonly input_schema?: Readonly<Record<string, unknown>>;
  /** Names and inputs are guaranteed to match the schema. Sent only when true. */
  readonly strict?: boolean;
  readonly [field: string]: unknown;
}

/** A mark up to which the prompt may be cached. */
export interface CacheControl {
  readonly type: 'ephemeral';
  /** How long the prefix lives after its last use. @default '5m' */
  readonly ttl?: '5m' | '1h';
}

/** How the model may choose among the tools. */
export type WireToolChoice =
  | { readonly type: 'auto' | 'any'; readonly disable_parallel_tool_use?: true }
  | { readonly type: 'tool'; readonly name: string; readonly disable_parallel_tool_use?: true }
  | { readonly type: 'none' };

/** The JSON body of `POST /v1/messages`. Undefined members are never present. */
export interface WireBody {
  readonly model: string;
  /** Required by the API; thinking counts against it. */
  readonly max_tokens: number;
  readonly messages: readonly WireMessage[];
  readonly stream: boolean;
  /** One text block for each part of the leading system messages. */
  readonly system?: readonly WireBlock[];
  readonly tools?: readonly WireTool[];
  readonly tool_choice?: WireToolChoice;
  /** `thinking`, `output_config`, `stop_sequences`, `metadata`, `cache_control` and the native fields of 1.10. */
  readonly [field: string]: unknown;
}
