import type { JsonObject } from '../../chat/json.ts';
import type { Usage } from '../../usage/usage.ts';
import type { MessageForm } from './message-form.ts';

/**
 * `usage` of a message. Both buckets of the wire are disjoint, as ours are.
 *
 * Input and output are numbers on this wire and nothing else: what is not known of them is 0 there.
 */
export function messageUsage(usage: Usage | undefined, form: MessageForm): JsonObject {
  const { cacheWrite5mTokens: short, cacheWrite1hTokens: long, modifiers } = usage ?? {};
  const hasLives = short !== undefined || long !== undefined;
  const created = { ephemeral_5m_input_tokens: short ?? 0, ephemeral_1h_input_tokens: long ?? 0 };
  return form.fields({
    ...growing(usage),
    cache_creation: hasLives ? created : undefined,
    service_tier: TIERS.get(modifiers?.serviceTier ?? ''),
    speed: modifiers?.speed,
    inference_geo: modifiers?.inferenceGeo,
  });
}

/** `usage` of a `message_delta`: the totals of the whole message (USE-6). */
export function deltaUsage(usage: Usage | undefined, form: MessageForm): JsonObject {
  return form.fields(growing(usage));
}

/** Hosts that speak OpenAI's dialect call the usual tier `default`. */
const TIERS: ReadonlyMap<string, string> = new Map([
  ['standard', 'standard'],
  ['default', 'standard'],
  ['priority', 'priority'],
  ['batch', 'batch'],
]);

/** The figures that go on growing while the answer comes. */
function growing(usage: Usage = {}): JsonObject {
  const { cacheWrite5mTokens: short, cacheWrite1hTokens: long, reasoningTokens, serverTools } = usage;
  return {
    input_tokens: usage.inputTokens ?? 0,
    cache_creation_input_tokens:
      short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0),
    cache_read_input_tokens: usage.cacheReadTokens,
    output_tokens: usage.outputTokens ?? 0,
    output_tokens_details: reasoningTokens === undefined ? undefined : { thinking_tokens: reasoningTokens },
    server_tool_use: serverTools && {
      web_search_requests: serverTools.webSearchRequests ?? 0,
      web_fetch_requests: serverTools.webFetchRequests ?? 0,
    },
  };
}
