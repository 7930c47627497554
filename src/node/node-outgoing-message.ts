import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { part } from './node-part.ts';

/** A reader that takes nothing for this long is gone, whatever its connection says. */
const STALL_MS = 60_000;

/**
 * Writes a web-standard response, at the pace of its reader. What is whole goes out in one piece.
 *
 * A request whose body was not read to its end is answered and left: nothing more of it is read.
 */
export async function writeResponse(
  response: Response,
  out: ServerResponse,
  stallMs: number = STALL_MS,
): Promise<void> {
  const { req } = out;
  // The rest of a short body is in the same packet, and only waits for its turn.
  if (!req.complete) await new Promise((resolve) => setImmediate(resolve));
  if (out.destroyed) return response.body?.cancel();
  out.statusCode = response.status;
  for (const [name, value] of response.headers) out.appendHeader(name, value);
  if (!req.complete) return writeAndPart(response, out);
  if (response.body && isStream(response)) await pump(response.body, out, stallMs);
  else out.end(await bytesOf(response));
}

/** All else is whole, and small enough to be joined. */
function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

/** `end()` would make Node read the body to its end first, or else reset the connection. */
async function writeAndPart(response: Response, out: ServerResponse): Promise<void> {
  const bytes = await bytesOf(response);
  const { socket } = out;
  out.setHeader('connection', 'close');
  out.setHeader('content-length', bytes.byteLength);
  out.write(bytes, () => socket && part(socket));
}

/** At most what the socket's own buffer takes is read ahead. */
async function pump(body: ReadableStream<Uint8Array>, out: ServerResponse, stallMs: number): Promise<void> {
  const reader = body.getReader();
  // A read that waits ends with it, and so does what it waits for.
  const leave = (): void => void reader.cancel().catch(() => undefined);
  out.once('close', leave);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done || out.destroyed) break;
      if (!out.write(value)) await drained(out, stallMs);
    }
    out.end();
    // A reader that stalls at the very end holds its connection, too.
    await finished(out, stallMs);
  } catch {
    // Broken off in the middle of a chunk: no reader takes that for the end.
    out.destroy();
  } finally {
    out.off('close', leave);
  }
}

function drained(out: ServerResponse, stallMs: number): Promise<void> {
  return out.destroyed ? Promise.resolve() : settled(out, 'drain', stallMs);
}

function finished(out: ServerResponse, stallMs: number): Promise<void> {
  return out.destroyed || out.writableFinished ? Promise.resolve() : settled(out, 'finish', stallMs);
}

/** Resolves at the event, or once the connection is closed, which it is if nothing happens for too long. */
function settled(out: ServerResponse, event: 'drain' | 'finish', stallMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => out.destroy(), stallMs);
    const done = (): void => {
      clearTimeout(timer);
      out.off(event, done);
      out.off('close', done);
      resolve();
    };
    out.on(event, done);
    out.on('close', done);
  });
}
