import type { EmbeddingRequest } from './embedding.ts';
import { isRecord } from './json.ts';
import type { ChatRequest } from './request.ts';

/**
 * Characters of English prose or JSON to a token, rounded down: an estimate should rather be too high.
 *
 * About four by OpenAI's tokenizers; Claude's since Opus 4.7 makes some 30 % more tokens of a text (REQ-40).
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/token-counting
 */
const CHARS_PER_TOKEN = 3;

/** What the frame of a message takes, on the wires whose prompts are known. */
const TOKENS_PER_MESSAGE = 4;

/** An image at the resolution that most hosts scale to; a page of a document counts as one. */
const TOKENS_PER_IMAGE = 1_600;

/** Fields that are read as part of the prompt. */
const PROMPT_FIELDS = ['messages', 'tools', 'functions', 'response_format', 'system'] as const;

/**
 * Input tokens of a request, estimated by the length of its texts.
 *
 * For prose of most European languages within a half; tokenizers differ by as much. Nothing is decoded:
 * a picture counts the same whatever its size.
 */
export function estimateTokens(request: ChatRequest): number {
  let tokens = request.messages.length * TOKENS_PER_MESSAGE;
  for (const field of PROMPT_FIELDS) tokens += tokensIn(request[field]);
  return Math.ceil(tokens);
}

/** Tokens of what is to become vectors: texts by their length, as above; tokens by their number. */
export function estimateInputTokens(input: EmbeddingRequest['input']): number {
  return Math.ceil(sumOfInput(input, (text) => text.length / CHARS_PER_TOKEN));
}

/** The sum over all inputs of a request for vectors; a number is a token. */
export function sumOfInput(input: EmbeddingRequest['input'], ofText: (text: string) => number): number {
  if (typeof input === 'string') return ofText(input);
  let tokens = 0;
  for (const item of input) {
    if (typeof item === 'string') tokens += ofText(item);
    else tokens += typeof item === 'number' ? 1 : item.length;
  }
  return tokens;
}

function tokensIn(value: unknown): number {
  if (typeof value === 'string') return value.length / CHARS_PER_TOKEN;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + tokensIn(item), 0);
  if (!isRecord(value)) return 0;
  if (isMedia(value)) return TOKENS_PER_IMAGE;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + key.length / CHARS_PER_TOKEN + tokensIn(item),
    0,
  );
}

/** A part whose bytes are no text: an image, a file, a sound. */
function isMedia({ type }: Readonly<Record<string, unknown>>): boolean {
  return (
    type === 'image_url' ||
    type === 'image' ||
    type === 'file' ||
    type === 'document' ||
    type === 'input_audio'
  );
}
