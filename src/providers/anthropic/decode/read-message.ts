import { type ChatEvent, isRecord } from '../../../provider-kit/index.ts';
import type { MessageReducer } from './message-reducer.ts';
import { eventsOfBlock } from './whole-block.ts';

/**
 * Reads a whole message, the JSON answer, through the reducer that reads streams: one way, one result.
 *
 * @param reducer - a fresh one
 * @param out - what the message tells is appended here
 * @throws ProviderError for an error in place of a message, and `bad_response` for anything else that is none
 *   (ERR-55, FIN-11)
 */
export function readMessage(message: unknown, reducer: MessageReducer, out: ChatEvent[]): void {
  if (!isRecord(message)) throw reducer.badResponse('the answer is not a message');
  const { content, stop_reason: stopReason, usage } = message;
  if (!Array.isArray(content)) {
    reducer.push(message, out);
    throw reducer.badResponse('the answer is not a message');
  }
  if (typeof stopReason !== 'string' || stopReason === '')
    throw reducer.badResponse('the answer has no stop reason');
  const head = { ...message, content: [], stop_reason: null };
  reducer.push({ type: 'message_start', message: head }, out);
  for (const [index, block] of content.entries()) {
    if (isRecord(block)) for (const event of eventsOfBlock(block, index)) reducer.push(event, out);
  }
  reducer.push({ type: 'message_delta', delta: message, usage }, out);
  reducer.push({ type: 'message_stop' }, out);
}
