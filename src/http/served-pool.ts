import type { ChatCompletion } from '../chat/completion.ts';
import type { EmbeddingResponse } from '../chat/embedding.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { StreamWriter } from './dialect.ts';

/**
 * What the door asks of a pool. A `ProviderPool` is one.
 *
 * Call options are the pool's own affair: the door adds `requestId` and `signal`, and hands the rest on unread.
 */
export interface ServedPool {
  request(request: ChatRequest, call: object): Promise<ChatCompletion>;
  streamRequest(request: ChatRequest, call: object): Promise<ServedStream>;
  countTokens(request: ChatRequest, call: object): Promise<{ readonly tokens: number }>;
  /** Checks what it is given. */
  embed(request: unknown, call: object): Promise<EmbeddingResponse>;
  models(options: { readonly retired: boolean }): { readonly data: readonly ServedModel[] };
  health(): { readonly status: string };
}

/** A streamed answer that can be written in any dialect. */
export interface ServedStream {
  toResponse(init: {
    readonly writer: StreamWriter;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal | undefined;
  }): Response;
}

/** One name of the catalogue, as OpenAI lists it, with where it leads. */
export interface ServedModel {
  readonly id: string;
  /** Epoch seconds; 0 where it is not known. */
  readonly created: number;
  readonly runestone: { readonly targets: readonly string[] };
}
