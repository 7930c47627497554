import { ProviderError } from '../errors/index.ts';
import type { WireResponse } from './wire.ts';

/** What a body turns out to be, whatever its label says. */
export type BodyKind = 'sse' | 'json' | 'html' | 'empty';

/** Bytes of an error body worth reading; hosts have sent 64 MB of it. */
const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** Time an error body may take, in milliseconds; hosts have let it hang for ever. */
const MAX_ERROR_BODY_MS = 5_000;

/**
 * Decides by the first visible byte: an object or a list is JSON, a tag is a web page, anything else may be an event
 * stream. Google wraps its errors in a list.
 */
export function sniff(chunks: readonly Uint8Array[] | undefined): BodyKind {
  for (const chunk of chunks ?? []) {
    for (const byte of chunk) {
      // White space, and the bytes of a UTF-8 byte order mark.
      if (byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf) continue;
      if (byte === 0x7b || byte === 0x5b) return 'json';
      return byte === 0x3c ? 'html' : 'sse';
    }
  }
  return 'empty';
}

/** The whole body as text. @throws ProviderError `bad_response` beyond `maxBytes` */
export async function readText(
  response: WireResponse,
  options: { readonly provider: string; readonly maxBytes: number; readonly first?: readonly Uint8Array[] },
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (let chunks = options.first ?? (await response.read()); chunks; chunks = await response.read()) {
    for (const chunk of chunks) {
      bytes += chunk.length;
      text += decoder.decode(chunk, { stream: true });
    }
    if (bytes > options.maxBytes) {
      throw new ProviderError({
        provider: options.provider,
        code: 'bad_response',
        message: `the answer is larger than ${options.maxBytes} bytes`,
      });
    }
  }
  return text + decoder.decode();
}

/** As much of an error body as is worth having; never throws, never hangs. */
export async function readErrorText(
  response: WireResponse,
  maxMs: number = MAX_ERROR_BODY_MS,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, maxMs, undefined);
  });
  try {
    while (text.length < MAX_ERROR_BODY_BYTES) {
      const chunks = await Promise.race([response.read(), late]);
      if (!chunks) break;
      for (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    // What came before the break is still worth classifying.
  } finally {
    clearTimeout(timer);
  }
  return text.slice(0, MAX_ERROR_BODY_BYTES);
}
