import type { AnswerInfo } from '../../chat/completion.ts';
import type { FinishReason } from '../../chat/events.ts';
import { isRecord, type JsonObject } from '../../chat/json.ts';
import { toServiceTier } from '../../usage/openai-tier.ts';
import { toCompletionUsage } from '../../usage/openai-usage.ts';
import type { Usage } from '../../usage/usage.ts';

/** Who answers. */
export interface ResponseHead {
  readonly id: string;
  readonly model: string;
  /** Epoch seconds. */
  readonly created: number;
}

/** How a response stands: what is known of it, from its beginning to its end. */
export interface ResponseState {
  /** The items that have been told. */
  readonly output: readonly JsonObject[];
  /** Absent as long as the answer goes on. */
  readonly finish?: { readonly reason: FinishReason; readonly info: AnswerInfo };
}

/** The `response` of every event that has one, and the body of a whole answer. It repeats the request, as OpenAI's does. */
export function responseObject(
  asked: JsonObject,
  { id, model, created }: ResponseHead,
  { output, finish }: ResponseState,
): JsonObject {
  const cut = finish && CUTS.get(finish.reason);
  const usage = finish?.info.usage;
  return {
    id,
    object: 'response',
    created_at: created,
    status: finish ? (cut ? 'incomplete' : 'completed') : 'in_progress',
    background: false,
    error: null,
    incomplete_details: cut ? { reason: cut } : null,
    model,
    ...repeated(asked),
    output,
    // Nothing is kept here, whatever was asked for.
    store: false,
    previous_response_id: null,
    truncation: 'disabled',
    service_tier: (usage && toServiceTier(usage)) ?? null,
    usage: usage ? (responseUsage(usage) ?? null) : null,
    ...(finish && { runestone: finish.info }),
  };
}

/** Why an answer is incomplete, for the reasons that make it so. */
const CUTS: ReadonlyMap<FinishReason, string> = new Map([
  ['length', 'max_output_tokens'],
  ['content_filter', 'content_filter'],
]);

/** The request's own fields, with OpenAI's word for those that were left out. */
function repeated(asked: JsonObject): JsonObject {
  const { effort, summary } = isRecord(asked['reasoning']) ? asked['reasoning'] : {};
  const text = isRecord(asked['text']) ? asked['text'] : {};
  return {
    instructions: asked['instructions'] ?? null,
    max_output_tokens: asked['max_output_tokens'] ?? null,
    metadata: asked['metadata'] ?? {},
    parallel_tool_calls: asked['parallel_tool_calls'] ?? true,
    reasoning: { effort: effort ?? null, summary: summary ?? null },
    temperature: asked['temperature'] ?? null,
    text: { ...text, format: text['format'] ?? { type: 'text' } },
    tool_choice: asked['tool_choice'] ?? 'auto',
    tools: asked['tools'] ?? [],
    top_p: asked['top_p'] ?? null,
  };
}

/**
 * `usage` in the words of this dialect: as in chat, the cached part counts inside the input (USE-4).
 *
 * @returns `undefined` when input or output is not known: this wire has no way to say so, and 0 would be a lie
 */
export function responseUsage(usage: Usage): JsonObject | undefined {
  const told = toCompletionUsage(usage);
  if (!told) return undefined;
  return {
    input_tokens: told.prompt_tokens,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, ...told.prompt_tokens_details },
    output_tokens: told.completion_tokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: told.total_tokens,
  };
}
