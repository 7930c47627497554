import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policy, verdictOf } from '../../src/errors/index.ts';
import { type HttpFailure, httpError, inBandError } from '../../src/provider-kit/http-error.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const KEY = 'canary-key-0123456789';

const base = { provider: 'groq', model: 'llama', secrets: [KEY], nowMs: NOW };

const http = (
  status: number,
  body: unknown = '',
  headers: Record<string, string> = {},
  more: Partial<HttpFailure> = {},
) =>
  httpError({
    ...base,
    status,
    headers: new Headers(headers),
    bodyText: typeof body === 'string' ? body : JSON.stringify(body),
    ...more,
  });

describe('httpError', () => {
  it('tells who, what, the host’s own status and words', () => {
    const error = http(400, {
      error: { message: 'bad value', type: 'x', param: 'messages[2].content', code: 'invalid_value' },
    });
    expect(error).toMatchObject({
      name: 'ProviderError',
      code: 'invalid_request',
      provider: 'groq',
      model: 'llama',
      status: 400,
      reason: 'invalid_value',
      param: 'messages[2].content',
      message: 'groq: the request was refused (400): bad value',
    });
    expect(error.toOpenAI()).toEqual({
      error: {
        message: error.message,
        type: 'invalid_request_error',
        code: 'invalid_value',
        param: 'messages[2].content',
      },
    });
  });

  it('S7: a timeout of the host is one of phase `upstream`, and worth another try', () => {
    for (const status of [408, 504]) {
      const error = http(status);
      expect(error).toMatchObject({ code: 'timeout', phase: 'upstream' });
      expect(verdictOf(error).retry).toBe(true);
    }
    expect(http(500).phase).toBeUndefined();
  });

  it.each([
    ['request-id', 'req_1', 'req_1'],
    ['x-request-id', 'req_2', 'req_2'],
    ['x-amzn-requestid', 'f1-2', 'f1-2'],
    ['x-request-id', 'no spaces allowed', undefined],
    ['x-request-id', KEY, undefined],
    ['x-request-id', 'x'.repeat(200), undefined],
  ])('HDR-10 HDR-13: %s: %s', (name, value, id) => {
    expect(http(500, '', { [name]: value }).upstreamRequestId).toBe(id);
  });

  it.each([
    ['ThrottlingException', 'ThrottlingException'],
    ['ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/', 'ValidationException'],
    ['', undefined],
    [':x', undefined],
    ['no word', undefined],
  ])('the kind that Amazon names in a header is the reason: %j', (kind, reason) => {
    expect(http(400, { message: 'm' }, { 'x-amzn-errortype': kind }).reason).toBe(reason);
  });

  it('a code in the body goes before one in the headers', () => {
    const error = { message: 'm', code: 'invalid_value' };
    expect(http(400, { error }, { 'x-amzn-errortype': 'ValidationException' }).reason).toBe('invalid_value');
  });

  it('ERR-60 BUG-59: the host’s message is never lost', () => {
    for (const body of [{ error: { message: 'why' } }, { detail: 'why' }, { error: 'why' }, 'why']) {
      expect(http(422, body).message).toContain('why');
    }
  });

  it('S19: a web page leaves a short message', () => {
    expect(http(502, `<!DOCTYPE html><html>${'x'.repeat(10_000)}</html>`).message).toBe(
      'groq: internal error (502)',
    );
  });

  it('S20: so do an empty and a giant body', () => {
    expect(http(500).message).toBe('groq: internal error (500)');
    expect(http(500, 'x'.repeat(500_000)).message.length).toBeLessThan(250);
  });

  it('reasons that are numbers or sentences are no finer words', () => {
    expect(http(502, { error: { code: 502, message: 'x' } }).reason).toBeUndefined();
    expect(http(400, { error: { code: 'a whole sentence', message: 'x' } }).reason).toBeUndefined();
    expect(
      http(400, { error: { code: 'fine_word', param: 'not a path!', message: 'x' } }).param,
    ).toBeUndefined();
  });

  it('ERR-40: an overflow has OpenAI’s word', () => {
    const error = http(400, { error: { message: 'maximum context length is 8192', code: null } });
    expect(error).toMatchObject({ code: 'context_overflow', reason: 'context_length_exceeded' });
    expect(verdictOf(error).failover).toBe('larger_window');
  });

  it('what the provider knows better goes before the general rules, the rest stays theirs', () => {
    const error = http(
      400,
      { error: { message: 'x', code: 'odd' } },
      {},
      {
        classify: (failure, nowMs) => {
          expect(failure).toMatchObject({ status: 400, code: 'odd', message: 'x', structured: true });
          expect(nowMs).toBe(NOW);
          return { code: 'content_filtered', param: 'messages' };
        },
      },
    );
    expect(error).toMatchObject({ code: 'content_filtered', param: 'messages', reason: 'odd' });
    expect(http(400, '', {}, { classify: () => undefined }).code).toBe('invalid_request');
  });
});

describe('waiting and repeating', () => {
  it.each([408, 409, 425, 429, 500, 503, 529])('HDR-3: %i carries the wait', (status) => {
    expect(http(status, '', { 'retry-after': '3' }).retryAfterMs).toBe(3_000);
  });

  it.each([400, 401, 403, 404, 413, 422])('%i does not: waiting does not mend it', (status) => {
    expect(http(status, '', { 'retry-after': '3' }).retryAfterMs).toBeUndefined();
  });

  it('the message says when', () => {
    expect(http(429, '', { 'retry-after-ms': '11200' }).message).toBe(
      'groq: rate limited (429); retry in 12 s',
    );
  });

  it('S18 HDR-1: `x-should-retry` overrides the row, either way', () => {
    const no = http(500, '', { 'x-should-retry': 'false' });
    const yes = http(400, '', { 'x-should-retry': 'true', 'retry-after': '1' });
    expect([verdictOf(no).retry, verdictOf(yes).retry, yes.retryAfterMs]).toEqual([false, true, 1_000]);
    expect(verdictOf(http(501, '', { 'x-should-retry': 'true' })).retry).toBe(true);
    expect(http(500).retryable).toBeUndefined();
  });
});

describe('a model that its vendor has retired', () => {
  const lifecycle = { retired: '2026-01-05', successor: 'llama-next' };

  it('is said to be, with its day and successor', () => {
    const error = http(404, '', {}, { lifecycle });
    expect(error.reason).toBe('model_retired');
    expect(error.message).toBe('groq: the model "llama" was retired on 2026-01-05 (404); use "llama-next"');
  });

  it('MOD-5 is said to be when its announced day is past and it is not found: until then it was overdue', () => {
    const announced = { status: 'deprecated', retires: '2026-01-05', successor: 'llama-next' } as const;
    expect(http(404, '', {}, { lifecycle: announced }).message).toContain('was retired on 2026-01-05');
    expect(http(404, '', {}, { lifecycle: { ...announced, retires: '2026-12-24' } }).reason).toBeUndefined();
    expect(http(400, '', {}, { lifecycle: announced }).reason).toBeUndefined();
  });

  it.each([
    ['on another error', 400, lifecycle],
    ['before its day', 404, { retired: '2026-12-24' }],
    ['without a day', 404, { deprecated: '2026-01-05', successor: 'x' }],
    ['with an unreadable day', 404, { retired: 'some day' }],
  ])('is not %s', (_, status, facts) => {
    expect(http(status, '', {}, { lifecycle: facts }).reason).toBeUndefined();
  });
});

describe('inBandError (ERR-54, ERR-55, N3)', () => {
  const inBand = (body: unknown) => inBandError({ ...base, body });

  it.each([
    [{ error: { message: 'x', code: 'rate_limit_exceeded', type: 'tokens' } }, 'rate_limited'],
    [{ error: { message: 'x', type: 'server_error' } }, 'server_error'],
    [{ error: { message: 'x', code: 502 } }, 'server_error'],
    [{ error: { message: 'x', code: 'insufficient_quota' } }, 'quota_exhausted'],
    [{ error: { message: 'prompt is too long', type: 'invalid_request_error' } }, 'context_overflow'],
    [{ error: { message: 'x' } }, 'server_error'],
    [{ error: 'x' }, 'server_error'],
    [
      { code: 'The service is currently unavailable', error: 'Service temporarily unavailable.' },
      'overloaded',
    ],
    ['{"error":{"message":"x","code":"rate_limit_exceeded"}}', 'rate_limited'],
    ['no JSON', 'server_error'],
    [null, 'server_error'],
  ])('%j is %s, by the same rules as a status', (body, code) => {
    expect(inBand(body).code).toBe(code);
    expect(inBand(body)).not.toHaveProperty('status');
  });

  it('ids: the envelope’s own, else that of the answer’s head', () => {
    const head = { ...base, upstreamRequestId: 'head' };
    expect(
      inBandError({ ...head, body: { error: { message: 'x' }, request_id: 'own' } }).upstreamRequestId,
    ).toBe('own');
    expect(inBandError({ ...head, body: {} }).upstreamRequestId).toBe('head');
  });
});

describe('nothing secret comes out (S22, ERR-61, INV-36)', () => {
  const forms = [KEY, encodeURIComponent(KEY), btoa(KEY), `sk-ant-${KEY}`];

  it.each(forms)('%s', (form) => {
    const echo = {
      error: { message: `you sent ${form}`, code: form, param: form, type: form },
      request_id: form,
    };
    for (const error of [http(400, echo, { 'request-id': form }), inBandError({ ...base, body: echo })]) {
      const shown = [
        error.message,
        error.stack,
        inspect(error, { depth: 10 }),
        JSON.stringify(error),
        JSON.stringify(error.toOpenAI()),
      ];
      for (const text of shown) expect(text).not.toContain(form);
    }
  });

  it('no header, no body, no cause', () => {
    const error = http(500, { error: { message: 'm' }, canary: 'body' }, { 'x-canary': 'header' });
    expect(error.cause).toBeUndefined();
    expect(inspect(error, { depth: 10 })).not.toContain('canary');
  });
});

describe('INV-22', () => {
  it('any status, headers and body become one ProviderError', () => {
    const headers = fc.dictionary(
      fc.constantFrom('retry-after', 'x-should-retry', 'request-id', 'date'),
      fc.string({ unit: 'grapheme-ascii' }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 1_200 }),
        headers,
        fc.oneof(fc.string(), fc.json()),
        (status, told, body) => {
          const error = http(status, body, {}, { headers: { get: (name) => told[name] ?? null } });
          expect(error.name).toBe('ProviderError');
          expect(Object.hasOwn(policy, error.code)).toBe(true);
          expect(error.message.startsWith('groq: ')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
