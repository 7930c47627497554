import type { PoolFetchInit } from './incoming.ts';
import type { PoolFetch } from './pool-fetch.ts';

/** What the constructor of a client library takes, so that it speaks to a pool instead of the network. */
export interface ClientOptions {
  /** Constructors insist on a key. It opens nothing. */
  readonly apiKey: string;
  /** No host of that name exists (RFC 6761): whatever bypasses `fetch` fails. */
  readonly baseURL: string;
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;
  /** The pool retries. Around it the client's own retries would only multiply. */
  readonly maxRetries: 0;
}

/** OpenAI's clients, and those made like them, want the version in the base URL. */
const OPENAI_BASE = 'http://pool.invalid/v1';

/** Anthropic's client writes the version itself. */
const ANTHROPIC_BASE = 'http://pool.invalid';

/**
 * Constructor options for one family of clients.
 *
 * @param call - call options of everything that this client asks
 */
export function clientOptions<Call extends object>(
  fetch: PoolFetch<Call>,
  family: 'openai' | 'anthropic',
  call?: Call,
): ClientOptions {
  return {
    apiKey: 'runestone',
    baseURL: family === 'openai' ? OPENAI_BASE : ANTHROPIC_BASE,
    fetch: call ? (input, init) => fetch(input, withCall(init, call)) : fetch,
    maxRetries: 0,
  };
}

/** What one request says for itself goes first. */
function withCall<Call extends object>(
  init: PoolFetchInit<Call> | undefined,
  call: Call,
): PoolFetchInit<Call> {
  return { ...init, runestone: { ...call, ...init?.runestone } };
}
