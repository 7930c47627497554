import { isRecord } from '../chat/json.ts';
import type { ChatRequest } from '../chat/request.ts';

/** Length at which a run of characters shared by a message and the conversation counts as a quotation. */
const QUOTE_LENGTH = 16;

/** A whole prompt text shorter than that is masked too, down to this length: below it, words coincide. */
const SHORTEST_TEXT = 8;

/** Members whose values are words of the protocol, not of a person. */
const PROTOCOL_KEYS: ReadonlySet<string> = new Set([
  'role',
  'type',
  'id',
  'tool_call_id',
  'detail',
  'media_type',
]);

/**
 * Masks what an upstream message quotes of the conversation. Hosts echo parts of the request in their errors,
 * and an error is logged where a prompt must not be.
 */
export function withoutPrompt(message: string, request: ChatRequest): string {
  const texts = [...promptTexts(request.messages)];
  const quoted = new Array<boolean>(message.length).fill(false);
  for (let at = 0; at + QUOTE_LENGTH <= message.length; at++) {
    const window = message.slice(at, at + QUOTE_LENGTH);
    if (texts.some((text) => text.includes(window))) quoted.fill(true, at, at + QUOTE_LENGTH);
  }
  for (const text of texts) {
    if (text.length < SHORTEST_TEXT || text.length >= QUOTE_LENGTH) continue;
    const at = message.indexOf(text);
    if (at >= 0) quoted.fill(true, at, at + text.length);
  }
  return masked(message, quoted);
}

function masked(message: string, quoted: readonly boolean[]): string {
  let result = '';
  for (let at = 0; at < message.length; at++) {
    if (!quoted[at]) result += message[at];
    else if (!quoted[at - 1]) result += '[…]';
  }
  return result;
}

/** Every text of the conversation, wherever it stands. */
function* promptTexts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* promptTexts(item);
  else if (isRecord(value)) {
    for (const key of Object.keys(value)) if (!PROTOCOL_KEYS.has(key)) yield* promptTexts(value[key]);
  }
}
