import { createParser } from 'eventsource-parser';
import { ProviderError } from '../errors/index.ts';
import type { WireResponse } from './wire.ts';

/** Characters one event may have: base64 images of 32 MB fit, an endless line does not. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024;

/**
 * The `data` of server-sent events, in one array for each network read; empty when a read completed none.
 *
 * Event names are left aside: every JSON dialect says its type inside, and hosts that omit or mix up names are
 * read all the same. An event without its closing blank line is never delivered, for it may be half an event.
 *
 * @param first - chunks that were read already, to look at the beginning
 * @throws ProviderError `bad_response` for an event beyond 64 Mi characters, and what `response.read` throws
 */
export async function* readSse(
  response: WireResponse,
  provider: string,
  first?: readonly Uint8Array[],
): AsyncGenerator<readonly string[]> {
  let data: string[] = [];
  let overflow = false;
  const parser = createParser({
    onEvent: (event) => data.push(event.data),
    onError: (error) => {
      overflow ||= error.type === 'max-buffer-size-exceeded';
    },
    maxBufferSize: MAX_EVENT_CHARS,
  });
  const decoder = new TextDecoder();
  for (let chunks = first ?? (await response.read()); chunks; chunks = await response.read()) {
    // Several small chunks cost more to decode one by one than to join.
    parser.feed(decoder.decode(chunks.length === 1 ? chunks[0] : concat(chunks), { stream: true }));
    if (overflow) throw tooLarge(provider);
    yield data;
    if (data.length > 0) data = [];
  }
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

function tooLarge(provider: string): ProviderError {
  return new ProviderError({
    provider,
    code: 'bad_response',
    message: `one event is larger than ${MAX_EVENT_CHARS} characters`,
  });
}
