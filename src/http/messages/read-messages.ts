import type { JsonObject } from '../../chat/json.ts';
import { isRecord } from '../../chat/json.ts';
import { parseWith } from '../../chat/parse-request.ts';
import type { ChatRequest } from '../../chat/request.ts';
import { thoughtFields } from './message-thinking.ts';
import { toolChoiceOf, toolOf } from './message-tools.ts';
import { chatMessages } from './message-turns.ts';
import { countedSchema, messagesSchema } from './messages-schema.ts';
import { refuseThread } from './threads.ts';

/** Fields that mean the same in both dialects, or that the house knows by Anthropic's name (section 1.10). */
const SAME: ReadonlySet<string> = new Set([
  ...['model', 'temperature', 'top_p', 'top_k', 'cache_control', 'container', 'context_management'],
  ...['compaction', 'mcp_servers', 'fallbacks', 'fallback_credit_token', 'billing_policy', 'diagnostics'],
  ...['inference_geo', 'speed', 'output_format', 'user_profile_id', 'workspace_id'],
]);

/** Longest id of an end user that OpenAI takes. */
const MAX_USER = 64;

/**
 * A chat request for a Messages request. Sent to Claude, it becomes the same request again, up to the normal form of
 * the house; to other hosts it says what OpenAI's dialect has words for.
 *
 * @throws InvalidRequestError naming the client's field
 */
export function readMessages(body: unknown, headers: Headers): ChatRequest {
  const asked = parseWith(messagesSchema, body, 'the request must be an object with `messages`');
  const { max_tokens: cap, stop_sequences: stops, metadata, service_tier: tier } = asked;
  // `standard_only` is what OpenAI calls the default; `auto` is what both do anyway (REQ-29).
  const fields: Partial<ChatRequest> = {
    ...(cap !== 0 && { max_tokens: Number(cap) }),
    ...(Array.isArray(stops) && { stop: stops }),
    ...userField(metadata),
    ...(typeof tier === 'string' &&
      tier !== 'auto' && { service_tier: tier === 'standard_only' ? 'default' : tier }),
  };
  return assemble(asked, headers, fields, {
    ...(cap === 0 && { prewarm: true }),
    // Claude takes more of them than OpenAI does.
    ...(Array.isArray(stops) && stops.length > 4 && { stop_sequences: stops }),
    ...(isRecord(metadata) && { metadata }),
  });
}

/**
 * The chat request whose input is to be counted: without what concerns the answer.
 *
 * @throws InvalidRequestError naming the client's field
 */
export function readCounted(body: unknown, headers: Headers): ChatRequest {
  return assemble(
    parseWith(countedSchema, body, 'the request must be an object with `messages`'),
    headers,
    {},
    {},
  );
}

/** Fields that are read by themselves; `stream` is the door's. */
const READ: ReadonlySet<string> = new Set([
  ...['messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config', 'thread', 'stream'],
  ...['max_tokens', 'stop_sequences', 'metadata', 'service_tier'],
]);

/** What asking and counting have in common. */
function assemble(
  asked: JsonObject,
  headers: Headers,
  fields: Partial<ChatRequest>,
  bag: JsonObject,
): ChatRequest {
  refuseThread(asked);
  const { messages, system, tools, tool_choice: choice, thinking, output_config: config } = asked;
  const thought = thoughtFields(thinking, config);
  const names = Object.keys(asked).filter((name) => asked[name] !== null && !READ.has(name));
  const pick = (keep: (name: string) => boolean): JsonObject =>
    Object.fromEntries(names.filter(keep).map((name) => [name, asked[name]]));
  return {
    ...pick((name) => SAME.has(name)),
    ...fields,
    ...thought.fields,
    messages: chatMessages(system, Array.isArray(messages) ? messages : []),
    ...(Array.isArray(tools) && { tools: tools.filter(isRecord).map(toolOf) }),
    ...toolChoiceOf(choice),
    anthropic: {
      // What nobody here knows is Claude's to judge; other hosts would refuse it.
      ...pick((name) => !SAME.has(name)),
      ...betasOf(headers),
      ...bag,
      ...thought.bag,
    },
  };
}

/**
 * Betas go on to Claude, but for two: threads are refused here, and `oauth` is about the client's own credential,
 * which stays with us.
 */
function betasOf(headers: Headers): JsonObject {
  const names = (headers.get('anthropic-beta') ?? '').split(',').map((name) => name.trim());
  const betas = names.filter((name) => name !== '' && !/^(?:message-threads|oauth)-/.test(name));
  return betas.length > 0 ? { betas } : {};
}

/** The id of the end user, where it fits into OpenAI's field. */
function userField(metadata: unknown): Partial<ChatRequest> {
  const id = isRecord(metadata) ? metadata['user_id'] : undefined;
  return typeof id === 'string' && id !== '' && id.length <= MAX_USER ? { user: id } : {};
}
