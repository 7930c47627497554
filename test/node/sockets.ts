import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';

/** One frame of the server. */
export interface Frame {
  readonly event: string;
  readonly ref?: unknown;
  readonly payload?: unknown;
}

/** A client of the socket, and everything it has heard. */
export interface Client extends AsyncDisposable {
  readonly socket: WebSocket;
  readonly heard: readonly Frame[];
  /** Resolves with the code of the close frame. */
  readonly closed: Promise<number>;
  say(event: string, more?: object): void;
  /** Resolves with the first frame that fits, heard already or not. */
  frame(fits: (frame: Frame) => boolean): Promise<Frame>;
}

/** Opens a socket. Rejects with the status when the upgrade is refused. */
export async function client(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket`, { headers });
  const heard: Frame[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)));
    for (const look of waiting) look();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_, { statusCode }) => reject(new Error(String(statusCode))));
  });
  socket.on('error', () => undefined);
  return {
    socket,
    heard,
    closed,
    say: (event, more) => socket.send(JSON.stringify({ event, ...more })),
    frame: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = heard.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}

/** What opens a WebSocket, in bytes. */
export const upgradeOf = (path = '/socket', headers = ''): string =>
  `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
  `sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`;

/** A socket that is open, in bytes; what comes is not read before somebody asks for it. */
export async function rawSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(upgradeOf());
  await new Promise<void>((resolve) => socket.once('readable', resolve));
  let head = '';
  while (!head.includes('\r\n\r\n')) {
    const byte = socket.read(1);
    if (byte) head += byte.toString('latin1');
    else await new Promise<void>((resolve) => socket.once('readable', resolve));
  }
  return socket;
}

/** A masked frame of RFC 6455, as clients send it. */
export function frameOf(opcode: number, payload: Uint8Array, fin = true): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const { length } = payload;
  const size =
    length < 126
      ? Buffer.from([0x80 | length])
      : length < 65_536
        ? Buffer.from([0x80 | 126, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([0x80 | 127]), bigEndian(length)]);
  const masked = Buffer.from(payload.map((byte, at) => byte ^ mask[at % 4]!));
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode]), size, mask, masked]);
}

function bigEndian(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}
