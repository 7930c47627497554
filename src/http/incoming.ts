/** How a body that arrives as a stream is read. */
export interface BodyLimits {
  /** Longest body, in bytes; over it a request is `request_too_large`. @default 33_554_432 (32 MiB) */
  readonly bodyLimitBytes?: number;
  /** Until the body is complete, in milliseconds; over it a request is answered by 408. @default 60_000 */
  readonly bodyTimeoutMs?: number;
}

/** The second argument of a pool's `fetch`: the standard one, and what only a pool knows. */
export interface PoolFetchInit<Call extends object = object> extends RequestInit {
  /** What `pool.request` takes beside the request: tenant, priority, deadline. Its signal is the standard `signal`. */
  readonly runestone?: Call;
  /** For a handler that is mounted on a server. Text that is passed as `body` is not limited. */
  readonly limits?: BodyLimits;
}

/** A request, in whichever of its three forms it came. */
export interface Incoming {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly signal: AbortSignal | undefined;
  readonly body: string | ReadableStream<Uint8Array> | null;
}

/** Only its path counts: which host a client believes to speak to is nothing to the pool. */
const BASE = 'http://pool.invalid';

/**
 * Reads the arguments of a `fetch`.
 *
 * Hosts that mount it pass things of their own in second place: of `init` only what has the right type is taken.
 *
 * @throws TypeError for what is no URL, as `fetch` does
 */
export function readIncoming(input: Request | URL | string, init: RequestInit = {}): Incoming {
  const request = typeof input === 'object' && 'method' in input ? input : undefined;
  const { method, headers, body, signal } = init;
  const url = new URL(request ? request.url : String(input), BASE);
  return {
    method: (typeof method === 'string' ? method : (request?.method ?? 'GET')).toUpperCase(),
    path: url.pathname,
    headers: headersOf(headers, request),
    signal: (signal instanceof AbortSignal ? signal : request?.signal) ?? undefined,
    body: bodyOf(body, request),
  };
}

function headersOf(headers: RequestInit['headers'], request: Request | undefined): Headers {
  if (headers instanceof Headers) return headers;
  return headers ? new Headers(headers) : (request?.headers ?? new Headers());
}

function bodyOf(body: RequestInit['body'], request: Request | undefined): Incoming['body'] {
  if (typeof body === 'string') return body;
  // All other forms of a body become a stream that way: bytes, blobs, iterables.
  return body ? new Response(body).body : (request?.body ?? null);
}
