import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Outlet } from './socket-chats.ts';

/** What may wait for a reader before its chats are held back, in bytes. A network read of upstream comes on top. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * The way out of a WebSocket. A reader that does not take what waits for it is cut off after `stallMs`.
 *
 * Frames of one turn of the event loop leave in one write.
 */
export class SocketOutlet implements Outlet {
  readonly #peer: WebSocket;
  readonly #socket: Socket;
  readonly #stallMs: number;
  #corked = false;
  #draining: Promise<void> | undefined;

  constructor(peer: WebSocket, socket: Socket, stallMs: number) {
    this.#peer = peer;
    this.#socket = socket;
    this.#stallMs = stallMs;
  }

  /** To a peer that is leaving nothing is said: it has been told why, or has gone without asking. */
  send(text: string): void {
    if (this.#peer.readyState !== this.#peer.OPEN) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      // After the promises of this turn: a batch of chunks is handed out by those.
      process.nextTick(this.#uncork);
    }
    this.#peer.send(text);
  }

  ready(): Promise<void> | undefined {
    if (this.#peer.bufferedAmount <= HIGH_WATER_BYTES) return undefined;
    this.#draining ??= this.#drained();
    return this.#draining;
  }

  readonly #uncork = (): void => {
    this.#corked = false;
    this.#socket.uncork();
  };

  /** The event comes when all is written, which is later than need be and cannot be missed. */
  #drained(): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#peer.terminate(), this.#stallMs);
      const done = (): void => {
        clearTimeout(timer);
        socket.off('drain', done);
        socket.off('close', done);
        this.#draining = undefined;
        resolve();
      };
      socket.on('drain', done);
      socket.on('close', done);
      // Closed already, it has no more events.
      if (socket.destroyed) done();
    });
  }
}
