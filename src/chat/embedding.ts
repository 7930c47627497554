import type { CompletionUsage } from '../usage/openai-usage.ts';
import type { AnswerInfo } from './completion.ts';

/** A request for vectors, in OpenAI's words. Unknown fields pass to the host as they are. */
export interface EmbeddingRequest {
  /** Model name as in a chat request: an alias, `provider/model`, or an id. */
  readonly model?: string | undefined;
  /** One text, several, or the token numbers of one or several. Never empty. */
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  /** Length of the vectors, where the model lets one choose. */
  readonly dimensions?: number | undefined;
  /** `base64` holds little-endian 32-bit floats. @default 'float' */
  readonly encoding_format?: 'float' | 'base64' | undefined;
  readonly user?: string | undefined;
  readonly [field: string]: unknown;
}

/** One vector; `index` is the place of its text in the input. */
export interface Embedding {
  object: 'embedding';
  index: number;
  /** Numbers, or one base64 text, as `encoding_format` asked. */
  embedding: number[] | string;
}

/** The vectors of one request, in the order of its input. */
export interface EmbeddingResponse {
  object: 'list';
  data: Embedding[];
  model: string;
  usage: Pick<CompletionUsage, 'prompt_tokens' | 'total_tokens'>;
  /** What the pool knows of this answer. Non-standard. */
  runestone: AnswerInfo;
}
