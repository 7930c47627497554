import type { Agent, buildConnector, Dispatcher } from 'undici';
import { ProviderError } from '../errors/index.ts';
import { Exchange, StaleConnection } from './exchange.ts';
import { Slots } from './slots.ts';
import type { Transport, WireRequest, WireResponse } from './wire.ts';

const DEFAULT_CONNECT_MS = 10_000;

/** How the connections of one provider behave. */
export interface TransportOptions {
  /** Named in errors. */
  readonly provider: string;
  /** Connections to one origin; more requests wait for one. @default no limit */
  readonly connections?: number;
  /** How long an idle connection is kept, in milliseconds. @default 4_000, undici's own */
  readonly keepAliveMs?: number;
}

/**
 * HTTP over `undici`'s dispatcher: no hidden timers, no redirects, connections kept alive, loaded on first use.
 *
 * undici cuts headers and bodies after 300 s of silence by default, which legal requests exceed; the pool is the
 * only owner of time, so both are off. Idle connections do not keep a process alive.
 */
export function createTransport(options: TransportOptions): Transport {
  let agents: Promise<Agents> | undefined;
  let closed = false;
  const slots = options.connections === undefined ? undefined : new Slots(options.connections);

  const ready = (connectMs: number): Promise<Agents> => {
    agents ??= import('undici').then(({ Agent, buildConnector }) => {
      // Each request has a connect timer of its own, which covers the name look-up too. This one only sees to it
      // that a connection nobody waits for any more does not keep the process alive.
      const connect = buildConnector({ timeout: Math.max(connectMs, DEFAULT_CONNECT_MS) });
      const make = (): Agent => new Agent({ ...agentOptions(options), connect: tellingBytesRead(connect) });
      return { keeping: make(), fresh: make() };
    });
    return agents;
  };

  const answer = async (request: WireRequest, onOver?: () => void): Promise<WireResponse> => {
    const { keeping, fresh } = await ready(request.connectMs ?? DEFAULT_CONNECT_MS);
    try {
      return await exchange(keeping, options.provider, request, { onOver });
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      // Where one kept connection is dead the others may be too, and the request is repeated only once (T25).
      return await exchange(fresh, options.provider, request, { once: true, onOver });
    }
  };

  const answerInTurn = async (slots: Slots, request: WireRequest): Promise<WireResponse> => {
    const giveBack = await slots.take(request.signal);
    try {
      return await answer(request, giveBack);
    } catch (error) {
      giveBack();
      throw error;
    }
  };

  return {
    async send(request) {
      if (closed) throw closedError(options.provider);
      const response = slots ? await answerInTurn(slots, request) : await answer(request);
      const coding = response.headers.get('content-encoding');
      if (coding === null || coding === 'identity') return response;
      // Nobody was asked for one; proxies use it all the same (E17).
      const { decodedBody } = await import('./node-decoded-body.ts');
      return decodedBody(options.provider, response, coding);
    },
    async close() {
      closed = true;
      const { keeping, fresh } = (await agents) ?? {};
      await Promise.all([keeping?.destroy(), fresh?.destroy()]);
    },
  };
}

interface Agents {
  readonly keeping: Agent;
  /** Of connections that serve one request each. */
  readonly fresh: Agent;
}

function closedError(provider: string): ProviderError {
  return new ProviderError({ provider, code: 'connection', message: 'closed', retryable: false });
}

function agentOptions({ connections, keepAliveMs }: TransportOptions): Agent.Options {
  return {
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(connections !== undefined && { connections }),
    ...(keepAliveMs !== undefined && { keepAliveTimeout: keepAliveMs }),
  };
}

/**
 * Puts on a socket's error what the socket had read. undici does so with its own errors alone, but a reset, the
 * system's error, is also how a host leaves a kept connection.
 */
function tellingBytesRead(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...result) => {
      const [, socket] = result;
      socket?.once('error', (error) => Object.assign(error, { socket: { bytesRead: socket.bytesRead } }));
      callback(...result);
    });
}

/** How one exchange is made. */
interface ExchangeOptions {
  /** The connection ends with the request. */
  readonly once?: boolean;
  readonly onOver?: (() => void) | undefined;
}

function exchange(
  dispatcher: Dispatcher,
  provider: string,
  request: WireRequest,
  { once = false, onOver }: ExchangeOptions,
): Promise<WireResponse> {
  request.signal.throwIfAborted();
  const { origin, pathname, search } = new URL(request.url);
  const handler = new Exchange(provider, request, onOver);
  dispatcher.dispatch(
    {
      origin,
      path: pathname + search,
      method: request.method as Dispatcher.HttpMethod,
      headers: request.headers,
      body: request.body ?? null,
      reset: once,
    },
    handler,
  );
  handler.armConnectTimer(request.connectMs ?? DEFAULT_CONNECT_MS);
  return handler.head;
}
