import { isRecord } from '../chat/json.ts';
import type { ChatRequest } from '../chat/request.ts';

/** Length at which a run of characters shared by a message and the conversation counts as a quotation. */
const QUOTE_LENGTH = 16;

/** Step at which a conversation is looked through: a run of 16 holds one whole block of 8, wherever it starts. */
const BLOCK_LENGTH = QUOTE_LENGTH / 2;

/** A whole prompt text shorter than a quotation is masked too, down to this length: below it, words coincide. */
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
  const quoted = new Array<boolean>(message.length).fill(false);
  const blocks = placesOf(message, BLOCK_LENGTH);
  const windows = placesOf(message, QUOTE_LENGTH);
  for (const text of promptTexts(request.messages)) {
    if (text.length >= QUOTE_LENGTH) {
      for (const at of sharedPlaces(text, blocks, windows)) quoted.fill(true, at, at + QUOTE_LENGTH);
    } else if (text.length >= SHORTEST_TEXT) {
      for (let at = message.indexOf(text); at >= 0; at = message.indexOf(text, at + 1)) {
        quoted.fill(true, at, at + text.length);
      }
    }
  }
  return masked(message, quoted);
}

type Places = Map<string, number[]>;

/** Where each piece of the given length starts. */
function placesOf(message: string, length: number): Places {
  const places: Places = new Map();
  for (let at = 0; at + length <= message.length; at++) {
    const piece = message.slice(at, at + length);
    const known = places.get(piece);
    if (known) known.push(at);
    else places.set(piece, [at]);
  }
  return places;
}

/** Where in the message a run starts that the text holds too. One pass, because conversations have megabytes. */
function* sharedPlaces(text: string, blocks: Places, windows: Places): Generator<number> {
  for (let at = 0; at + BLOCK_LENGTH <= text.length; at += BLOCK_LENGTH) {
    if (!blocks.has(text.slice(at, at + BLOCK_LENGTH))) continue;
    for (let from = Math.max(0, at - BLOCK_LENGTH); from <= at; from++) {
      const window = text.slice(from, from + QUOTE_LENGTH);
      yield* windows.get(window) ?? [];
      // Told of once: a long row of dashes on both sides would be told of again at every step.
      windows.delete(window);
    }
  }
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
