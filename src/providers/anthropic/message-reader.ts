import {
  type AnswerParser,
  AnswerReader,
  type ChatEvent,
  isRecord,
  type WireResponse,
} from '../../provider-kit/index.ts';
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
  return new AnswerReader(response, context, new MessageParser(reducer, context));
}

// A class, because a literal with a getter takes as long to make as a whole answer to read.
class MessageParser implements AnswerParser {
  readonly #reducer: MessageReducer;
  readonly #context: ErrorContext;

  constructor(reducer: MessageReducer, context: ErrorContext) {
    this.#reducer = reducer;
    this.#context = context;
  }

  get stopped(): boolean {
    return this.#reducer.stopped;
  }

  push(data: string, out: ChatEvent[]): boolean {
    this.#reducer.push(parseEvent(data), out);
    return this.#reducer.finished;
  }

  /** ERR-36. */
  failure(data: string): Error {
    return inStreamError(data, this.#context);
  }

  end(out: ChatEvent[]): void {
    this.#reducer.endOfStream(out);
  }

  readWhole(text: string, out: ChatEvent[]): void {
    const message = parseEvent(text);
    if (isRecord(message) && message['type'] === 'error') throw inStreamError(message, this.#context);
    readMessage(message, this.#reducer, out);
  }
}
