import type { FetchLike } from '../../provider-kit/index.ts';
import type { Redaction } from './redaction.ts';
import { chunkOf, type Exchange, type TapedEnd } from './tape.ts';

/** What a recording works with. */
export interface TapingParts {
  readonly fetch: FetchLike;
  readonly redaction: Redaction;
  /** Told of each exchange when it is over. Its reader sees the end only when this has settled. */
  readonly save: (exchange: Exchange) => Promise<void>;
  /** Monotonic, milliseconds. */
  readonly nowMs: () => number;
}

type Init = Parameters<FetchLike>[1];

/** A `fetch` that passes everything on as it comes, and keeps a redacted copy of it. */
export function taping(parts: TapingParts): FetchLike {
  return async function tapedFetch(url, init) {
    const take = new Take(parts, url, init);
    let response: Response;
    try {
      response = await parts.fetch(url, init);
    } catch (error) {
      await take.end({ failed: init.signal.aborted ? 'aborted' : codeOf(error) });
      throw error;
    }
    return take.through(response);
  };
}

/** One exchange while it is recorded. */
class Take {
  readonly #parts: TapingParts;
  readonly #url: string;
  readonly #init: Init;
  readonly #startedMs: number;
  #head: Exchange['response'];
  readonly #read: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  #saved: Promise<void> | undefined;

  constructor(parts: TapingParts, url: string, init: Init) {
    this.#parts = parts;
    this.#url = url;
    this.#init = init;
    this.#startedMs = parts.nowMs();
  }

  /** The response with a body that is noted down as it is read. */
  async through(response: Response): Promise<Response> {
    const { status, headers, body } = response;
    this.#head = { status, headers: this.#parts.redaction.headersOf(headers) };
    if (!body) {
      await this.end('eof');
      return response;
    }
    const reader = body.getReader();
    const noted = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => this.#pull(reader, controller),
        cancel: async (reason) => {
          // At once: the host shall not wait for a file.
          const cancelled = reader.cancel(reason);
          await this.end('left');
          await cancelled;
        },
      },
      // Nothing is read that nobody has asked for.
      { highWaterMark: 0 },
    );
    return new Response(noted, { status, headers });
  }

  /** The first end counts. */
  end(end: TapedEnd): Promise<void> {
    this.#saved ??= this.#parts.save(this.#exchange(end));
    return this.#saved;
  }

  /** One read of the host's body, for one read of the recording's. */
  async #pull(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    try {
      const { done, value } = await reader.read();
      if (!done) {
        this.#read.push({ atMs: this.#parts.nowMs() - this.#startedMs, bytes: value });
        return controller.enqueue(value);
      }
    } catch (error) {
      // A body that breaks because its reader has aborted is one that was left.
      await this.end(this.#init.signal.aborted ? 'left' : 'broken');
      throw error;
    }
    await this.end('eof');
    controller.close();
  }

  /** All that is known of it now, with nothing in it that must not be kept. */
  #exchange(end: TapedEnd): Exchange {
    const { redaction } = this.#parts;
    const pieces = redaction.chunks(
      this.#url,
      this.#init,
      this.#read.map(({ bytes }) => bytes),
    );
    return {
      request: redaction.request(this.#url, this.#init),
      ...(this.#head && { response: this.#head }),
      chunks: pieces.map((bytes, index) => chunkOf(this.#read[index]?.atMs ?? 0, bytes)),
      end,
    };
  }
}

/** The system's own word for a failure, wherever `fetch` hides it. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 5) return 'UNKNOWN';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause, depth + 1);
}
