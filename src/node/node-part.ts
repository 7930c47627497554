import type { Duplex } from 'node:stream';

/** How long a peer has to read a last answer before its connection is cut, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * Says goodbye to a peer that may still be sending. Reads nothing more.
 *
 * Closing at once would reset the connection, and the reset can overtake the answer.
 */
export function part(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => socket.destroy());
  socket.end();
}
