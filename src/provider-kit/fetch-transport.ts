import { transportError } from './transport-error.ts';
import type { Transport, WireRequest, WireResponse } from './wire.ts';

/** The part of `fetch` a provider needs; the global one fits, and so does a mock. */
export type FetchLike = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal: AbortSignal;
    readonly redirect: 'manual';
  },
) => Promise<Response>;

/**
 * A transport over a `fetch` of the user's choice: a proxy, a mock, an edge runtime.
 *
 * `fetch` does not say when a connection stands, so the connect timer cannot act here; and Node's global `fetch`
 * has hidden timers of 300 s on headers and body, which no option can lift.
 */
export function fetchTransport(provider: string, fetch: FetchLike): Transport {
  return {
    async send(request) {
      request.signal.throwIfAborted();
      try {
        const response = await fetch(request.url, {
          method: request.method,
          headers: Object.fromEntries(pairs(request.headers)),
          ...(request.body !== undefined && { body: request.body }),
          signal: request.signal,
          redirect: 'manual',
        });
        return responseToWire(provider, response, request.signal);
      } catch (error) {
        throw request.signal.aborted ? request.signal.reason : transportError(provider, error, 'head');
      }
    },
    async close() {},
  };
}

/** Reads a web `Response` the way the house reads: whole chunks, typed errors, one owner of the end. */
export function responseToWire(provider: string, response: Response, signal: AbortSignal): WireResponse {
  const reader = response.body?.getReader();
  let finished = false;
  return {
    status: response.status,
    headers: response.headers,
    async read() {
      if (!reader || finished) return undefined;
      try {
        const { done, value } = await reader.read();
        if (done) finished = true;
        return done ? undefined : [value];
      } catch (error) {
        finished = true;
        throw signal.aborted ? signal.reason : transportError(provider, error, 'body');
      }
    },
    finish() {
      if (finished) return;
      finished = true;
      reader?.cancel().catch(() => {});
    },
  };
}

function pairs(headers: WireRequest['headers']): Iterable<readonly [string, string]> {
  return Symbol.iterator in headers ? headers : Object.entries(headers);
}
