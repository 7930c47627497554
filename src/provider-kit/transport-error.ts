import { ProviderError, type ProviderErrorCode } from '../errors/index.ts';

/** What a broken connection means: code, what to tell people, and whether the same host is worth another try. */
interface Meaning {
  readonly code: ProviderErrorCode;
  readonly told: string;
  readonly retryable?: boolean;
}

const refused: Meaning = { code: 'connection', told: 'connection refused', retryable: false };
const noSuchHost: Meaning = { code: 'connection', told: 'host name not found', retryable: false };
const noTls: Meaning = { code: 'connection', told: 'TLS failed', retryable: false };
const reset: Meaning = { code: 'connection', told: 'connection reset' };
const notHttp: Meaning = { code: 'bad_response', told: 'the answer is not valid HTTP' };

/** By the `code` that Node and undici put on their errors. What is not listed is a reset. */
const meanings: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: refused,
  ENOTFOUND: noSuchHost,
  EHOSTUNREACH: { code: 'connection', told: 'host unreachable', retryable: false },
  EPROTO: noTls,
  ERR_TLS_CERT_ALTNAME_INVALID: noTls,
  DEPTH_ZERO_SELF_SIGNED_CERT: noTls,
  SELF_SIGNED_CERT_IN_CHAIN: noTls,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noTls,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noTls,
  CERT_HAS_EXPIRED: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  UND_ERR_HEADERS_OVERFLOW: notHttp,
  UND_ERR_INVALID_ARG: { code: 'invalid_request', told: 'the request cannot be sent' },
};

/**
 * Turns what the network threw into the house's words.
 *
 * @param phase - `head` until the response head is in, `body` after
 */
export function transportError(provider: string, error: unknown, phase: 'head' | 'body'): ProviderError {
  const code = codeOf(error);
  const { code: meaning, told, retryable } = meaningOf(code, phase);
  return new ProviderError({
    provider,
    code: meaning,
    message: code ? `${told} (${code})` : told,
    retryable,
    cause: safeCause(code),
  });
}

/** The connect timer ran out: name look-up, TCP and TLS together. Never repeated at the same host. */
export function connectTimeout(provider: string, connectMs: number): ProviderError {
  return new ProviderError({
    provider,
    code: 'timeout',
    phase: 'connect',
    message: `no connection within ${connectMs} ms`,
    retryable: false,
  });
}

function meaningOf(code: string | undefined, phase: 'head' | 'body'): Meaning {
  if (code === undefined) return reset;
  if (code.startsWith('HPE_')) return notHttp;
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return { code: 'timeout', told: 'no connection in time', retryable: false };
  // undici says "other side closed" for a FIN. In the body that is an answer cut short, not a broken network.
  if (phase === 'body' && (code === 'UND_ERR_SOCKET' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')) {
    return { code: 'stream_truncated', told: 'the connection was closed before the answer ended' };
  }
  return meanings[code] ?? reset;
}

/** System errors keep their code where an `AggregateError` of several addresses hides it. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error.cause === undefined ? undefined : codeOf(error.cause);
}

/** The code alone: messages of network errors name addresses, and third parties' causes hold who knows what. */
function safeCause(code: string | undefined): Error | undefined {
  return code === undefined ? undefined : new Error(code);
}
