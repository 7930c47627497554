import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { InvalidRequestError } from '../index.ts';
import { part } from './node-part.ts';

/** What Node's parser could not read, by its code. All else is 400. */
const STATUS: Readonly<Record<string, readonly [status: string, what: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the head of the request is too long'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request was not complete in time'],
};

/** Answers what is no request with an error in OpenAI's words, and ends the connection: what follows cannot be trusted. */
export function answerMalformed(server: Server): void {
  /** What was asked before on the same connection, and is not answered yet. */
  const open = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, out) => open.set(socket, out));
  // A proxy is what this is not.
  server.on('connect', (_, socket) => refuse(socket, undefined));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const before = open.get(socket);
    // In the middle of an answer another one would look like a part of it.
    const isAnswering = before?.headersSent && !before.writableFinished;
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswering) socket.destroy();
    else refuse(socket, error.code);
  });
}

/** By hand: where no request was read, there is no response to write to. */
function refuse(socket: Duplex, code: string | undefined): void {
  const [status, what] = STATUS[code ?? ''] ?? ['400 Bad Request', 'the request is malformed'];
  const error = new InvalidRequestError(what, { reason: 'malformed_request' });
  const body = JSON.stringify(error.toOpenAI());
  socket.write(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  part(socket);
}
