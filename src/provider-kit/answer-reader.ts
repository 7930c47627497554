import type { Batch, ChatEvent } from '../chat/events.ts';
import { ProviderError } from '../errors/index.ts';
import { readText, sniff } from './body.ts';
import { SseDecoder } from './sse.ts';
import type { WireResponse } from './wire.ts';

/** What one wire makes of the data that an answer consists of. May throw `ProviderError` and `SyntaxError`. */
export interface AnswerParser {
  /** The reason of the end is known: whatever breaks from here on, the answer is complete (T38). */
  readonly stopped: boolean;
  /**
   * Reads the data of one server-sent event; what it tells is appended to `out`.
   *
   * @returns true when the answer has ended
   */
  push(data: string, out: ChatEvent[]): boolean;
  /**
   * The error that an event named `error` tells. Asked where `push` made nothing of its data: some hosts write a bare
   * text there.
   */
  failure(data: string): Error;
  /** The body of a stream is over. Without a reason of the end it tells nothing, and the pool reports the cut. */
  end(out: ChatEvent[]): void;
  /** Reads an answer that came whole, as JSON. */
  readWhole(text: string, out: ChatEvent[]): void;
}

/** A JSON answer larger than this is no answer, in bytes. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/**
 * Reads an answer with status 200, one network read at a time.
 *
 * The body decides how it is read, not its label: JSON for a stream and a stream for JSON both come out right,
 * and a web page or an error under a 200 is what it is (N1 to N7).
 */
export class AnswerReader {
  readonly #response: WireResponse;
  readonly #named: { readonly provider: string; readonly model?: string | undefined };
  readonly #parser: AnswerParser;
  readonly #decoder: SseDecoder;
  #isStream = false;
  #over = false;
  /** What broke in a read that also brought something: thrown when more is asked for. */
  #failure: unknown;

  /** @param named - the provider and the model, for errors */
  constructor(
    response: WireResponse,
    named: { readonly provider: string; readonly model?: string | undefined },
    parser: AnswerParser,
  ) {
    this.#response = response;
    this.#named = named;
    this.#parser = parser;
    this.#decoder = new SseDecoder(named.provider);
  }

  /** The events of the next read, possibly none. Once it has ended or failed, it is over. */
  next(): Promise<IteratorResult<Batch>> {
    if (!this.#over) return this.#response.read().then(this.#onChunks, this.#onBroken);
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
      return { value: chunks ? this.#decode(chunks) : this.#end([]), done: false };
    } catch (error) {
      // Whoever is thrown at does not ask again.
      this.#letGo();
      throw error;
    }
  };

  /** Damage after the reason of the end is no damage to the answer (T38): what breaks then just ends. */
  readonly #onBroken = (error: unknown): IteratorResult<Batch> => {
    if (this.#parser.stopped) return { value: this.#end([]), done: false };
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
    if (kind === 'html') throw this.#notAnAnswer('a web page came instead of an answer');
    // An empty 200 may be gone on the next call, unlike a page.
    if (first === undefined) throw this.#notAnAnswer('the answer is empty', true);
    return this.#isStream;
  }

  #decode(chunks: readonly Uint8Array[]): Batch {
    const batch: ChatEvent[] = [];
    try {
      const events = this.#decoder.decode(chunks);
      const { errorAt } = this.#decoder;
      for (let at = 0; at < events.length; at++) {
        const data = events[at] ?? '';
        if (at === errorAt) throw this.#failureIn(data, batch);
        if (this.#parser.push(data, batch)) return this.#end(batch);
      }
      if (this.#decoder.failure) throw this.#decoder.failure;
    } catch (error) {
      return this.#parser.stopped ? this.#end(batch) : this.#fail(this.#explain(error), batch);
    }
    return batch;
  }

  /** What the data says itself goes before its name. */
  #failureIn(data: string, batch: ChatEvent[]): unknown {
    try {
      this.#parser.push(data, batch);
    } catch (error) {
      if (!(error instanceof SyntaxError)) return error;
    }
    return this.#parser.failure(data);
  }

  #end(batch: ChatEvent[]): Batch {
    this.#over = true;
    try {
      this.#parser.end(batch);
    } catch (error) {
      return this.#fail(error, batch);
    }
    return batch;
  }

  /** What came before the failure in the same read is delivered all the same. */
  #fail(error: unknown, batch: Batch): Batch {
    if (batch.length === 0) throw error;
    this.#failure = error;
    this.#over = true;
    return batch;
  }

  async #readWhole(first: readonly Uint8Array[] | undefined): Promise<IteratorResult<Batch>> {
    const { provider } = this.#named;
    const batch: ChatEvent[] = [];
    let text = '';
    try {
      text = await readText(this.#response, { provider, maxBytes: MAX_JSON_BYTES, ...(first && { first }) });
      this.#parser.readWhole(text, batch);
    } catch (error) {
      throw error instanceof SyntaxError && isCutShort(text) ? this.#cut() : this.#explain(error);
    } finally {
      this.#letGo();
    }
    return { value: batch, done: false };
  }

  /** A JSON parser's own message quotes the text, which may be anybody's. */
  #explain(error: unknown): unknown {
    return error instanceof SyntaxError ? this.#notAnAnswer('the answer is not valid JSON') : error;
  }

  /** A clean end in the middle of an answer is a cut, as it is in a stream (T35). */
  #cut(): ProviderError {
    const { provider, model } = this.#named;
    const message = 'the answer ends in the middle';
    return new ProviderError({ provider, model, code: 'stream_truncated', message });
  }

  #notAnAnswer(message: string, retryable = false): ProviderError {
    const { provider, model } = this.#named;
    return new ProviderError({ provider, model, code: 'bad_response', message, retryable });
  }
}

/** True for JSON that stops before its end: inside a string, or with a bracket left open. */
function isCutShort(text: string): boolean {
  let open = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isString && char === '\\') at++;
    else if (char === '"') isString = !isString;
    else if (!isString && (char === '{' || char === '[')) open++;
    else if (!isString && (char === '}' || char === ']')) open--;
  }
  return isString || open > 0;
}
