import { OUT_OF_FILES, ProviderError, type ProviderErrorCode } from '../errors/index.ts';

/** What a broken connection means: code, what to tell people, and whether the same host is worth another try. */
interface Meaning {
  readonly code: ProviderErrorCode;
  readonly told: string;
  readonly retryable?: boolean;
  readonly reason?: string;
}

const refused: Meaning = { code: 'connection', told: 'connection refused', retryable: false };
const noSuchHost: Meaning = { code: 'connection', told: 'host name not found', retryable: false };
const noTls: Meaning = { code: 'connection', told: 'TLS failed', retryable: false };
const reset: Meaning = { code: 'connection', told: 'connection reset' };
const closed: Meaning = { code: 'connection', told: 'closed', retryable: false };
const unreachable: Meaning = { code: 'connection', told: 'host unreachable', retryable: false };
const outOfFiles: Meaning = { code: 'connection', told: 'too many open files here', reason: OUT_OF_FILES };
const unsendable: Meaning = { code: 'invalid_request', told: 'the request cannot be sent' };
const notHttp: Meaning = { code: 'bad_response', told: 'the answer is not valid HTTP' };
const cutShort: Meaning = { code: 'stream_truncated', told: 'closed before the answer ended' };

/** By the `code` that Node and undici put on their errors. What is listed nowhere is a reset. */
const meanings: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: refused,
  ENOTFOUND: noSuchHost,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EMFILE: outOfFiles,
  ENFILE: outOfFiles,
  UND_ERR_CONNECT_TIMEOUT: { code: 'timeout', told: 'no connection in time', retryable: false },
  UND_ERR_CLOSED: closed,
  UND_ERR_DESTROYED: closed,
  UND_ERR_HEADERS_OVERFLOW: notHttp,
  UND_ERR_INVALID_ARG: unsendable,
  UND_ERR_NOT_SUPPORTED: unsendable,
  ERR_INVALID_URL: unsendable,
};

/** A handshake or a certificate: dozens of codes, and no further try cures any of them. */
const tlsCode = /CERT|^ERR_(?:SSL|TLS)_|^UNABLE_TO_VERIFY|^EPROTO$/;

/** What undici says of an end of input, in its own and in the parser's words. In a body it cuts the answer short. */
const endCodes: ReadonlySet<string> = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'HPE_INVALID_EOF_STATE',
]);

/** Any `fetch` may put anything at all into `code`; only what looks like one is shown. */
const shownCode = /^[A-Z][A-Z0-9_]{2,63}$/;

/** How deep a code is looked for: a cause may be its own cause. */
const MAX_CAUSES = 8;

/**
 * Turns what the network threw into the house's words.
 *
 * @param phase - `head` until the response head is in, `body` after
 */
export function transportError(provider: string, error: unknown, phase: 'head' | 'body'): ProviderError {
  const code = codeOf(error);
  const { code: meaning, told, retryable, reason } = meaningOf(code, phase);
  return new ProviderError({
    provider,
    code: meaning,
    message: code ? `${told} (${code})` : told,
    retryable,
    reason,
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
  if (phase === 'body' && endCodes.has(code)) return cutShort;
  if (code.startsWith('HPE_')) return notHttp;
  return tlsCode.test(code) ? noTls : (meanings[code] ?? reset);
}

/** System errors keep their code where an `AggregateError` of several addresses, or `fetch`, hides it. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > MAX_CAUSES) return undefined;
  // undici 7 leaves out the parser's code. It has a name for an end of input, and the rest are one to us.
  if (error.name === 'HTTPParserError')
    return /EOF/.test(error.message) ? 'HPE_INVALID_EOF_STATE' : 'HPE_ERROR';
  if ('code' in error && typeof error.code === 'string' && shownCode.test(error.code)) return error.code;
  return codeOf(error instanceof AggregateError ? error.errors[0] : error.cause, depth + 1);
}

/** The code alone: messages of network errors name addresses, and third parties' causes hold who knows what. */
function safeCause(code: string | undefined): Error | undefined {
  return code === undefined ? undefined : new Error(code);
}
