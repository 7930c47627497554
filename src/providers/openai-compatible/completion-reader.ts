import {
  type AnswerParser,
  AnswerReader,
  type ChatEvent,
  type WireResponse,
} from '../../provider-kit/index.ts';
import { type ChunkContext, ChunkReducer } from './decode/chunk-reducer.ts';
import { readCompletion } from './decode/read-completion.ts';
import { inStreamFailure } from './errors.ts';

/** The end of a stream, and nothing but these characters (V10, T39). */
const END_MARK = '[DONE]';

/** Reads an answer of a Chat Completions API, streamed or whole, through one reducer. */
export function completionReader(response: WireResponse, context: ChunkContext): AnswerReader {
  return new AnswerReader(response, context, new CompletionParser(context));
}

class CompletionParser implements AnswerParser {
  readonly #reducer: ChunkReducer;
  readonly #context: ChunkContext;

  constructor(context: ChunkContext) {
    this.#reducer = new ChunkReducer(context);
    this.#context = context;
  }

  get stopped(): boolean {
    return this.#reducer.stopped;
  }

  push(data: string, out: ChatEvent[]): boolean {
    if (data === END_MARK) return true;
    if (data !== '') this.#reducer.push(JSON.parse(data), out);
    return false;
  }

  /** ERR-54. */
  failure(data: string): Error {
    return inStreamFailure(data, this.#context);
  }

  end(out: ChatEvent[]): void {
    this.#reducer.end(out);
  }

  readWhole(text: string, out: ChatEvent[]): void {
    readCompletion(JSON.parse(text), this.#reducer, this.#context, out);
  }
}
