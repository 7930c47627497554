import { isRecord } from '../chat/json.ts';

/** Letters and digits in a row, shared by a message and the conversation, that count as a quotation. */
const QUOTE_LENGTH = 12;

/** Step at which a conversation is looked through: a run of 12 holds one whole block of 6, wherever it starts. */
const BLOCK_LENGTH = QUOTE_LENGTH / 2;

/** A whole text, or a line of one, is masked down to this length: below it, words coincide. */
const SHORTEST_LINE = 8;

/** Members whose values are words of the protocol, not of a person. */
const PROTOCOL_KEYS: ReadonlySet<string> = new Set([
  'role',
  'type',
  'id',
  'tool_call_id',
  'detail',
  'media_type',
]);

/** Fields of a request that hold such words only, or names that an error must be able to say. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'modalities',
  'reasoning_effort',
  'service_tier',
  'thinking',
  'tool_choice',
]);

/** A request of any kind. */
type Asked = Readonly<Record<string, unknown>>;

/**
 * Masks what an upstream message quotes of the request, or of the answer so far. Hosts echo both in their errors,
 * as they are, as JSON, or with their white space changed; and an error is logged where a prompt must not be.
 *
 * @param answer - what has been delivered, in pieces
 */
export function withoutQuotes(message: string, request: Asked, answer: readonly string[]): string {
  const { plain, places } = plainWithPlaces(message);
  const quoted = new Array<boolean>(message.length).fill(false);
  const mask = (from: number, length: number): void => {
    quoted.fill(true, places[from], places[from + length - 1]! + 1);
  };
  const blocks = placesOf(plain, BLOCK_LENGTH);
  const windows = placesOf(plain, QUOTE_LENGTH);
  for (const text of textsOf(request, answer)) {
    for (const at of sharedPlaces(plainOf(text), blocks, windows)) mask(at, QUOTE_LENGTH);
    for (const line of shortLines(text)) {
      for (let at = plain.indexOf(line); at >= 0; at = plain.indexOf(line, at + 1)) mask(at, line.length);
    }
  }
  return masked(message, quoted);
}

/**
 * What stands for a character in JSON, or for white space, however often it was written as JSON. From the start of a
 * run alone: from each place of it, a long run of backslashes would be read again (I5).
 */
const ESCAPE = /(?<!\\)\\+(?:u([0-9a-f]{4})|[nrtbf])/giu;

/** That, and what is no letter or digit. */
const BETWEEN = new RegExp(`${ESCAPE.source}|[^\\p{L}\\p{N}]`, 'giu');

/** What is no letter or digit, where that is not for ASCII to say. */
const BEYOND_ASCII = /[^\0-\x7f]+/g;

/**
 * The letters and digits of a text, in lower case: the same however it was written down.
 *
 * A loop, because a regular expression that matches at every word takes a second for 10 MB (I2).
 */
function plainOf(text: string): string {
  const unescaped = text.includes('\\') ? text.replaceAll(ESCAPE, decoded) : text;
  const lettered = unescaped.replaceAll(BEYOND_ASCII, lettersOf);
  const codes = new Uint16Array(lettered.length);
  let length = 0;
  for (let at = 0; at < lettered.length; at++) {
    const code = lettered.charCodeAt(at);
    const isUpper = code >= 0x41 && code <= 0x5a;
    const isPlain = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code > 0x7f;
    if (isUpper) codes[length++] = code + 0x20;
    else if (isPlain) codes[length++] = code;
  }
  return new TextDecoder('utf-16le').decode(codes.subarray(0, length));
}

function lettersOf(run: string): string {
  return run.replaceAll(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
}

function decoded(_: string, hex: string | undefined): string {
  if (hex === undefined) return '';
  const character = String.fromCharCode(Number.parseInt(hex, 16));
  return /[\p{L}\p{N}]/u.test(character) ? character : '';
}

/** The same, with the place of each character in the text. */
function plainWithPlaces(text: string): { readonly plain: string; readonly places: readonly number[] } {
  let plain = '';
  const places: number[] = [];
  const take = (part: string, at: (index: number) => number): void => {
    for (const [index, character] of [...part].entries()) {
      for (const unit of character.toLowerCase()) {
        plain += unit;
        places.push(...new Array<number>(unit.length).fill(at(index)));
      }
    }
  };
  let from = 0;
  for (const match of text.matchAll(BETWEEN)) {
    const start = from;
    take(text.slice(start, match.index), (index) => start + index);
    take(decoded('', match[1]), () => match.index);
    from = match.index + match[0].length;
  }
  take(text.slice(from), (index) => from + index);
  return { plain, places };
}

/** Lines that are too short for a quotation and too long for chance. A text of one line is one. */
function* shortLines(text: string): Generator<string> {
  // Whoever has pages has a name for every short word.
  if (text.length > 10_000) return;
  for (const line of text.split('\n')) {
    const plain = plainOf(line);
    if (plain.length >= SHORTEST_LINE && plain.length < QUOTE_LENGTH) yield plain;
  }
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

/** Names of tools and of their parameters: an error must be able to say them. */
const NAME_KEYS: ReadonlySet<string> = new Set([...PROTOCOL_KEYS, 'name', 'required']);

function* textsOf(request: Asked, answer: readonly string[]): Generator<string> {
  for (const field of Object.keys(request)) {
    const passed = field === 'messages' ? PROTOCOL_KEYS : NAME_KEYS;
    if (!PLAIN_FIELDS.has(field)) yield* stringsIn(request[field], passed);
  }
  if (answer.length > 0) yield answer.join('');
}

/** Every text in a value, wherever it stands but under the given keys. */
function* stringsIn(value: unknown, passed: ReadonlySet<string>): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* stringsIn(item, passed);
  else if (isRecord(value)) {
    for (const key of Object.keys(value)) if (!passed.has(key)) yield* stringsIn(value[key], passed);
  }
}
