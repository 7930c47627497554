import { createServer, type Server } from 'node:http';
import { createHandler, LOOPBACK_HOSTS } from '../http/index.ts';
import type { FetchCallOptions, ProviderPool } from '../index.ts';
import { answerMalformed } from './node-client-error.ts';
import { listenOn } from './node-listen.ts';
import { toNodeListener } from './node-listener.ts';
import { SocketServer } from './node-socket-server.ts';
import { ignoreUpgrade, isWebSocket } from './node-upgrade.ts';
import { type ServeOptions, type ServeSettings, toServeSettings } from './serve-options.ts';

/** A pool that listens. */
export interface Served extends AsyncDisposable {
  /** `http://127.0.0.1:4003`, for instance. */
  readonly url: string;
  readonly port: number;
  /**
   * Admits nobody any more, waits for what is under way, and cuts the rest. The pool stays open: it is yours.
   *
   * @param options.drainMs - how long to wait, in milliseconds. @default 10_000
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/** What is served: a `ProviderPool`. */
export type ServablePool = Pick<ProviderPool, 'fetch' | 'streamRequest'>;

/** How long a body may take is the handler's to say; this is only for a handler that does not. In milliseconds. */
const REQUEST_MS = 300_000;

/**
 * Serves a pool over HTTP, in OpenAI's and Anthropic's words, and over a WebSocket at `/socket`.
 *
 * Without `authorize` it listens to this machine alone.
 *
 * @throws ConfigError for options that are wrong, an address beyond this machine without `authorize`, or a port that
 *   cannot be had
 *
 * @example
 * const server = await serve(pool, { port: 4003, authorize: bearerKeys([process.env.API_KEY!]) });
 */
export async function serve(
  pool: ServablePool,
  options: ServeOptions<FetchCallOptions> = {},
): Promise<Served> {
  const { settings, handler } = toServeSettings(options);
  // To a server on the machine's own addresses any page can send, whoever may pass.
  const door = settings.isLoopback ? { hosts: LOOPBACK_HOSTS, ...handler } : handler;
  const listener = toNodeListener(createHandler(pool, door));
  const sockets = settings.socket && new SocketServer<FetchCallOptions>(pool, door, settings.socket);
  const { servers, port } = await listenOn(
    () => makeServer(settings, listener, sockets || undefined),
    settings.addresses,
    settings.port,
  );
  const [address = ''] = settings.addresses;
  let closing: Promise<void> | undefined;
  const close: Served['close'] = ({ drainMs = 10_000 } = {}) => {
    closing ??= drain(servers, sockets || undefined, drainMs);
    return closing;
  };
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One server of Node's, with its limits and the two doors. */
function makeServer(
  { headTimeoutMs }: ServeSettings,
  listener: ReturnType<typeof toNodeListener>,
  sockets: SocketServer<FetchCallOptions> | undefined,
): Server {
  const server = createServer({
    headersTimeout: headTimeoutMs,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: Math.min(1_000, headTimeoutMs),
    // Looked at where all else is, for an answer in OpenAI's words.
    requireHostHeader: false,
    // Of a body that nobody asked for no more than this is read.
    highWaterMark: 16 * 1024,
    // Not known to Node 20, and its types: clients that offer HTTP/2 in passing are answered in HTTP/1.1.
    ...(sockets && { shouldUpgradeCallback: isWebSocket }),
  });
  answerMalformed(server);
  server.on('request', listener);
  if (sockets) {
    server.on('upgrade', (message, socket, head) => {
      if (isWebSocket(message)) sockets.onUpgrade(message, socket, head);
      else ignoreUpgrade(server, message, socket, head);
    });
  }
  return server;
}

/** HTTP and sockets at once, under one clock. */
async function drain(
  servers: readonly Server[],
  sockets: SocketServer<FetchCallOptions> | undefined,
  drainMs: number,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const drained = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, drainMs);
  });
  const cut = drained.then(() => {
    for (const server of servers) server.closeAllConnections();
  });
  await Promise.all([...servers.map(closed), sockets?.close(drained)]);
  clearTimeout(timer);
  void cut;
}

/** Connections that are kept alive go as soon as nothing is under way on them. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.on('request', (_, out) => {
      out.shouldKeepAlive = false;
    });
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** Between two looks for idle connections, in milliseconds. */
const SWEEP_MS = 50;
