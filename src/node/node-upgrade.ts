import { Buffer } from 'node:buffer';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Entry, Visitor } from '../http/index.ts';
import { InvalidRequestError } from '../index.ts';
import { toRequest } from './node-incoming-message.ts';

/** Where the WebSocket is. */
export const SOCKET_PATH = '/socket';

/**
 * Decides about an upgrade before it is accepted. Whoever is turned away gets an HTTP response, and no socket.
 *
 * A page may open a socket to any address, and its browser asks nobody: hence the list of origins. A program sends none.
 *
 * @param origins - pages that may; the word `null`, which files and sandboxes send, is one only if it stands there
 */
export async function admitUpgrade<Call extends object>(
  message: IncomingMessage,
  socket: Duplex,
  enter: (visitor: Visitor) => Promise<Entry<Call>>,
  origins: readonly string[],
): Promise<{ readonly call: Call | undefined } | undefined> {
  // Between HTTP and WebSocket nobody else listens.
  socket.on('error', () => socket.destroy());
  const entry = await decide(message, enter, origins);
  if (!entry.refusal) return entry;
  await writeRefusal(entry.refusal, socket);
  return undefined;
}

/** In the order of cost: the door is asked last. */
async function decide<Call extends object>(
  message: IncomingMessage,
  enter: (visitor: Visitor) => Promise<Entry<Call>>,
  origins: readonly string[],
): Promise<Entry<Call>> {
  const { origin } = message.headers;
  let visitor: Request;
  try {
    visitor = toRequest(message);
  } catch {
    return refused(400, 'the request is malformed', 'malformed_request');
  }
  if (new URL(visitor.url).pathname !== SOCKET_PATH)
    return refused(404, `the WebSocket is at ${SOCKET_PATH}`, 'unknown_url');
  if (origin !== undefined && !origins.includes(origin))
    return refused(
      403,
      'pages of this origin may not; the owner can add it to `origins`',
      'origin_not_allowed',
    );
  return enter(visitor);
}

/** What the door does not know of: paths and origins. */
function refused(status: number, message: string, reason: string): { readonly refusal: Response } {
  const body = new InvalidRequestError(message, { reason }).toOpenAI();
  return { refusal: Response.json(body, { status }) };
}

/** A response by hand: the parser has let go of the connection. */
async function writeRefusal(refusal: Response, socket: Duplex): Promise<void> {
  const body = new Uint8Array(await refusal.arrayBuffer());
  const headers = new Headers(refusal.headers);
  headers.set('connection', 'close');
  headers.set('content-length', String(body.byteLength));
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n${lines}\r\n`);
  socket.end(body, () => socket.destroy());
}

/** True for an upgrade that can be made here at all. */
export function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** What asks for an upgrade, beside a session of HTTP/2. */
const UPGRADING: ReadonlySet<string> = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Answers a request that offers another protocol in passing as if it had not: Java's client offers HTTP/2 with all it
 * asks. An offer may be ignored (RFC 9110, 7.8), but before Node 24 a server that takes some upgrades is given all.
 */
export function ignoreUpgrade(server: Server, message: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = message;
  const fields: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!UPGRADING.has(name.toLowerCase())) fields.push(`${name}: ${value}\r\n`);
  }
  const again = Buffer.from(`${method} ${url} HTTP/${httpVersion}\r\n${fields.join('')}\r\n`, 'latin1');
  socket.unshift(Buffer.concat([again, head]));
  server.emit('connection', socket);
}
