import { createServer } from 'node:http';

/** A visit to a place that only a redirect names. */
export interface Leak {
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

/** Where redirects lead: an origin of its own that remembers every visit. */
export interface Trap {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** The same port under another name of this machine: another host, as browsers and clients see it. */
  readonly otherHost: string;
  readonly visits: Leak[];
  /** Remembers a visit to another place of that kind. */
  note(visit: Omit<Leak, 'host'> & { readonly headers: Readonly<Record<string, unknown>> }): void;
  close(): Promise<void>;
}

/** Starts one; it answers 200 to everything, so that a client that follows gets what it came for. */
export async function startTrap(): Promise<Trap> {
  const visits: Leak[] = [];
  const note: Trap['note'] = ({ method, headers, path }) => {
    visits.push({ method, host: String(headers['host']), path });
  };
  const server = createServer((request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    note({ method, path, headers });
    request.resume();
    response.end('{}');
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    otherHost: `http://localhost:${port}`,
    visits,
    note,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
