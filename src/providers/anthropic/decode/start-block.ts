import { type ChatEvent, isRecord, type JsonObject } from '../../../provider-kit/index.ts';
import type { AnswerSoFar } from './answer-so-far.ts';
import type { ContentBlock } from './content-block.ts';
import { OpaqueBlock } from './opaque-block.ts';
import { TextBlock } from './text-block.ts';
import { SignedThinking } from './thinking-block.ts';
import { startTool } from './tool-block.ts';

/** The reader for a block, chosen by the type in its start event, and what the start alone has to tell. */
export function startBlock(start: JsonObject, answer: AnswerSoFar, out: ChatEvent[]): ContentBlock {
  switch (start['type']) {
    case 'text':
      return new TextBlock(start, answer, out);
    case 'thinking':
      return new SignedThinking(start, answer, out);
    case 'tool_use':
      return startTool(start, answer, out);
    // The two below have no deltas: they are told from their start and then kept whole.
    case 'redacted_thinking':
      tellRedacted(start['data'], answer, out);
      break;
    case 'fallback':
      takeOver(start['to'], answer);
      break;
  }
  return new OpaqueBlock(start, answer);
}

/** STR-10: comes whole in its start event. Without its data it is of no use to the next turn. */
function tellRedacted(data: unknown, answer: AnswerSoFar, out: ChatEvent[]): void {
  answer.thought = true;
  if (typeof data !== 'string') return;
  out.push({ type: 'thinking_block', block: { type: 'redacted_thinking', data } });
}

/** STR-12d: what the first model called is dropped when the conversation goes on. */
function takeOver(to: unknown, answer: AnswerSoFar): void {
  answer.voidCalls();
  // Several may follow one another; the last one serves.
  const model = isRecord(to) ? to['model'] : undefined;
  if (typeof model === 'string') answer.servedBy = model;
}
