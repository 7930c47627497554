import { isRunestoneError } from '../errors/index.ts';
import { transportError } from './transport-error.ts';
import type { Transport, WireRequest, WireResponse } from './wire.ts';

/** The part of `fetch` a provider needs; the global one fits, and so does a mock. */
export type FetchLike = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
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
      const { signal } = request;
      signal.throwIfAborted();
      request.onSend?.();
      const answer = ask(fetch, request);
      try {
        return responseToWire(provider, await untilAborted(answer, signal), signal);
      } catch (error) {
        // A `fetch` of the house knows better what is wrong: a cassette does.
        if (!signal.aborted) throw isRunestoneError(error) ? error : transportError(provider, error, 'head');
        // A `fetch` that is deaf to the signal may still bring its answer, which nobody will read.
        answer.then((late) => late.body?.cancel()).catch(() => {});
        throw signal.reason;
      }
    },
    async close() {},
  };
}

/** Async, so that a `fetch` that throws rather than rejects is treated alike. */
async function ask(fetch: FetchLike, { url, method, headers, body, signal }: WireRequest): Promise<Response> {
  return fetch(url, {
    method,
    headers,
    ...(body !== undefined && { body }),
    signal,
    redirect: 'manual',
  });
}

/** Reads a web `Response` the way the house reads: whole chunks, typed errors, one owner of the end. */
export function responseToWire(provider: string, response: Response, signal: AbortSignal): WireResponse {
  const reader = response.body?.getReader();
  let ended = reader === undefined;
  let failure: unknown;
  return {
    status: response.status,
    headers: response.headers,
    async read() {
      if (failure !== undefined) throw failure;
      if (!reader || ended) return undefined;
      try {
        const { done, value } = await untilAborted(reader.read(), signal);
        ended ||= done;
        return done ? undefined : [value];
      } catch (error) {
        failure = signal.aborted ? signal.reason : transportError(provider, error, 'body');
        reader.cancel().catch(() => {});
        throw failure;
      }
    },
    finish() {
      if (ended) return;
      ended = true;
      reader?.cancel().catch(() => {});
    },
  };
}

/** Not every body ends by itself when the signal fires: that of a mock may stay silent for ever. */
function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
