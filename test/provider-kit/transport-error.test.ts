import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunestoneError, OUT_OF_FILES, verdictOf } from '../../src/errors/index.ts';
import { connectTimeout, transportError } from '../../src/provider-kit/transport-error.ts';

const coded = (code: unknown, message = 'canary 10.0.0.7:443'): Error =>
  Object.assign(new Error(message), { code });

/** As undici 7 throws it: a name, no code, and the host's bytes. */
const parserError = (reason: string): Error =>
  Object.assign(new Error(`Response does not match the HTTP/1.1 protocol (${reason})`), {
    name: 'HTTPParserError',
    code: undefined,
    data: 'canary',
  });

describe('by code, before the head', () => {
  it('says whose fault it is that no file is left (H14)', () => {
    expect(transportError('acme', coded('EMFILE'), 'head').reason).toBe(OUT_OF_FILES);
    expect(transportError('acme', coded('ECONNRESET'), 'head').reason).toBeUndefined();
  });

  it.each([
    ['ENOTFOUND', 'connection', false, 'host name not found'],
    ['EAI_AGAIN', 'connection', true, 'connection reset'],
    ['ECONNREFUSED', 'connection', false, 'connection refused'],
    ['EHOSTUNREACH', 'connection', false, 'host unreachable'],
    ['ENETUNREACH', 'connection', false, 'host unreachable'],
    ['EMFILE', 'connection', true, 'too many open files here'],
    ['ENFILE', 'connection', true, 'too many open files here'],
    ['ECONNRESET', 'connection', true, 'connection reset'],
    ['EPIPE', 'connection', true, 'connection reset'],
    ['ETIMEDOUT', 'connection', true, 'connection reset'],
    ['UND_ERR_SOCKET', 'connection', true, 'connection reset'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', false, 'no connection in time'],
    ['UND_ERR_DESTROYED', 'connection', false, 'closed'],
    ['UND_ERR_CLOSED', 'connection', false, 'closed'],
    ['UND_ERR_HEADERS_OVERFLOW', 'bad_response', false, 'the answer is not valid HTTP'],
    ['HPE_INVALID_CONSTANT', 'bad_response', false, 'the answer is not valid HTTP'],
    ['UND_ERR_INVALID_ARG', 'invalid_request', false, 'the request cannot be sent'],
    ['UND_ERR_NOT_SUPPORTED', 'invalid_request', false, 'the request cannot be sent'],
    ['ERR_INVALID_URL', 'invalid_request', false, 'the request cannot be sent'],
    ['SOMETHING_NEW', 'connection', true, 'connection reset'],
  ])('%s is %s, repeated: %s', (code, kind, retry, told) => {
    const error = transportError('acme', coded(code), 'head');
    expect(error).toMatchObject({
      name: 'ProviderError',
      code: kind,
      provider: 'acme',
      message: `acme: ${told} (${code})`,
    });
    expect(verdictOf(error).retry).toBe(retry);
  });

  it.each([
    'EPROTO',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REVOKED',
  ])('T8: %s is a failed TLS, never repeated at the same host', (code) => {
    const error = transportError('acme', coded(code), 'head');
    expect(error).toMatchObject({
      code: 'connection',
      retryable: false,
      message: `acme: TLS failed (${code})`,
    });
    expect(verdictOf(error)).toMatchObject({ retry: false, failover: true });
  });
});

describe('in the body', () => {
  it.each([
    ['T31, T34: a FIN', coded('UND_ERR_SOCKET'), 'stream_truncated'],
    ['T45: a short content-length', coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), 'stream_truncated'],
    ['T34: a FIN, as the parser tells it', parserError('Invalid EOF state'), 'stream_truncated'],
    ['T34: the same from another undici', coded('HPE_INVALID_EOF_STATE'), 'stream_truncated'],
    ['T30, T33: a RST', coded('ECONNRESET'), 'connection'],
    ['T47: a bad chunk size', parserError('Invalid character in chunk size'), 'bad_response'],
    ['T47: the same from another undici', coded('HPE_INVALID_CHUNK_SIZE'), 'bad_response'],
    [
      'fetch: terminated by a FIN',
      new TypeError('terminated', { cause: coded('UND_ERR_SOCKET') }),
      'stream_truncated',
    ],
    ['fetch: terminated by a RST', new TypeError('terminated', { cause: coded('ECONNRESET') }), 'connection'],
    ['fetch: terminated by who knows what', new TypeError('terminated'), 'connection'],
  ])('%s', (_, error, code) => {
    expect(transportError('acme', error, 'body').code).toBe(code);
  });

  it('T16: what is no HTTP at all is no answer', () => {
    expect(transportError('acme', parserError('Expected HTTP/'), 'head')).toMatchObject({
      code: 'bad_response',
      message: 'acme: the answer is not valid HTTP (HPE_ERROR)',
    });
  });
});

describe('where the code is found', () => {
  it.each([
    ['on the error', coded('ECONNREFUSED')],
    ['on its cause', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') })],
    [
      'on the cause of its cause',
      new Error('a', { cause: new Error('b', { cause: coded('ECONNREFUSED') }) }),
    ],
    [
      'in an AggregateError of both addresses',
      new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
    ],
    [
      'in the cause that is one',
      new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNREFUSED')]) }),
    ],
    [
      'behind a code that is none',
      Object.assign(new Error('a', { cause: coded('ECONNREFUSED') }), { code: 20 }),
    ],
  ])('%s', (_, error) => {
    expect(transportError('acme', error, 'head').message).toBe('acme: connection refused (ECONNREFUSED)');
  });

  it.each([
    ['undefined', undefined],
    ['a string', 'ECONNREFUSED'],
    ['a record', { code: 'ECONNREFUSED' }],
    ['an error without a code', new Error('canary')],
    ['an empty AggregateError', new AggregateError([])],
    ['a DOMException, whose code is a number', new DOMException('canary', 'AbortError')],
    ['a code that is a sentence', coded('Bearer sk-canary-1234567890')],
    ['a code of an object’s member', coded('__proto__')],
    ['an endless code', coded('A'.repeat(1_000))],
  ])('nowhere: %s', (_, error) => {
    const found = transportError('acme', error, 'head');
    expect(found).toMatchObject({ code: 'connection', message: 'acme: connection reset' });
    expect(found.cause).toBeUndefined();
  });

  it('ends for a cause that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(transportError('acme', error, 'head').code).toBe('connection');
    const both = new AggregateError([], 'round');
    both.errors.push(both);
    expect(transportError('acme', both, 'body').code).toBe('connection');
  });
});

describe('what it shows', () => {
  it('4: nothing of what was thrown but its code', () => {
    const thrown = Object.assign(coded('ECONNRESET', 'canary: Bearer sk-secret'), {
      address: 'canary',
      socket: { remoteAddress: 'canary' },
    });
    const error = transportError('acme', new TypeError('canary', { cause: thrown }), 'body');
    expect(inspect(error, { depth: null }) + JSON.stringify(error)).not.toContain('canary');
    expect(error.cause).toMatchObject({ message: 'ECONNRESET' });
  });

  it('is a house error whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), fc.constantFrom('head', 'body'), (value, code, phase) => {
        for (const thrown of [value, coded(code), new Error('x', { cause: value })]) {
          const error = transportError('acme', thrown, phase);
          expect(isRunestoneError(error)).toBe(true);
          expect(typeof error.code).toBe('string');
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('connectTimeout', () => {
  it('T2, T4: says which timer, and goes to the next target at once', () => {
    const error = connectTimeout('acme', 5_000);
    expect(error).toMatchObject({
      code: 'timeout',
      phase: 'connect',
      message: 'acme: no connection within 5000 ms',
    });
    expect(verdictOf(error)).toMatchObject({ retry: false, failover: true, breaker: 'failure' });
  });
});
