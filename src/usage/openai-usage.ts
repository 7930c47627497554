import { promptTokens, type Usage } from './usage.ts';

/** `usage` of a chat completion, as OpenAI nests it: the cached part counts inside `prompt_tokens`. */
export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number; audio_tokens?: number };
  completion_tokens_details?: {
    audio_tokens?: number;
    reasoning_tokens?: number;
    accepted_prediction_tokens?: number;
    rejected_prediction_tokens?: number;
  };
  /** Figures OpenAI has no field for: calls of server tools, billing notes, iterations. */
  provider_specific?: Record<string, unknown>;
}

/**
 * OpenAI's nested view of our disjoint buckets.
 *
 * @returns `undefined` when input or output is unknown: OpenAI's type has no way to say so, and 0 would be a lie
 */
export function toCompletionUsage(usage: Usage): CompletionUsage | undefined {
  const prompt = promptTokens(usage);
  const completion = usage.outputTokens;
  if (prompt === undefined || completion === undefined) return undefined;
  const details: CompletionUsage['completion_tokens_details'] = {
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  };
  if (usage.reasoningTokens !== undefined) details.reasoning_tokens = usage.reasoningTokens;
  if (usage.audioOutputTokens !== undefined) details.audio_tokens = usage.audioOutputTokens;
  const view: CompletionUsage = {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      cache_write_tokens: (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0),
      ...(usage.audioInputTokens !== undefined && { audio_tokens: usage.audioInputTokens }),
    },
    completion_tokens_details: details,
  };
  const extras = providerSpecific(usage);
  if (extras) view.provider_specific = extras;
  return view;
}

function providerSpecific(usage: Usage): Record<string, unknown> | undefined {
  const { serverTools, billed, providerSpecific: own } = usage;
  if (!serverTools && billed === undefined && !own) return undefined;
  return {
    ...own,
    ...(serverTools && {
      server_tool_use: {
        web_search_requests: serverTools.webSearchRequests ?? 0,
        web_fetch_requests: serverTools.webFetchRequests ?? 0,
      },
    }),
    ...(billed !== undefined && { billed }),
  };
}
