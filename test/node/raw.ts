import { connect, Socket } from 'node:net';

/** What a peer that was spoken to in bytes has said. */
export interface Heard {
  readonly text: string;
  /** It has ended its side, or cut the connection. */
  readonly closed: boolean;
  /** Status codes of all responses in it. */
  readonly statuses: readonly number[];
}

/** Says bytes on a new connection, one write for each piece, and hears what comes until the peer ends it or time is up. */
export async function say(
  port: number,
  pieces: string | Uint8Array | readonly (string | Uint8Array)[],
  options: { readonly withinMs?: number; readonly host?: string; readonly gapMs?: number } = {},
): Promise<Heard> {
  const { withinMs = 5_000, host = '127.0.0.1', gapMs = 0 } = options;
  const socket = connect(port, host);
  const heard = hear(socket, withinMs);
  const list = typeof pieces === 'string' || pieces instanceof Uint8Array ? [pieces] : pieces;
  for (const piece of list) {
    if (socket.destroyed) break;
    socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    if (gapMs > 0) await new Promise((resolve) => setTimeout(resolve, gapMs));
  }
  return heard;
}

/** Everything a socket brings until its other side ends, or time is up. */
export function hear(socket: Socket, withinMs: number): Promise<Heard> {
  return new Promise((resolve) => {
    let text = '';
    const done = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      resolve({ text, closed, statuses });
    };
    const timer = setTimeout(() => done(false), withinMs);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('end', () => done(true));
    socket.on('error', () => done(true));
    socket.on('close', () => done(true));
  });
}

/** A complete POST of a JSON body. */
export function postOf(path: string, body: unknown, headers = ''): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = Buffer.from(text).toString('latin1');
  const length = bytes.length;
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers}content-length: ${length}\r\n\r\n${bytes}`;
}

/** The server's ends of connections to a port of this process. */
export function socketsOf(port: number): Socket[] {
  const handles: unknown = Reflect.get(process, '_getActiveHandles')?.call(process);
  if (!Array.isArray(handles)) return [];
  return handles.filter((each): each is Socket => each instanceof Socket && each.localPort === port);
}
