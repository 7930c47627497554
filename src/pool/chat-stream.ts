import type {
  AnswerInfo,
  ChatCompletion,
  ChatCompletionChunk,
  ParsedCompletion,
} from '../chat/completion.ts';
import { ChunkEncoder } from '../chat/encode-chunk.ts';
import type { Batch, ChatEvent } from '../chat/events.ts';
import { ConfigError } from '../errors/index.ts';
import { ChatWriter } from '../http/chat-writer.ts';
import type { StreamWriter } from '../http/dialect.ts';
import { asRunestoneError } from '../http/foreign-error.ts';
import type { Answer } from './answer.ts';
import { byteStream } from './byte-stream.ts';
import { Unbatched } from './unbatched.ts';

/** A stream whose `completion()` is read by a schema. What streams is text, as ever: a part of JSON has no type. */
export interface ParsedStream<Output> extends ChatStream {
  completion(): Promise<ParsedCompletion<Output>>;
}

/** How an answer becomes a `Response`. */
export interface StreamResponseInit {
  /** Beside the usual ones, and before them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The client's words. @default OpenAI's chat completion chunks */
  readonly writer?: StreamWriter;
  /** Once it has fired, the body fails with its reason, as that of `fetch` does, and says nothing of it. */
  readonly signal?: AbortSignal | undefined;
}

/** An answer that nobody starts to read within this time is cancelled: its connection and its money run on. */
const UNCLAIMED_MS = 30_000;

/**
 * Ends answers whose iterator was dropped half-way: while nobody reads no timer but that of the request runs. One
 * that is over leaves it at once, since each in it costs the collector.
 */
const dropped = new FinalizationRegistry<Answer>((answer) => void answer.cancel());

/**
 * An answer as it comes. Iterate it for OpenAI chunks, or ask for `events()`, `text()`, `completion()`,
 * `toReadableStream()`, `toResponse()`: one of them, once. `completion()` also works beside any other.
 *
 * Leaving a loop early, or `cancel()`, cuts the request upstream. A stream that breaks throws, with what had
 * arrived in `error.partial`; it never just ends.
 */
export class ChatStream implements AsyncIterable<ChatCompletionChunk> {
  readonly requestId: string;
  readonly #answer: Answer;
  readonly #encoder: ChunkEncoder;
  readonly #stopUnclaimed: () => void;
  #claimed = false;

  /** @internal made by `ProviderPool.streamRequest` */
  constructor(answer: Answer) {
    const { form, head, context } = answer.running;
    this.requestId = context.requestId;
    this.#answer = answer;
    this.#encoder = new ChunkEncoder(form, head);
    this.#stopUnclaimed = answer.running.startTimer(() => void this.cancel(), UNCLAIMED_MS, true);
  }

  /** Provider, attempts, usage, cost, trace. Complete once the stream has ended. */
  get runestone(): AnswerInfo {
    return this.#answer.running.info();
  }

  /** OpenAI chunks. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ChatCompletionChunk> {
    return this.#iterate(this.#toChunks);
  }

  /** The house's own events, which know more than chunks can say. */
  events(): AsyncIterableIterator<ChatEvent> {
    return this.#iterate((batch) => batch);
  }

  /** The text alone, piece by piece. */
  text(): AsyncIterableIterator<string> {
    return this.#iterate((batch) =>
      batch.flatMap((event) => (event.type === 'text_delta' && event.text ? [event.text] : [])),
    );
  }

  /** The whole answer, folded from the same stream. Reads the stream itself when nobody else does. */
  completion(): Promise<ChatCompletion> {
    const readItself = !this.#claimed;
    this.#claimed = true;
    this.#stopUnclaimed();
    return this.#answer.completion(readItself);
  }

  /** Chunks as JSON lines, in the form that `ChatCompletionStream.fromReadableStream` of the `openai` package reads. */
  toReadableStream(): ReadableStream<Uint8Array> {
    this.#claim();
    const write = (batch: Batch): string =>
      this.#toChunks(batch)
        .map((chunk) => `${JSON.stringify(chunk)}\n`)
        .join('');
    return byteStream(this.#pull, this.#leave, { write, end: () => '' });
  }

  /**
   * An HTTP response in OpenAI's streaming format. A failure after this point is an error frame in the body,
   * after which the body just ends; without `[DONE]`, so that no client takes it for complete.
   */
  toResponse(init: StreamResponseInit = {}): Response {
    this.#claim();
    const { form, head } = this.#answer.running;
    const { writer = new ChatWriter(form, head), signal } = init;
    const info = (): AnswerInfo => this.runestone;
    const body = byteStream(this.#pull, this.#leave, {
      write: (batch) => writer.write(batch, info),
      end: () => writer.end(info()),
      fail(error) {
        if (signal?.aborted) throw signal.reason;
        return writer.fail(asRunestoneError(error));
      },
    });
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
  cancel(): Promise<void> {
    this.#stopUnclaimed();
    return this.#answer.cancel();
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

  #iterate<Item>(items: (batch: Batch) => readonly Item[]): AsyncIterableIterator<Item> {
    this.#claim();
    const answer = this.#answer;
    const onOver = (): void => void dropped.unregister(answer);
    const iterator = new Unbatched({ pull: this.#pull, items, leave: this.#leave, onOver });
    dropped.register(iterator, answer, answer);
    return iterator;
  }

  readonly #pull = (): Promise<Batch | undefined> => {
    this.#stopUnclaimed();
    return this.#answer.pull();
  };

  readonly #toChunks = (batch: Batch): readonly ChatCompletionChunk[] => {
    const chunks: ChatCompletionChunk[] = [];
    this.#encoder.encode(batch, chunks);
    const { finish, running } = this.#answer;
    if (finish) this.#encoder.finish(finish.reason, finish.raw, running.info(), chunks);
    return chunks;
  };

  readonly #leave = (): Promise<void> => this.cancel();
}
