import { createParser } from 'eventsource-parser';
import { ProviderError } from '../errors/index.ts';
import type { WireResponse } from './wire.ts';

/** Characters one event may have: base64 images of 32 MB fit, an endless line does not. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024;

/**
 * Turns the bytes of a stream into the `data` of its server-sent events.
 *
 * Event names are left aside, all but `error`: every JSON dialect says its type inside, and hosts that omit or mix up
 * names are read all the same. An event without its closing blank line is never delivered, for it may be half an
 * event.
 */
export class SseDecoder {
  readonly #decoder = new TextDecoder();
  readonly #wholeLines = lineEnder();
  readonly #feed: (text: string) => void;
  #data: string[] = [];
  #errorAt = -1;
  #failure: ProviderError | undefined;

  /** @param maxEventChars - one event may have; @default 64 Mi */
  constructor(provider: string, maxEventChars: number = MAX_EVENT_CHARS) {
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === 'error' && this.#errorAt < 0) this.#errorAt = this.#data.length;
        this.#data.push(data);
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') this.#failure ??= tooLarge(provider, maxEventChars);
      },
      maxBufferSize: maxEventChars,
    });
    this.#feed = (text) => parser.feed(text);
  }

  /** Set once an event is larger than allowed: nothing after it can be read. */
  get failure(): ProviderError | undefined {
    return this.#failure;
  }

  /** Index, in what `decode` last returned, of the first event that is named `error`; -1 when none is. */
  get errorAt(): number {
    return this.#errorAt;
  }

  /** The events that these chunks complete; none when they end inside one. */
  decode(chunks: readonly Uint8Array[]): readonly string[] {
    this.#data = [];
    this.#errorAt = -1;
    if (this.#failure) return this.#data;
    // Several small chunks cost more to decode one by one than to join.
    const bytes = chunks.length === 1 ? chunks[0] : concat(chunks);
    this.#feed(this.#wholeLines(this.#decoder.decode(bytes, { stream: true })));
    return this.#data;
  }
}

/**
 * The `data` of server-sent events, in one array for each network read; empty when a read completed none.
 *
 * @param first - chunks that were read already, to look at the beginning
 * @param maxEventChars - one event may have; @default 64 Mi
 * @throws ProviderError `bad_response` for a larger event, and what `response.read` throws
 */
export async function* readSse(
  response: WireResponse,
  provider: string,
  first?: readonly Uint8Array[],
  maxEventChars: number = MAX_EVENT_CHARS,
): AsyncGenerator<readonly string[]> {
  const decoder = new SseDecoder(provider, maxEventChars);
  for (let chunks = first ?? (await response.read()); chunks; chunks = await response.read()) {
    yield decoder.decode(chunks);
    if (decoder.failure) throw decoder.failure;
  }
}

/**
 * Completes a CR at the end of a read to CR LF, and takes away the LF that may follow in the next.
 *
 * The parser would hold that line back until it knows, and for ever at the end of the stream: hosts that end
 * their lines with CR alone would lose the last event.
 */
function lineEnder(): (text: string) => string {
  let completed = false;
  return (text) => {
    if (text === '') return text;
    const rest = completed && text.startsWith('\n') ? text.slice(1) : text;
    completed = rest.endsWith('\r');
    return completed ? `${rest}\n` : rest;
  };
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

function tooLarge(provider: string, maxEventChars: number): ProviderError {
  return new ProviderError({
    provider,
    code: 'bad_response',
    message: `one event is larger than ${maxEventChars} characters`,
  });
}
