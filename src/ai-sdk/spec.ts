/**
 * The part of the AI SDK's language model specification, version 4, that is used here. Structural, so that nothing of
 * the AI SDK is loaded and none of its versions is asked for.
 *
 * @see https://ai-sdk.dev/providers/community-providers/custom-providers
 */
export interface CallOptionsV4 {
  readonly prompt: readonly MessageV4[];
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly seed?: number | undefined;
  readonly responseFormat?:
    | { readonly type: 'text' }
    | {
        readonly type: 'json';
        readonly schema?: unknown;
        readonly name?: string | undefined;
        readonly description?: string | undefined;
      }
    | undefined;
  readonly tools?: readonly ToolV4[] | undefined;
  readonly toolChoice?:
    | { readonly type: 'auto' | 'none' | 'required' }
    | { readonly type: 'tool'; readonly toolName: string }
    | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  readonly reasoning?: string | undefined;
  readonly providerOptions?: OptionsV4 | undefined;
}

/** Options and metadata, by the name of the provider they are for. */
export type OptionsV4 = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One message of a prompt. */
export interface MessageV4 {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly PartV4[];
}

/** One part of a message: which fields it has depends on its type. */
export interface PartV4 {
  readonly type: string;
  readonly text?: string;
  readonly data?: unknown;
  readonly mediaType?: string;
  readonly filename?: string | undefined;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly input?: unknown;
  readonly output?: ToolOutputV4;
  readonly providerOptions?: OptionsV4 | undefined;
}

/** What a tool returned. */
export interface ToolOutputV4 {
  readonly type: string;
  readonly value?: unknown;
  readonly reason?: string | undefined;
}

/** A tool of the caller's, or one that a provider executes. */
export interface ToolV4 {
  readonly type: 'function' | 'provider';
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema?: unknown;
  readonly strict?: boolean | undefined;
}

/** Something the caller should know although the answer comes. */
export interface WarningV4 {
  readonly type: 'other';
  readonly message: string;
}

/** Tokens. Unknown is `undefined`. */
export interface UsageV4 {
  readonly inputTokens: {
    readonly total: number | undefined;
    readonly noCache: number | undefined;
    readonly cacheRead: number | undefined;
    readonly cacheWrite: number | undefined;
  };
  readonly outputTokens: {
    readonly total: number | undefined;
    readonly text: number | undefined;
    readonly reasoning: number | undefined;
  };
}

/** Why an answer ended. */
export interface FinishReasonV4 {
  readonly unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other';
  readonly raw: string | undefined;
}

/** A web page that is cited. */
export interface SourceV4 {
  readonly type: 'source';
  readonly sourceType: 'url';
  readonly id: string;
  readonly url: string;
  readonly title?: string;
}

/** A part of a whole answer. */
export type ContentV4 =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string; providerMetadata?: OptionsV4 }
  | { type: 'tool-call'; toolCallId: string; toolName: string; input: string }
  | SourceV4;

/** A part of a streamed answer. */
export type StreamPartV4 =
  | { type: 'stream-start'; warnings: WarningV4[] }
  | { type: 'response-metadata'; id: string; timestamp: Date; modelId: string }
  | { type: 'text-start' | 'text-end' | 'tool-input-end'; id: string }
  | { type: 'reasoning-start' | 'reasoning-end'; id: string; providerMetadata?: OptionsV4 }
  | { type: 'text-delta' | 'reasoning-delta' | 'tool-input-delta'; id: string; delta: string }
  | { type: 'tool-input-start'; id: string; toolName: string }
  | { type: 'tool-call'; toolCallId: string; toolName: string; input: string }
  | SourceV4
  | { type: 'finish'; finishReason: FinishReasonV4; usage: UsageV4; providerMetadata: OptionsV4 }
  | { type: 'error'; error: unknown };

/** A whole answer. */
export interface GenerateResultV4 {
  content: ContentV4[];
  finishReason: FinishReasonV4;
  usage: UsageV4;
  providerMetadata: OptionsV4;
  response: { id: string; timestamp: Date; modelId: string };
  warnings: WarningV4[];
}

/** A model, as `generateText` and `streamText` of the AI SDK take it. */
export interface LanguageModelV4 {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls: Record<string, RegExp[]>;
  doGenerate(options: CallOptionsV4): Promise<GenerateResultV4>;
  doStream(options: CallOptionsV4): Promise<{ stream: ReadableStream<StreamPartV4> }>;
}

/** A model that makes vectors. */
export interface EmbeddingModelV4 {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: number | undefined;
  readonly supportsParallelCalls: boolean;
  doEmbed(options: {
    readonly values: readonly string[];
    readonly abortSignal?: AbortSignal | undefined;
  }): Promise<{
    embeddings: number[][];
    usage?: { tokens: number };
    providerMetadata: OptionsV4;
    warnings: WarningV4[];
  }>;
}
