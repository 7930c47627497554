import { type ChatEvent, isRecord, type JsonObject } from '../../../provider-kit/index.ts';
import { type ChatErrorContext, inAnswerFailure, notAnAnswer } from '../errors.ts';
import type { ChunkReducer } from './chunk-reducer.ts';
import { saysError } from './says-error.ts';

/**
 * Reads a whole completion, the JSON answer, through the reducer that reads streams: one way, one result.
 *
 * @param reducer - a fresh one
 * @param out - what the completion tells is appended here
 * @throws ProviderError for an error in place of an answer, and `bad_response` for anything else that is none
 *   (ERR-55, FIN-11)
 */
export function readCompletion(
  body: unknown,
  reducer: ChunkReducer,
  context: ChatErrorContext,
  out: ChatEvent[],
): void {
  const answer = isRecord(body) ? body : {};
  const choices = answer['choices'];
  const hasChoices = Array.isArray(choices) && choices.length > 0;
  // Google wraps its errors in a list.
  if (Array.isArray(body) || saysError(answer, hasChoices)) throw inAnswerFailure(body, context);
  if (!hasChoices) throw notAnAnswer(context, 'the answer has no choices', true);
  reducer.push({ ...answer, choices: choices.map(numbered) }, out);
  if (!reducer.stopped) throw notAnAnswer(context, 'the answer has no finish reason');
  reducer.end(out);
}

/** Each call in its place: in a whole answer two are never fragments of one. */
function numbered(choice: unknown): unknown {
  const message = isRecord(choice) ? choice['message'] : undefined;
  if (!isRecord(choice) || !isRecord(message)) return choice;
  const calls = message['tool_calls'];
  const placed = Array.isArray(calls) ? { ...message, tool_calls: calls.map(place) } : message;
  // Perplexity sends an empty `delta` beside it.
  return { ...choice, delta: undefined, message: placed };
}

function place(call: unknown, index: number): unknown {
  return isRecord(call) ? ({ ...call, index } satisfies JsonObject) : call;
}
