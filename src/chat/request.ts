import type { JsonObject } from './json.ts';

/** Text of a message, or of one part of it. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  readonly [extension: string]: unknown;
}

/** An image by `https://` or `data:` URL. */
export interface ImagePart {
  readonly type: 'image_url';
  readonly image_url: {
    readonly url: string;
    readonly detail?: string | null;
    readonly [extension: string]: unknown;
  };
  readonly [extension: string]: unknown;
}

/** A document: base64 or a `data:` URL in `file_data`, or a provider's own `file_id`. */
export interface FilePart {
  readonly type: 'file';
  readonly file: {
    readonly file_data?: string;
    readonly file_id?: string;
    readonly filename?: string;
    readonly [extension: string]: unknown;
  };
  readonly [extension: string]: unknown;
}

/** A part this house has no type for: audio, refusals, a provider's native blocks. The provider decides. */
export interface OtherPart {
  readonly type: string;
  readonly [extension: string]: unknown;
}

/** One part of a message. */
export type ContentPart = TextPart | ImagePart | FilePart | OtherPart;

/** What a message says: text, or parts in order. */
export type MessageContent = string | readonly ContentPart[];

/** A call of a tool, as an assistant message carries it. */
export interface ToolCall {
  readonly id?: string;
  readonly type?: 'function' | 'custom' | string;
  readonly function?: { readonly name: string; readonly arguments: string };
  readonly custom?: { readonly name: string; readonly input: string };
  readonly [extension: string]: unknown;
}

/** One turn of the conversation. Unknown keys travel with it. */
export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function';
  readonly content?: MessageContent | null;
  readonly name?: string;
  readonly tool_calls?: readonly ToolCall[] | null;
  readonly tool_call_id?: string;
  readonly refusal?: string | null;
  readonly function_call?: { readonly name: string; readonly arguments: string } | null;
  readonly [extension: string]: unknown;
}

/** A tool the model may call. */
export interface Tool {
  readonly type: string;
  readonly function?: {
    readonly name: string;
    readonly description?: string;
    readonly parameters?: JsonObject | null;
    readonly strict?: boolean | null;
    readonly [extension: string]: unknown;
  };
  readonly [extension: string]: unknown;
}

/** How the model may choose among the tools. */
export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly type: string; readonly [key: string]: unknown };

/** What form the answer takes. */
export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object'; readonly [extension: string]: unknown }
  | {
      readonly type: 'json_schema';
      readonly json_schema: {
        readonly name: string;
        readonly description?: string;
        readonly schema?: JsonObject;
        readonly strict?: boolean | null;
      };
    };

/** How hard a reasoning model may think. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/**
 * A chat request in the words of OpenAI's Chat Completions API.
 *
 * Fields this type does not name are allowed and reach the provider, which uses, drops with a warning or
 * refuses them by its own rules.
 */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  /** An alias of the pool, `provider/model`, or an id that a provider lists. @default the pool's default model */
  readonly model?: string;
  readonly max_completion_tokens?: number | null;
  readonly max_tokens?: number | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly stream?: boolean | null;
  readonly stream_options?: {
    readonly include_usage?: boolean;
    readonly include_obfuscation?: boolean;
  } | null;
  readonly tools?: readonly Tool[];
  readonly tool_choice?: ToolChoice | null;
  readonly parallel_tool_calls?: boolean | null;
  readonly response_format?: ResponseFormat | null;
  readonly reasoning_effort?: ReasoningEffort | null;
  readonly n?: number | null;
  readonly user?: string | null;
  readonly metadata?: Readonly<Record<string, string>> | null;
  readonly [extension: string]: unknown;
}
