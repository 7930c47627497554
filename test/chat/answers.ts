import { Accumulator } from '../../src/chat/accumulate.ts';
import type { AnswerInfo, ChatCompletion, ChatCompletionChunk } from '../../src/chat/completion.ts';
import { type AnswerForm, type AnswerHead, ChunkEncoder } from '../../src/chat/encode-chunk.ts';
import type { Batch, ChatEvent } from '../../src/chat/events.ts';

export const plain: AnswerForm = { includeUsage: false, legacyFunctions: false };
export const withUsage: AnswerForm = { includeUsage: true, legacyFunctions: false };
export const legacy: AnswerForm = { includeUsage: false, legacyFunctions: true };

/** What the pool says until the provider has spoken. */
export const head: AnswerHead = { id: 'chatcmpl-1', model: 'asked-model', created: 1_700_000_001 };

export const info: AnswerInfo = {
  requestId: 'req-1',
  provider: 'acme',
  model: 'asked-model',
  attempts: 1,
  usage: { inputTokens: 3, outputTokens: 5 },
  costUsd: 0.01,
  precision: 'reported',
  ttftMs: 12,
  durationMs: 34,
  warnings: [],
  trace: { strategy: 'priority', candidates: [], excluded: [], attempts: [] },
};

export const startOf = (id: string): ChatEvent => ({
  type: 'start',
  id,
  model: 'served-model',
  created: 1_700_000_002,
});
export const text = (value: string): ChatEvent => ({ type: 'text_delta', text: value });
export const refusal = (value: string): ChatEvent => ({ type: 'refusal_delta', text: value });
export const reasoning = (value: string): ChatEvent => ({ type: 'reasoning_delta', text: value });
export const thought = (thinking: string): ChatEvent => ({
  type: 'thinking_block',
  block: { type: 'thinking', thinking, signature: `signed ${thinking}` },
});
export const hidden: ChatEvent = {
  type: 'thinking_block',
  block: { type: 'redacted_thinking', data: 'Eq…' },
};
export const call = (index: number, name = `tool_${index}`): ChatEvent => ({
  type: 'tool_call_start',
  index,
  id: `call_${index}`,
  name,
});
export const args = (index: number, value: string): ChatEvent => ({
  type: 'tool_call_delta',
  index,
  arguments: value,
});
export const custom = (index: number, input: string): ChatEvent => ({
  type: 'custom_tool_call',
  index,
  id: `call_${index}`,
  name: `tool_${index}`,
  input,
});
export const cited = (url: string): ChatEvent => ({
  type: 'annotations',
  annotations: [
    { type: 'url_citation', url_citation: { url, title: 'A page', start_index: 0, end_index: 4 } },
  ],
});
export const vendor = (data: unknown, provider = 'acme'): ChatEvent => ({ type: 'vendor', provider, data });
export const used = (inputTokens: number, outputTokens: number): ChatEvent => ({
  type: 'usage',
  usage: { inputTokens, outputTokens },
});
export const warned: ChatEvent = { type: 'warning', warning: { code: 'clamped', message: 'x' } };
export const stop = (
  reason: 'stop' | 'length' | 'tool_calls' | 'content_filter' = 'stop',
  raw?: string,
): ChatEvent => ({
  type: 'finish',
  reason,
  raw,
});

/** All chunks of an answer, as the pool makes them: batch by batch, the finish last. */
export function chunksOf(batches: readonly Batch[], form: AnswerForm = plain): ChatCompletionChunk[] {
  const encoder = new ChunkEncoder(form, head);
  const answer = new Accumulator(head);
  const chunks: ChatCompletionChunk[] = [];
  for (const batch of batches) {
    answer.add(batch);
    encoder.encode(batch, chunks);
  }
  if (answer.finish) encoder.finish(answer.finish.reason, answer.finish.raw, info, chunks);
  return chunks;
}

/** The whole answer of the same events. */
export function completionOf(batches: readonly Batch[], form: AnswerForm = plain): ChatCompletion {
  const answer = new Accumulator(head);
  for (const batch of batches) answer.add(batch);
  return answer.completion(form, info);
}

/** What the chunks add, one after the other, without the role and the finish. */
export function deltasOf(...events: readonly ChatEvent[]): ChatCompletionChunk['choices'][number]['delta'][] {
  const encoder = new ChunkEncoder(plain, head);
  const chunks: ChatCompletionChunk[] = [];
  encoder.encode(events, chunks);
  return chunks.slice(1).map(({ choices }) => choices[0]?.delta ?? {});
}
