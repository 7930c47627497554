import { AnswerReader, isRecord, type WireResponse } from '../../provider-kit/index.ts';
import type { MessageReducer } from './decode/message-reducer.ts';
import { parseEvent } from './decode/parse-event.ts';
import { readMessage } from './decode/read-message.ts';
import { type ErrorContext, inStreamError } from './errors.ts';

/** Reads an answer of the Messages API, streamed or whole, through one reducer. */
export function messageReader(
  response: WireResponse,
  reducer: MessageReducer,
  context: ErrorContext,
): AnswerReader {
  const { provider, model } = context;
  return new AnswerReader(
    response,
    { provider, model },
    {
      get stopped() {
        return reducer.stopped;
      },
      push(data, out) {
        reducer.push(parseEvent(data), out);
        return reducer.finished;
      },
      end: (out) => reducer.endOfStream(out),
      readWhole(text, out) {
        const message = parseEvent(text);
        if (isRecord(message) && message['type'] === 'error') throw inStreamError(message, context);
        readMessage(message, reducer, out);
      },
    },
  );
}
