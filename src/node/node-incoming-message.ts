import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** What a framework around may have put on a message before it comes here. */
interface Handled {
  /** Express: the URL before a mount took its prefix off. */
  readonly originalUrl?: unknown;
  /** What a body parser made of a body, which then cannot be read again. */
  readonly body?: unknown;
}

/** A message that is well-formed for Node's parser, and yet not for us. */
export class MalformedMessage extends Error {
  constructor() {
    super('the message is malformed');
  }
}

/**
 * A web-standard request of a Node message. Its body is read only as it is asked for, so that whoever is turned away
 * has not been listened to.
 *
 * @throws MalformedMessage
 */
export function toRequest(message: IncomingMessage & Handled, signal?: AbortSignal): Request {
  const { method = 'GET', rawHeaders, complete } = message;
  const headers = headersOf(rawHeaders);
  checkFraming(message, headers);
  const parsed = complete ? parsedBody(message) : undefined;
  // Whoever parsed the body has unpacked it as well.
  if (parsed !== undefined) headers.delete('content-encoding');
  const bodiless = method === 'GET' || method === 'HEAD';
  const body = bodiless ? null : (parsed ?? bodyOf(message));
  const url = urlOf(message, headers);
  try {
    const init = { method, headers, body, duplex: 'half' as const, ...(signal && { signal }) };
    return new Request(url, init);
  } catch {
    throw new MalformedMessage();
  }
}

/** From the raw list: Node's own object has joined and dropped some. */
function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  let hosts = 0;
  try {
    for (let at = 0; at < raw.length; at += 2) {
      const [name = '', value = ''] = raw.slice(at, at + 2);
      if (name.toLowerCase() === 'host') hosts += 1;
      headers.append(name, value);
    }
  } catch {
    throw new MalformedMessage();
  }
  // RFC 9112, 3.2: with two of them two servers may read two requests.
  if (hosts > 1) throw new MalformedMessage();
  return headers;
}

/** What Node's parser lets pass, and another server could read otherwise (RFC 9112, 3.2, 6.1 and 6.3). */
function checkFraming({ httpVersion }: IncomingMessage, headers: Headers): void {
  const coding = headers.get('transfer-encoding')?.toLowerCase();
  const isSound =
    httpVersion === '1.1'
      ? headers.has('host') && (coding === undefined || coding === 'chunked')
      : httpVersion === '1.0' && coding === undefined;
  if (!isSound) throw new MalformedMessage();
}

/** Names and addresses, without user, path or white space. */
const HOST = /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i;

/** The path stands as it was sent: resolved against a base, `//name/path` would be another host. */
function urlOf(message: IncomingMessage & Handled, headers: Headers): string {
  const { originalUrl, url = '/' } = message;
  const target = typeof originalUrl === 'string' ? originalUrl : url;
  const host = headers.get('host');
  // HTTP/1.0 may leave it out.
  if (host !== null && !HOST.test(host)) throw new MalformedMessage();
  if (target.startsWith('/')) {
    const scheme = message.socket instanceof TLSSocket ? 'https' : 'http';
    return `${scheme}://${host ?? 'localhost'}${target}`;
  }
  // A proxy's form of the target names a host too, and may not name another.
  if (!URL.canParse(target) || new URL(target).host !== host?.toLowerCase()) throw new MalformedMessage();
  return target;
}

/** As it was parsed, and as it would have been sent; what is no longer known of it does not matter to JSON. */
function parsedBody({ body }: Handled): string | Uint8Array | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}

/** The body as a web stream, read at the pace of whoever reads that. */
function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  let chunks: NodeJS.AsyncIterator<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // Left early, the message stays: destroyed, it would take the socket with it, and nobody could be answered.
        chunks ??= message.iterator({ destroyOnReturn: false });
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks?.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
