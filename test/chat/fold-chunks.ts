import type { ChatCompletionChunk, ChunkDelta } from '../../src/chat/completion.ts';

/** A tool call as it grows. */
type Growing = Record<string, unknown> & { function?: { name: string; arguments: string } };

/**
 * Chunks to a completion, in the way every client of OpenAI's API does it: texts are joined, calls are found by
 * their index, lists and records grow, the rest is replaced. Shares no line with the house's own folding.
 */
export function foldChunks(chunks: readonly ChatCompletionChunk[]): unknown {
  const [first] = chunks;
  const message: Record<string, unknown> = {};
  const calls: Growing[] = [];
  const answer: Record<string, unknown> = { index: 0, logprobs: null };
  const rest: Record<string, unknown> = {};
  for (const { choices, service_tier, usage, runestone } of chunks) {
    for (const { delta, finish_reason, native_finish_reason } of choices) {
      addDelta(message, calls, delta);
      if (finish_reason !== null) answer['finish_reason'] = finish_reason;
      if (native_finish_reason !== undefined) answer['native_finish_reason'] = native_finish_reason;
    }
    if (service_tier) rest['service_tier'] = service_tier;
    if (usage) rest['usage'] = usage;
    if (runestone) rest['runestone'] = runestone;
  }
  if (calls.length > 0) message['tool_calls'] = calls;
  // A client sees no difference between "no text" and "empty text"; the contract does (RES-5).
  if (message['content'] === '' && (calls.length > 0 || message['function_call'] || message['refusal']))
    message['content'] = null;
  return {
    id: first?.id,
    object: 'chat.completion',
    created: first?.created,
    model: first?.model,
    choices: [{ ...answer, message }],
    ...rest,
  };
}

function addDelta(message: Record<string, unknown>, calls: Growing[], delta: ChunkDelta): void {
  const { tool_calls, function_call, thinking_blocks, provider_specific_fields, ...plain } = delta;
  for (const [key, value] of Object.entries(plain)) {
    const before = message[key];
    message[key] =
      typeof value === 'string' && typeof before === 'string' && key !== 'role' ? before + value : value;
  }
  for (const { index, ...part } of tool_calls ?? []) {
    const known = calls[index];
    if (known?.function) known.function.arguments += part.function?.arguments ?? '';
    else calls[index] = structuredClone(part) as Growing;
  }
  if (function_call) {
    const known = message['function_call'] as { arguments: string } | undefined;
    if (known) known.arguments += function_call.arguments ?? '';
    else message['function_call'] = { ...function_call };
  }
  if (thinking_blocks)
    message['thinking_blocks'] = [
      ...((message['thinking_blocks'] as unknown[] | undefined) ?? []),
      ...thinking_blocks,
    ];
  if (provider_specific_fields)
    message['provider_specific_fields'] = {
      ...(message['provider_specific_fields'] as object | undefined),
      ...provider_specific_fields,
    };
}
