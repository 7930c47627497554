import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Transport, WireRequest, WireResponse } from '../../src/provider-kit/wire.ts';

/** Start of a response whose body comes in chunks. */
export const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

/** End of such a body. */
export const END = '0\r\n\r\n';

export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** A complete response of known length. */
export const answer = (text: string, status = '200 OK', headers = ''): string =>
  `HTTP/1.1 ${status}\r\n${headers}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

/** One complete request, as a bare server reads it. */
export interface Heard {
  readonly head: string;
  readonly body: string;
  /** 1 for the first request of the server. */
  readonly nth: number;
  /** 1 for the first request of its connection. */
  readonly nthOfConnection: number;
}

/** A TCP server that says byte for byte what a test says. */
export interface Loopback {
  readonly url: string;
  readonly port: number;
  /** Connections ever accepted. */
  readonly accepted: number;
  /** Connections open now. */
  readonly open: number;
  readonly requests: readonly Heard[];
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** Called when a request is complete. */
  readonly serve?: (socket: Socket, request: Heard) => void;
  /** Called for every connection, before a byte of it is read. */
  readonly accept?: (socket: Socket) => void;
  readonly tls?: TlsOptions;
}

const running = new Set<Loopback>();

/** For `afterEach`: cuts every connection and frees every port. */
export async function closeLoopbacks(): Promise<void> {
  await Promise.all([...running].map((loopback) => loopback.close()));
}

export function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const sockets = new Set<Socket>();
  const requests: Heard[] = [];
  let accepted = 0;
  const onSocket = (socket: Socket): void => {
    accepted++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Clients of these tests break off as they please.
    socket.on('error', () => {});
    options.accept?.(socket);
    readRequests(socket, requests, options.serve);
  };
  const server = options.tls ? createTlsServer(options.tls, onSocket) : createServer(onSocket);
  const close = (): Promise<void> => {
    running.delete(loopback);
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  const loopback: Loopback = {
    get url() {
      return `${options.tls ? 'https://localhost' : 'http://127.0.0.1'}:${portOf(server)}`;
    },
    get port() {
      return portOf(server);
    },
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    requests,
    close,
  };
  running.add(loopback);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(loopback)));
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Collects head and body of one request after the other. */
function readRequests(socket: Socket, requests: Heard[], serve: LoopbackOptions['serve']): void {
  let text = '';
  let nthOfConnection = 0;
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
    const headEnd = text.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = text.slice(0, headEnd);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (text.length < headEnd + 4 + length) return;
    const body = Buffer.from(text.slice(headEnd + 4), 'latin1').toString();
    text = '';
    nthOfConnection++;
    const heard = { head, body, nth: requests.length + 1, nthOfConnection };
    requests.push(heard);
    serve?.(socket, heard);
  });
}

/** Posts `{}` to a server, with a signal that nobody fires. */
export function post(
  transport: Transport,
  server: { readonly url: string },
  more: Partial<WireRequest> = {},
): Promise<WireResponse> {
  return transport.send({
    url: `${server.url}/v1/messages`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    signal: new AbortController().signal,
    ...more,
  });
}

/** The rest of a body as text; rejects as `read` does. */
export async function bodyOf(response: WireResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (let read = await response.read(); read; read = await response.read()) chunks.push(...read);
  return Buffer.concat(chunks).toString();
}

/** One turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Waits until something holds: what happens on the other side of a socket has no other way to tell. */
export async function until(holds: () => boolean, withinMs = 5_000): Promise<void> {
  const lastMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > lastMs) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
