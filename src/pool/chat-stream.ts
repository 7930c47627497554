import { Accumulator } from '../chat/accumulate.ts';
import type { AnswerInfo, ChatCompletion, ChatCompletionChunk } from '../chat/completion.ts';
import { type AnswerForm, type AnswerHead, ChunkEncoder } from '../chat/encode-chunk.ts';
import { encodeSse, encodeSseError, SSE_DONE } from '../chat/encode-sse.ts';
import type { Batch, ChatEvent } from '../chat/events.ts';
import {
  annotate,
  CancelledError,
  ConfigError,
  isRunestoneError,
  type RunestoneError,
} from '../errors/index.ts';
import type { OpenedStream } from '../pipeline/open-stream.ts';
import { byteStream } from './byte-stream.ts';
import { Unbatched } from './unbatched.ts';

/** An answer that nobody starts to read within this time is cancelled: its connection and its money run on. */
const UNCLAIMED_MS = 30_000;

/** What a stream needs from the call that made it. */
export interface StreamSource {
  readonly requestId: string;
  readonly opened: OpenedStream;
  readonly form: AnswerForm;
  readonly head: AnswerHead;
  /** What is known of the answer now. */
  readonly info: () => AnswerInfo;
  /** Ends the request: upstream is cut at once. */
  readonly abort: (reason: RunestoneError) => void;
  /** Told once, when the stream is over. */
  readonly onEnd: () => void;
}

/**
 * An answer as it comes. Iterate it for OpenAI chunks, or ask for `events()`, `text()`, `completion()`,
 * `toReadableStream()`, `toResponse()`: one of them, once. `completion()` also works beside any other.
 *
 * Leaving a loop early, or `cancel()`, cuts the request upstream. A stream that breaks throws, with what had
 * arrived in `error.partial`; it never just ends.
 */
export class ChatStream implements AsyncIterable<ChatCompletionChunk> {
  readonly requestId: string;
  readonly #source: StreamSource;
  readonly #encoder: ChunkEncoder;
  readonly #answer: Accumulator;
  readonly #unclaimed: NodeJS.Timeout;
  #claimed = false;
  #ended = false;
  #failure: unknown;
  #waiting: (() => void)[] = [];

  /** @internal made by `ProviderPool.streamRequest` */
  constructor(source: StreamSource) {
    this.requestId = source.requestId;
    this.#source = source;
    this.#encoder = new ChunkEncoder(source.form, source.head);
    this.#answer = new Accumulator(source.head);
    this.#unclaimed = setTimeout(() => void this.cancel(), UNCLAIMED_MS);
    this.#unclaimed.unref();
  }

  /** Provider, attempts, usage, cost, trace. Complete once the stream has ended. */
  get runestone(): AnswerInfo {
    return this.#source.info();
  }

  /** OpenAI chunks. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ChatCompletionChunk> {
    this.#claim();
    return new Unbatched(
      () => this.#pullChunks(),
      () => this.cancel(),
    );
  }

  /** The house's own events, which know more than chunks can say. */
  events(): AsyncIterableIterator<ChatEvent> {
    this.#claim();
    return new Unbatched(
      () => this.#pull(),
      () => this.cancel(),
    );
  }

  /** The text alone, piece by piece. */
  text(): AsyncIterableIterator<string> {
    this.#claim();
    const pull = async (): Promise<readonly string[] | undefined> =>
      (await this.#pull())?.flatMap((event) =>
        event.type === 'text_delta' && event.text ? [event.text] : [],
      );
    return new Unbatched(pull, () => this.cancel());
  }

  /** The whole answer, folded from the same stream. Reads the stream itself when nobody else does. */
  async completion(): Promise<ChatCompletion> {
    if (!this.#claimed) {
      this.#claimed = true;
      while (await this.#pull());
    } else if (!this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#failure !== undefined) throw this.#failure;
    return this.#answer.completion(this.#source.form, this.#source.info());
  }

  /** Chunks as JSON lines, in the form that `ChatCompletionStream.fromReadableStream` of the `openai` package reads. */
  toReadableStream(): ReadableStream<Uint8Array> {
    this.#claim();
    const chunks = (ready: readonly ChatCompletionChunk[]): string =>
      ready.map((chunk) => `${JSON.stringify(chunk)}\n`).join('');
    return byteStream(
      () => this.#pullChunks(),
      () => this.cancel(),
      { chunks, end: '' },
    );
  }

  /**
   * An HTTP response in OpenAI's streaming format. A failure after this point is an error frame in the body,
   * after which the body just ends; without `[DONE]`, so that no client takes it for complete.
   */
  toResponse(init: { readonly headers?: Readonly<Record<string, string>> } = {}): Response {
    this.#claim();
    const form = { chunks: encodeSse, end: SSE_DONE, failure: encodeSseError };
    const body = byteStream(
      () => this.#pullChunks(),
      () => this.cancel(),
      form,
    );
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        'x-request-id': this.requestId,
        ...init.headers,
      },
    });
  }

  /** Stops the answer and cuts the request upstream. Does nothing once the stream has ended. */
  async cancel(): Promise<void> {
    if (this.#ended) return;
    const error = new CancelledError('the stream was cancelled by its consumer');
    // Abort, then return: a pending pull only ends by the signal.
    this.#source.abort(error);
    await this.#source.opened.return();
    this.#end(this.#explain(error));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cancel();
  }

  #claim(): void {
    if (this.#claimed) {
      throw new ConfigError(
        'a ChatStream can be read once; use `completion()` for the whole answer beside it',
      );
    }
    this.#claimed = true;
  }

  /** The next batch, folded; `undefined` at the end. */
  async #pull(): Promise<Batch | undefined> {
    clearTimeout(this.#unclaimed);
    if (this.#ended) {
      if (this.#failure !== undefined) throw this.#failure;
      return undefined;
    }
    try {
      const { value, done } = await this.#source.opened.next();
      if (done) {
        this.#end(undefined);
        return undefined;
      }
      this.#answer.add(value);
      // The layers below learn of the end, and write the last facts, only when they are asked for more.
      if (this.#answer.finish) {
        await this.#source.opened.next();
        this.#end(undefined);
      }
      return value;
    } catch (error) {
      this.#end(this.#explain(error));
      throw error;
    }
  }

  async #pullChunks(): Promise<readonly ChatCompletionChunk[] | undefined> {
    const batch = await this.#pull();
    if (!batch) return undefined;
    const chunks: ChatCompletionChunk[] = [];
    this.#encoder.encode(batch, chunks);
    const { finish } = this.#answer;
    if (finish) this.#encoder.finish(finish.reason, finish.raw, this.#source.info(), chunks);
    return chunks;
  }

  #explain(error: unknown): unknown {
    if (!isRunestoneError(error)) return error;
    const { requestId, trace, costUsd, usage } = this.#source.info();
    return annotate(error, {
      requestId,
      committed: true,
      attempts: trace,
      partial: this.#answer.partial(),
      ...(usage && { usage }),
      ...(costUsd !== undefined && { costUsd }),
    });
  }

  #end(failure: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    clearTimeout(this.#unclaimed);
    this.#source.onEnd();
    for (const wake of this.#waiting) wake();
    this.#waiting = [];
  }
}
