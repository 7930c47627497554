import {
  type Batch,
  type ChatEvent,
  readText,
  SseDecoder,
  sniff,
  type WireResponse,
} from '../../provider-kit/index.ts';
import { type ChunkContext, ChunkReducer } from './decode/chunk-reducer.ts';
import { readCompletion } from './decode/read-completion.ts';
import { notAnAnswer } from './errors.ts';

/** A JSON answer larger than this is no answer: 128,000 tokens are under one megabyte. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** The end of a stream, and nothing but these characters (V10). */
const END_MARK = '[DONE]';

/**
 * Reads an answer with status 200, one network read at a time.
 *
 * The body decides how it is read, not its label: JSON for a stream and a stream for JSON both come out right,
 * and a web page or an error under a 200 is what it is (N1 to N7).
 */
export class CompletionReader {
  readonly #response: WireResponse;
  readonly #context: ChunkContext;
  readonly #reducer: ChunkReducer;
  readonly #decoder: SseDecoder;
  #isStream = false;
  #over = false;
  /** What broke in a read that also brought something: thrown when more is asked for. */
  #failure: unknown;

  constructor(response: WireResponse, context: ChunkContext) {
    this.#response = response;
    this.#context = context;
    this.#reducer = new ChunkReducer(context);
    this.#decoder = new SseDecoder(context.provider);
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

  /** Damage after the finish reason is no damage to the answer (T38): what breaks then just ends. */
  readonly #onBroken = (error: unknown): IteratorResult<Batch> => {
    if (this.#reducer.stopped) return { value: this.#end([]), done: false };
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
    if (kind === 'html') throw notAnAnswer(this.#context, 'a web page came instead of an answer');
    // An empty 200 may be gone on the next call, unlike a page.
    if (first === undefined) throw notAnAnswer(this.#context, 'the answer is empty', true);
    return this.#isStream;
  }

  #decode(chunks: readonly Uint8Array[]): Batch {
    const batch: ChatEvent[] = [];
    try {
      return this.#pushAll(chunks, batch) ? this.#end(batch) : batch;
    } catch (error) {
      return this.#reducer.stopped && !this.#over ? this.#end(batch) : this.#fail(error, batch);
    }
  }

  /** @returns true when the mark of the end was among the events (T39) */
  #pushAll(chunks: readonly Uint8Array[], batch: ChatEvent[]): boolean {
    for (const data of this.#decoder.decode(chunks)) {
      if (data === END_MARK) return true;
      if (data !== '') this.#reducer.push(this.#parse(data), batch);
    }
    if (this.#decoder.failure) throw this.#decoder.failure;
    return false;
  }

  /** Without a finish reason this only ends, and the pool reports the truncation (ERR-56). */
  #end(batch: ChatEvent[]): Batch {
    this.#over = true;
    try {
      this.#reducer.end(batch);
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
    const { provider } = this.#context;
    const batch: ChatEvent[] = [];
    try {
      const text = await readText(this.#response, {
        provider,
        maxBytes: MAX_JSON_BYTES,
        ...(first && { first }),
      });
      readCompletion(this.#parse(text), this.#reducer, this.#context, batch);
    } finally {
      this.#letGo();
    }
    return { value: batch, done: false };
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own message quotes the text, which may be anybody's.
      throw notAnAnswer(this.#context, 'the answer is not valid JSON');
    }
  }
}
