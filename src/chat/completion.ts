import type { CostPrecision, Trace } from '../errors/facts.ts';
import type { ServiceTier } from '../usage/openai-tier.ts';
import type { CompletionUsage } from '../usage/openai-usage.ts';
import type { Usage } from '../usage/usage.ts';
import type { FinishReason, ThinkingBlock, UrlCitation, Warning } from './events.ts';

/** Finish reasons of the wire; `function_call` only answers a request that used the legacy `functions`. */
export type WireFinishReason = FinishReason | 'function_call';

/** What the pool tells about an answer, beside the answer. Free of prompt and answer text. */
export interface AnswerInfo {
  readonly requestId: string;
  readonly provider: string;
  /** The model id that was sent upstream. The one that answered is `completion.model`. */
  readonly model: string;
  /** Upstream calls made for this request. */
  readonly attempts: number;
  /** Tokens of the attempt that answered. */
  readonly usage: Usage | undefined;
  /** Of all attempts together; `undefined` when any of them is unknown. */
  readonly costUsd: number | undefined;
  readonly precision: CostPrecision;
  readonly ttftMs: number | undefined;
  readonly durationMs: number;
  readonly warnings: readonly Warning[];
  readonly trace: Trace;
}

/** A tool call of a finished answer. */
export type CompletionToolCall =
  | { id: string; type: 'function'; function: { name: string; arguments: string } }
  | { id: string; type: 'custom'; custom: { name: string; input: string } };

/** The answer itself. */
export interface CompletionMessage {
  role: 'assistant';
  content: string | null;
  refusal: string | null;
  tool_calls?: CompletionToolCall[];
  function_call?: { name: string; arguments: string };
  annotations?: UrlCitation[];
  /** Readable reasoning. Not for replay: that takes `thinking_blocks`. */
  reasoning_content?: string;
  /** Signed reasoning. Send it back unchanged with this message to keep the model's train of thought. */
  thinking_blocks?: ThinkingBlock[];
  /** What the provider said beyond OpenAI's shape. Send it back unchanged with this message. */
  provider_specific_fields?: Record<string, unknown>;
}

/** A complete answer, assignable to OpenAI's `ChatCompletion`. */
export interface ChatCompletion {
  id: string;
  object: 'chat.completion';
  created: number;
  model: string;
  choices: {
    index: number;
    message: CompletionMessage;
    finish_reason: WireFinishReason;
    logprobs: null;
    /** The provider's own word for why it stopped. */
    native_finish_reason?: string;
  }[];
  /** Absent when the provider does not name it. */
  service_tier?: ServiceTier;
  usage?: CompletionUsage;
  runestone: AnswerInfo;
}

/** The message of an answer that a schema has read. */
export interface ParsedMessage<Output> extends CompletionMessage {
  /**
   * What the schema made of `content`; null when the answer was cut, refused, or calls tools. Not enumerable, so that
   * the message can be sent back as it is.
   */
  parsed: Output | null;
}

/** A complete answer to a request with a `schemaFormat`. */
export interface ParsedCompletion<Output> extends ChatCompletion {
  choices: (ChatCompletion['choices'][number] & { message: ParsedMessage<Output> })[];
}

/** What one chunk adds. */
export interface ChunkDelta {
  role?: 'assistant';
  content?: string | null;
  refusal?: string | null;
  tool_calls?: {
    index: number;
    id?: string;
    type?: 'function';
    function?: { name?: string; arguments?: string };
    custom?: { name: string; input: string };
  }[];
  function_call?: { name?: string; arguments?: string };
  reasoning_content?: string;
  thinking_blocks?: ThinkingBlock[];
  annotations?: UrlCitation[];
  provider_specific_fields?: Record<string, unknown>;
}

/** One chunk of a streamed answer, assignable to OpenAI's `ChatCompletionChunk`. */
export interface ChatCompletionChunk {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: {
    index: number;
    delta: ChunkDelta;
    finish_reason: WireFinishReason | null;
    logprobs: null;
    native_finish_reason?: string;
  }[];
  /** On the chunk that ends the answer, where the provider names it. */
  service_tier?: ServiceTier;
  /** Present only when the request set `stream_options.include_usage`: null until the last chunk. */
  usage?: CompletionUsage | null;
  /** On the last chunk only. */
  runestone?: AnswerInfo;
}
