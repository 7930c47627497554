import type { RunestoneError } from '../errors/index.ts';
import type { ChatCompletionChunk } from './completion.ts';

/** The last line of an OpenAI stream that ended well. A stream that broke never has it. */
export const SSE_DONE = 'data: [DONE]\n\n';

/** Chunks that are ready together, as one piece of text for one write. Text cannot forge a line: JSON escapes it. */
export function encodeSse(chunks: readonly ChatCompletionChunk[]): string {
  let text = '';
  for (const chunk of chunks) text += `data: ${JSON.stringify(chunk)}\n\n`;
  return text;
}

/** A failure after the first byte (STR-20): an error frame, after which the stream just ends. */
export function encodeSseError(error: RunestoneError): string {
  return `data: ${JSON.stringify(error.toOpenAI())}\n\n`;
}
