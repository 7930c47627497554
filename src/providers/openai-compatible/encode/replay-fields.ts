import { isRecord, type JsonObject } from '../../../provider-kit/index.ts';

/** What this provider said in an earlier turn beyond OpenAI's shape, as the caller sends it back. */
function ownFields(message: JsonObject, provider: string): JsonObject {
  const fields = message['provider_specific_fields'];
  const own = isRecord(fields) && Object.hasOwn(fields, provider) ? fields[provider] : undefined;
  return isRecord(own) ? own : {};
}

/**
 * Adds to an assistant's message what its host wants back: the reasoning it gave, signed (OpenRouter's
 * `reasoning_details`) or in words (DeepSeek). Without it such hosts forget their train of thought, or refuse.
 *
 * @param replayReasoning - the field for reasoning in words; none is sent without it
 */
export function addReplay(
  message: JsonObject,
  provider: string,
  replayReasoning: string | undefined,
  changes: Record<string, unknown>,
): void {
  const details = ownFields(message, provider)['reasoning_details'];
  if (Array.isArray(details)) changes['reasoning_details'] = details;
  const reasoning = message['reasoning_content'];
  if (replayReasoning !== undefined && typeof reasoning === 'string' && reasoning !== '') {
    changes[replayReasoning] = reasoning;
  }
}

/**
 * Further fields of this message's tool calls, by call id; `undefined` when this host did not make them. Gemini's `extra_content` holds the signature of a
 * thought, and Gemini 3 refuses a call that comes back without it.
 */
export function callExtras(message: JsonObject, provider: string): JsonObject | undefined {
  const extras = ownFields(message, provider)['tool_calls'];
  return isRecord(extras) ? extras : undefined;
}
