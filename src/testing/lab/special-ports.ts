import { createServer, type Server, type Socket } from 'node:net';

/** Ports that go wrong before anybody can say a word of HTTP. All on 127.0.0.1. */
export interface SpecialPorts extends AsyncDisposable {
  /** Nobody listens (T3). */
  readonly refused: string;
  /** RST as soon as the connection stands (T5). */
  readonly acceptReset: string;
  /** FIN as soon as the connection stands (T6). */
  readonly acceptClose: string;
  /** Takes the connection and never says a word (T7). */
  readonly acceptHang: string;
  /** `https:` to a host that speaks plain HTTP (T8). */
  readonly plainForTls: string;
  /** Connections open right now. */
  readonly connections: number;
  /** Connections ever accepted, by the port's URL. */
  accepted(url: string): number;
  close(): Promise<void>;
}

/** Opens them all. */
export async function startSpecialPorts(): Promise<SpecialPorts> {
  const open = new Set<Socket>();
  const counts = new Map<string, number>();
  const servers: Server[] = [];
  const listening = async (scheme: 'http' | 'https', onSocket: (socket: Socket) => void): Promise<string> => {
    const server = createServer((socket) => {
      counts.set(url, (counts.get(url) ?? 0) + 1);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      // Clients that leave are no error of ours.
      socket.on('error', () => socket.destroy());
      onSocket(socket);
    });
    servers.push(server);
    const url = `${scheme}://127.0.0.1:${await listen(server)}`;
    return url;
  };
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await Promise.all(servers.map(closed));
  };
  const nobody = createServer();
  const refused = `http://127.0.0.1:${await listen(nobody)}`;
  await closed(nobody);
  return {
    refused,
    acceptReset: await listening('http', (socket) => socket.resetAndDestroy()),
    acceptClose: await listening('http', (socket) => socket.destroy()),
    acceptHang: await listening('http', (socket) => socket.resume()),
    plainForTls: await listening('https', (socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')),
    ),
    get connections() {
      return open.size;
    },
    accepted: (url) => counts.get(url) ?? 0,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
