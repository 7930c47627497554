import type { EmbeddingRequest } from './embedding.ts';
import { sumOfInput } from './estimate-tokens.ts';
import { isRecord, type JsonObject } from './json.ts';
import type { ChatRequest } from './request.ts';

/** How much a prompt may come to at most, and what of it changes the price. */
export interface PromptBound {
  /** Input tokens; `undefined` when it refers to a document whose length cannot be seen. */
  readonly tokens: number | undefined;
  /** It holds sound, which has rates of its own. */
  readonly hasSound: boolean;
  /** It asks for a cache that lives an hour, the dearest to write. */
  readonly asksForHourCache: boolean;
}

/** What hosts put in front of a prompt on their own: instructions for tools and formats, the date. */
const HOST_TOKENS = 1_000;

/** What the frame of a message takes, at most. */
const TOKENS_PER_MESSAGE = 10;

/** Twice what tokenizers make of prose, and about what they make of code and numbers. */
const TOKENS_PER_ASCII = 1 / 2;

/** Of other scripts a character is one or two tokens; four bytes, the worst case, are two units of UTF-16. */
const TOKENS_PER_OTHER = 2;

/** The largest picture that hosts do not scale down comes to some 10,000 patches; a document has pages like it. */
const TOKENS_PER_IMAGE = 10_000;

/** Beside the messages: fields that are read as part of a prompt, and the bag of native fields. */
const FIELDS = ['messages', 'tools', 'functions', 'response_format', 'system', 'cache_control', 'anthropic'];

/**
 * A count of input tokens that a request will hardly exceed, by the length of all its texts: for reserving money.
 * For what is likely there is `estimateTokens`.
 *
 * No proof: dense text such as base64 can take more than half a token a character. What a provider's own tools add
 * while it answers is not foreseen.
 */
export function promptBound(request: ChatRequest): PromptBound {
  const walk = new Walk();
  for (const field of FIELDS) walk.take(request[field]);
  const frame = HOST_TOKENS + request.messages.length * TOKENS_PER_MESSAGE;
  return {
    tokens: walk.isOpen ? undefined : Math.ceil(frame + walk.tokens),
    hasSound: walk.hasSound,
    asksForHourCache: walk.asksForHourCache,
  };
}

/** The same of what is to become vectors. Hosts add nothing of their own to it. */
export function inputBound(input: EmbeddingRequest['input']): PromptBound {
  return { tokens: Math.ceil(sumOfInput(input, textBound)), hasSound: false, asksForHourCache: false };
}

/** Tokens of a text, by the same rule. */
export function textBound(text: string): number {
  let others = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) others++;
  return (text.length - others) * TOKENS_PER_ASCII + others * TOKENS_PER_OTHER;
}

class Walk {
  tokens = 0;
  /** Something is only referred to. */
  isOpen = false;
  hasSound = false;
  asksForHourCache = false;

  take(value: unknown): void {
    if (typeof value === 'string') this.tokens += textBound(value);
    else if (typeof value === 'number') this.tokens += TOKENS_PER_MESSAGE;
    else if (Array.isArray(value)) for (const item of value) this.take(item);
    else if (isRecord(value)) this.#takeObject(value);
  }

  #takeObject(object: JsonObject): void {
    const { type } = object;
    if (type === 'image_url' || type === 'image') {
      this.tokens += TOKENS_PER_IMAGE;
      return;
    }
    if (type === 'input_audio') this.hasSound = true;
    if (type === 'file' || type === 'document') {
      this.tokens += TOKENS_PER_IMAGE;
      this.isOpen ||= isReference(object);
    }
    if (object['ttl'] === '1h') this.asksForHourCache = true;
    for (const key in object) {
      this.tokens += textBound(key);
      this.take(object[key]);
    }
  }
}

/** A document that is not in the request itself: an id, or an address. What is inline counts like a text. */
function isReference(part: JsonObject): boolean {
  const source = isRecord(part['file']) ? part['file'] : part['source'];
  if (!isRecord(source)) return false;
  const { file_id: id, file_data: data, type, url } = source;
  const told = typeof data === 'string' ? data : url;
  return (
    id !== undefined ||
    type === 'url' ||
    type === 'file' ||
    (typeof told === 'string' && /^https?:/.test(told))
  );
}
