import type { EmbeddingRequest, EmbeddingResponse } from '../chat/embedding.ts';
import { parseEmbedding } from '../chat/parse-embedding.ts';
import type { Embedded } from '../provider-kit/provider.ts';
import { promptTokens } from '../usage/usage.ts';
import type { Answer } from './answer.ts';
import type { Asked } from './front-desk.ts';

/** A request for vectors, as the pipeline takes it: a chat without messages, for the model's sake. */
export function askForEmbedding(input: EmbeddingRequest): Asked {
  const embedding = parseEmbedding(input);
  const { model } = embedding;
  const request = { messages: [], stream: false, ...(model !== undefined && { model }) };
  return { request, operation: { kind: 'embed', embedding } };
}

/** What the answer brought, in OpenAI's shape and in the order of the input. */
export async function embeddingOf(answer: Answer): Promise<EmbeddingResponse> {
  // Made by `call-provider.ts`, which has checked it.
  const { data, model } = (await answer.result()) as Embedded;
  const info = answer.running.info();
  const tokens = (info.usage && promptTokens(info.usage)) ?? 0;
  return {
    object: 'list',
    data: data.toSorted((left, right) => left.index - right.index),
    model: model ?? info.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    runestone: info,
  };
}
