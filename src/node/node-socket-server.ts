import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type DoorOptions, doorkeeper } from '../http/index.ts';
import type { ProviderPool } from '../index.ts';
import { SocketOutlet } from './node-socket-outlet.ts';
import { admitUpgrade } from './node-upgrade.ts';
import type { SocketOptions } from './serve-options.ts';
import { SocketChats } from './socket-chats.ts';

/** What is known of an open socket. */
interface Peer {
  readonly chats: SocketChats;
  /** It has answered the last ping. */
  isAlive: boolean;
  /** Heartbeats since it last said or was told something. */
  quietBeats: number;
}

/** How long a peer may take to answer a close frame, in milliseconds. */
const GOODBYE_MS = 1_000;

/** Codes of RFC 6455, 7.4.1. */
const GOING_AWAY = 1001;
const NOT_TEXT = 1003;

/** The WebSocket of a server: `chat:stream`, `chat:cancel` and `ping` in, chunks and one end for each chat out. */
export class SocketServer<Call extends object> {
  readonly #pool: Pick<ProviderPool, 'streamRequest'>;
  readonly #options: Required<SocketOptions>;
  readonly #enter: ReturnType<typeof doorkeeper<Call>>;
  readonly #server: WebSocketServer;
  readonly #peers = new Map<WebSocket, Peer>();
  readonly #heart: NodeJS.Timeout;
  #closing = false;

  constructor(
    pool: Pick<ProviderPool, 'streamRequest'>,
    door: DoorOptions<Call>,
    options: Required<SocketOptions>,
  ) {
    this.#pool = pool;
    this.#options = options;
    this.#enter = doorkeeper(door);
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: options.messageLimitBytes,
      // A kilobyte on the wire could become a gigabyte here.
      perMessageDeflate: false,
    });
    this.#heart = setInterval(() => this.#beat(), options.heartbeatMs);
    this.#heart.unref();
  }

  /** A listener for `upgrade`. */
  readonly onUpgrade = (message: IncomingMessage, socket: Duplex, head: Buffer): void => {
    void this.#upgrade(message, socket, head);
  };

  /**
   * Takes no further chat, waits for those under way, and closes.
   *
   * @param drained - resolves when there has been waiting enough
   */
  async close(drained: Promise<unknown>): Promise<void> {
    this.#closing = true;
    clearInterval(this.#heart);
    const leave = async ([socket, { chats }]: [WebSocket, Peer]): Promise<void> => {
      await Promise.race([chats.idle(), drained]);
      chats.abort();
      await closed(socket);
    };
    await Promise.all([...this.#peers].map(leave));
  }

  /** `authorize` may take its time; what the client sends meanwhile waits in its socket. */
  async #upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const entry = await admitUpgrade(message, socket, this.#enter, this.#options.origins);
    if (!entry || socket.destroyed || !(socket instanceof Socket)) return;
    this.#server.handleUpgrade(message, socket, head, (peer) => this.#open(peer, socket, entry.call));
  }

  /** From here on the peer has a place in the heartbeat, and its chats. */
  #open(socket: WebSocket, wire: Socket, call: Call | undefined): void {
    const { chats: limit, stallMs } = this.#options;
    const outlet = new SocketOutlet(socket, wire, stallMs);
    const chats = new SocketChats({ pool: this.#pool, call, outlet, limit });
    const peer: Peer = { chats, isAlive: true, quietBeats: 0 };
    this.#peers.set(socket, peer);
    socket.on('pong', () => {
      peer.isAlive = true;
    });
    socket.on('message', (data, isBinary) => {
      peer.quietBeats = 0;
      if (isBinary) socket.close(NOT_TEXT, 'text frames only');
      else if (this.#closing) socket.close(GOING_AWAY);
      else this.#take(socket, peer, outlet, data);
    });
    // What was wrong is told to the peer by the close frame; `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#peers.delete(socket);
      chats.abort();
    });
  }

  /** Whoever asks without listening is not listened to either. */
  #take(socket: WebSocket, { chats }: Peer, outlet: SocketOutlet, data: RawData): void {
    chats.take(data.toString());
    const waiting = outlet.ready();
    if (!waiting || socket.isPaused) return;
    socket.pause();
    void waiting.then(() => socket.resume());
  }

  /** One clock for all sockets. A chat keeps its socket from being idle, however long it thinks. */
  #beat(): void {
    const { idleMs, heartbeatMs } = this.#options;
    for (const [socket, peer] of this.#peers) {
      peer.quietBeats = peer.chats.size > 0 ? 0 : peer.quietBeats + 1;
      if (!peer.isAlive) socket.terminate();
      else if (peer.quietBeats * heartbeatMs > idleMs) socket.close(GOING_AWAY, 'idle');
      else {
        peer.isAlive = false;
        socket.ping();
      }
    }
  }
}

/** Says goodbye, and waits for the other side to say it too, but not for long. */
function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(GOING_AWAY);
  });
}
