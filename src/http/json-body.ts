import { InvalidRequestError } from '../errors/index.ts';
import type { BodyLimits, Incoming } from './incoming.ts';
import { Refusal } from './refusal.ts';

/** The largest request that Anthropic's API takes. */
const LIMIT_BYTES = 32 * 1024 * 1024;

/** A body of that size in a minute needs 4.5 megabits a second. */
const TIMEOUT_MS = 60_000;

/** `application/json`, and relatives such as `application/merge-patch+json`. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/**
 * Reads the body as JSON.
 *
 * Another content type is refused: a browser sends those to any address without asking its owner first, and JSON not.
 *
 * @throws Refusal with status 408, 413 or 415
 * @throws InvalidRequestError for a body that is no JSON
 */
export async function readJsonBody(incoming: Incoming, limits: BodyLimits = {}): Promise<unknown> {
  checkForm(incoming.headers);
  const text = await textOf(incoming, limits);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw new InvalidRequestError('the body is not valid JSON', { reason: 'invalid_json' });
  }
}

function checkForm(headers: Headers): void {
  const type = headers.get('content-type') ?? '';
  const coding = headers.get('content-encoding') ?? 'identity';
  if (JSON_TYPE.test(type) && coding === 'identity') return;
  throw new Refusal('the body must be plain JSON; send `content-type: application/json`', {
    httpStatus: 415,
    reason: 'unsupported_media_type',
  });
}

/** Text that is here already, or what a stream brings within the limits. */
async function textOf({ body, headers, signal }: Incoming, limits: BodyLimits): Promise<string> {
  if (typeof body === 'string') return body;
  const { bodyLimitBytes = LIMIT_BYTES, bodyTimeoutMs = TIMEOUT_MS } = limits;
  // What is announced to be too long is not read at all.
  if (Number(headers.get('content-length')) > bodyLimitBytes) throw tooLarge(bodyLimitBytes);
  if (!body) return '';
  const reader = body.getReader();
  let late = false;
  // A cancelled reader reads as one that is done.
  const stop = (): void => void reader.cancel().catch(() => undefined);
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, bodyTimeoutMs);
  signal?.addEventListener('abort', stop);
  try {
    const text = await collectText(reader, bodyLimitBytes);
    signal?.throwIfAborted();
    if (late) throw tooSlow(bodyTimeoutMs);
    return text;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** Reads to the end, or to the limit: nothing that is over it is kept. */
async function collectText(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limitBytes: number,
): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text + decoded(() => decoder.decode());
    size += value.byteLength;
    if (size > limitBytes) throw tooLarge(limitBytes);
    text += decoded(() => decoder.decode(value, { stream: true }));
  }
}

/** A text with holes in it would be another request. */
function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw new InvalidRequestError('the body is not valid UTF-8', { reason: 'invalid_json' });
  }
}

function tooLarge(limitBytes: number): Refusal {
  return new Refusal(`the body is longer than ${limitBytes} bytes`, {
    httpStatus: 413,
    reason: 'request_too_large',
  });
}

function tooSlow(ms: number): Refusal {
  return new Refusal(`the body was not complete within ${ms} ms`, {
    httpStatus: 408,
    reason: 'request_timeout',
  });
}
