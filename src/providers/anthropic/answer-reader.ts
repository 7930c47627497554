import {
  type Batch,
  type ChatEvent,
  isRecord,
  ProviderError,
  readText,
  SseDecoder,
  sniff,
  type WireResponse,
} from '../../provider-kit/index.ts';
import type { MessageReducer } from './decode/message-reducer.ts';
import { parseEvent } from './decode/parse-event.ts';
import { readMessage } from './decode/read-message.ts';
import { type ErrorContext, inStreamError } from './errors.ts';

/** A JSON answer larger than this is no answer: the API's own limit for a request is 32 MB. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/**
 * Reads an answer with status 200, one network read at a time.
 *
 * The body decides how it is read, not its label: JSON for a stream and a stream for JSON both come out right,
 * and a web page or an error under a 200 is what it is (N1 to N7).
 */
export class AnswerReader {
  readonly #response: WireResponse;
  readonly #reducer: MessageReducer;
  readonly #context: ErrorContext;
  readonly #decoder: SseDecoder;
  #isStream = false;
  #over = false;
  /** What broke in a read that also brought something: thrown when more is asked for. */
  #failure: unknown;

  constructor(response: WireResponse, reducer: MessageReducer, context: ErrorContext) {
    this.#response = response;
    this.#reducer = reducer;
    this.#context = context;
    this.#decoder = new SseDecoder(context.provider);
  }

  /** The events of the next read, possibly none. Once it has ended or failed, it is over. */
  next(): Promise<IteratorResult<Batch>> {
    if (!this.#over && !this.#reducer.finished) {
      return this.#response.read().then(this.#onChunks, this.#onBroken);
    }
    const failure = this.#failure;
    this.#failure = undefined;
    this.#letGo();
    return failure === undefined
      ? Promise.resolve({ value: undefined, done: true })
      : Promise.reject(failure);
  }

  readonly #onChunks = (
    chunks: readonly Uint8Array[] | undefined,
  ): IteratorResult<Batch> | Promise<IteratorResult<Batch>> => {
    try {
      if (!this.#isStream && !this.#beginsStream(chunks)) return this.#readWhole(chunks);
      return { value: chunks ? this.#decode(chunks) : this.#end(), done: false };
    } catch (error) {
      // Whoever is thrown at does not ask again.
      this.#letGo();
      throw error;
    }
  };

  /** Damage after the stop reason is no damage to the answer (T38): what breaks then just ends. */
  readonly #onBroken = (error: unknown): IteratorResult<Batch> => {
    if (this.#reducer.stopped) return { value: this.#end(), done: false };
    this.#letGo();
    throw error;
  };

  #letGo(): void {
    this.#over = true;
    this.#response.finish();
  }

  #beginsStream(first: readonly Uint8Array[] | undefined): boolean {
    const kind = sniff(first);
    this.#isStream = kind === 'sse' || (kind === 'empty' && first !== undefined);
    if (kind === 'html') throw this.#notTheProtocol('a web page came instead of an answer');
    // An empty 200 may be gone on the next call, unlike a page.
    if (first === undefined) throw this.#notTheProtocol('the answer is empty', true);
    return this.#isStream;
  }

  #decode(chunks: readonly Uint8Array[]): Batch {
    const batch: ChatEvent[] = [];
    try {
      for (const data of this.#decoder.decode(chunks)) this.#reducer.push(this.#parse(data), batch);
      if (this.#decoder.failure) throw this.#decoder.failure;
    } catch (error) {
      // What came before the failure in the same read is delivered all the same.
      if (batch.length === 0) throw error;
      this.#failure = error;
      this.#over = true;
    }
    return batch;
  }

  #end(): Batch {
    this.#over = true;
    const batch: ChatEvent[] = [];
    this.#reducer.endOfStream(batch);
    return batch;
  }

  async #readWhole(first: readonly Uint8Array[] | undefined): Promise<IteratorResult<Batch>> {
    const { provider } = this.#context;
    const batch: ChatEvent[] = [];
    try {
      const text = await readText(this.#response, {
        provider,
        maxBytes: MAX_JSON_BYTES,
        ...(first && { first }),
      });
      const message = this.#parse(text);
      if (isRecord(message) && message['type'] === 'error') throw inStreamError(message, this.#context);
      readMessage(message, this.#reducer, batch);
    } finally {
      this.#letGo();
    }
    return { value: batch, done: false };
  }

  #parse(text: string): unknown {
    try {
      return parseEvent(text);
    } catch {
      // The parser's own message quotes the text, which may be anybody's.
      throw this.#notTheProtocol('the answer is not valid JSON');
    }
  }

  #notTheProtocol(message: string, retryable = false): ProviderError {
    const { provider, model } = this.#context;
    return new ProviderError({ provider, model, code: 'bad_response', message, retryable });
  }
}
