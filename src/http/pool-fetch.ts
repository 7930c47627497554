import type { RunestoneError } from '../errors/index.ts';
import type { ErrorWriter } from './dialect.ts';
import { asRunestoneError } from './foreign-error.ts';
import { type Incoming, type PoolFetchInit, readIncoming } from './incoming.ts';
import { readJsonBody } from './json-body.ts';
import { errorResponse } from './respond.ts';
import { findRoute } from './route-table.ts';
import type { ServedPool } from './served-pool.ts';

/** A pool in the form of `fetch`: what any client library can be given instead of the network. */
export type PoolFetch<Call extends object = object> = (
  input: Request | URL | string,
  init?: PoolFetchInit<Call>,
) => Promise<Response>;

/**
 * The web-standard door of a pool. Failures are responses with their true status and a body in the client's words.
 *
 * It rejects as `fetch` does: with the signal's reason once the client has aborted, and with a TypeError for what is
 * no URL. The body of a stream fails with that reason too, and with nothing else.
 */
export function poolFetch<Call extends object>(pool: ServedPool): PoolFetch<Call> {
  return async (input, init = {}) => {
    const incoming = readIncoming(input, init);
    incoming.signal?.throwIfAborted();
    const response = await answer(pool, incoming, init);
    return incoming.method === 'HEAD' ? new Response(null, response) : response;
  };
}

/** Whatever goes wrong here is a response, but for a client that has left: it is told its own reason. */
async function answer(pool: ServedPool, incoming: Incoming, init: PoolFetchInit): Promise<Response> {
  const { signal } = incoming;
  const options = { requestId: crypto.randomUUID(), ...init.runestone, ...(signal && { signal }) };
  const { requestId } = options;
  // OpenAI's, until the path has said whose client it is.
  let words: ErrorWriter | undefined;
  try {
    const { route, rest } = findRoute(incoming.method, incoming.path);
    words = route.errors;
    return await route.answer({
      pool,
      headers: incoming.headers,
      signal,
      options,
      told: { 'x-request-id': requestId },
      rest,
      json: () => readJsonBody(incoming, init.limits),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const told: RunestoneError = asRunestoneError(error);
    return errorResponse(told, requestId, words);
  }
}
