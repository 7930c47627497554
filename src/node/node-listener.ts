import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from '../http/index.ts';
import { CancelledError, InvalidRequestError } from '../index.ts';
import { toRequest } from './node-incoming-message.ts';
import { writeResponse } from './node-outgoing-message.ts';

/** What `node:http`, Express, Fastify's `raw` and Koa's `req`/`res` take. */
export type NodeListener = (message: IncomingMessage, out: ServerResponse) => void;

/**
 * A web-standard handler as a listener for Node's servers.
 *
 * A body that `express.json()` has read already is taken as it is, and a prefix that a mount took off is put back. The
 * request's signal fires when the client leaves.
 *
 * @example
 * app.use('/llm', toNodeListener(createHandler(pool, { authorize }))); // Express
 */
export function toNodeListener(handler: Handler): NodeListener {
  return (message, out) => void exchange(handler, message, out);
}

/** One request and its response. Never rejects. */
async function exchange(handler: Handler, message: IncomingMessage, out: ServerResponse): Promise<void> {
  const gone = new AbortController();
  const onClose = (): void => {
    if (!out.writableFinished) gone.abort(new CancelledError('the client went away'));
  };
  out.once('close', onClose);
  try {
    await writeResponse(await answer(handler, message, gone.signal), out);
  } catch {
    // A handler of somebody else that rejects, or a socket that is gone. Both are told of where they happen.
    out.destroy();
  } finally {
    out.off('close', onClose);
  }
}

/** What cannot even be told to a handler is answered here. */
function answer(
  handler: Handler,
  message: IncomingMessage,
  signal: AbortSignal,
): Response | Promise<Response> {
  let request: Request;
  try {
    request = toRequest(message, signal);
  } catch {
    const error = new InvalidRequestError('the request is malformed', { reason: 'malformed_request' });
    return Response.json(error.toOpenAI(), { status: 400, headers: { connection: 'close' } });
  }
  return handler(request);
}
