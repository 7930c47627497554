import { CancelledError } from '../errors/index.ts';
import { doorkeeper } from './doorkeeper.ts';
import { asRunestoneError } from './foreign-error.ts';
import { checkHandlerOptions, type HandlerOptions } from './handler-options.ts';
import type { PoolFetch } from './pool-fetch.ts';
import { errorResponse } from './respond.ts';

/** What web frameworks mount: a request in, a response out, and never a rejection. */
export type Handler = (request: Request) => Promise<Response>;

/**
 * The doors of a pool as a handler for a server: `pool.fetch`, and before it a doorkeeper.
 *
 * Without `authorize` it answers on the machine's own names alone. It sends no CORS header, so browsers keep the pages
 * of others away; a host that wants them puts its own layer around.
 *
 * @throws ConfigError for options that are wrong or unknown
 *
 * @example
 * app.all('/v1/*', (context) => handler(context.req.raw)); // Hono
 * export const POST = createHandler(pool, { authorize: bearerKeys(keys) }); // Next.js
 */
export function createHandler<Call extends object>(
  pool: { readonly fetch: PoolFetch<Call> },
  options: HandlerOptions<Call> = {},
): Handler {
  checkHandlerOptions(options);
  const enter = doorkeeper(options);
  return async (request) => {
    const entry = await enter(request);
    if (entry.refusal) return entry.refusal;
    const { call } = entry;
    try {
      return await pool.fetch(request, { limits: options, ...(call && { runestone: call }) });
    } catch (error) {
      const gone = request.signal.aborted;
      const told = gone ? new CancelledError('the client went away') : asRunestoneError(error);
      return errorResponse(told, crypto.randomUUID());
    }
  };
}
