import { describe, expect, it } from 'vitest';
import {
  completionsError,
  inAnswerFailure,
  inStreamFailure,
  notAnAnswer,
} from '../../../src/providers/openai-compatible/errors.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const SECRET = 'gsk-canary-0123456789';
const context = { provider: 'acme', model: 'model-1', secrets: [SECRET] };

const failed = (status: number, error: unknown, headers: Readonly<Record<string, string>> = {}) =>
  completionsError(
    status,
    new Headers(headers),
    typeof error === 'string' ? error : JSON.stringify({ error }),
    context,
    NOW,
  );

const words = (code: string | null, type = 'invalid_request_error', message = 'x') => ({
  message,
  type,
  param: null,
  code,
});

describe('an answer with a status of failure', () => {
  it.each([
    ['ERR-40', 400, words('context_length_exceeded'), 'context_overflow', 'context_length_exceeded'],
    ['ERR-41', 400, words('unsupported_parameter'), 'invalid_request', 'unsupported_parameter'],
    ['ERR-41', 400, words('unsupported_value'), 'invalid_request', 'unsupported_value'],
    ['ERR-42', 400, words('content_filter'), 'content_filtered', 'content_filter'],
    ['ERR-42', 403, words('content_policy_violation'), 'content_filtered', 'content_policy_violation'],
    ['ERR-43', 401, words('invalid_api_key'), 'authentication', 'invalid_api_key'],
    ['ERR-43', 401, words('account_deactivated'), 'authentication', 'account_deactivated'],
    [
      'ERR-44',
      403,
      words('unsupported_country_region_territory', 'request_forbidden'),
      'permission',
      'unsupported_country_region_territory',
    ],
    ['ERR-45', 404, words('model_not_found'), 'model_not_found', 'model_not_found'],
    ['ERR-45', 404, words('DeploymentNotFound'), 'model_not_found', 'DeploymentNotFound'],
    ['ERR-46', 408, words(null), 'timeout', undefined],
    ['ERR-47', 409, words(null), 'conflict', undefined],
    ['ERR-48', 413, words('request_too_large'), 'request_too_large', 'request_too_large'],
    ['ERR-49', 422, words(null), 'invalid_request', undefined],
    ['ERR-50', 429, words('rate_limit_exceeded', 'requests'), 'rate_limited', 'rate_limit_exceeded'],
    ['ERR-50', 429, words('rate_limit_exceeded', 'tokens'), 'rate_limited', 'rate_limit_exceeded'],
    [
      'ERR-51',
      429,
      words('insufficient_quota', 'insufficient_quota'),
      'quota_exhausted',
      'insufficient_quota',
    ],
    ['ERR-51', 429, words('billing_hard_limit_reached'), 'quota_exhausted', 'billing_hard_limit_reached'],
    ['ERR-51', 402, words(null, 'unknown_error', 'Insufficient Balance'), 'quota_exhausted', undefined],
    ['ERR-52', 500, words(null, 'server_error'), 'server_error', undefined],
    ['ERR-53', 503, words('service_unavailable', 'server_error'), 'overloaded', 'service_unavailable'],
    [
      'ERR-53',
      502,
      words(null, 'server_error', 'The engine is currently overloaded'),
      'overloaded',
      undefined,
    ],
    ['ERR-53', 529, words(null), 'overloaded', undefined],
    ['ERR-53', 504, words(null), 'timeout', undefined],
  ] as const)('%s: %d %j is %s', (_, status, error, code, reason) => {
    const failure = failed(status, error);
    expect(failure).toMatchObject({
      name: 'ProviderError',
      code,
      status,
      provider: 'acme',
      model: 'model-1',
    });
    expect(failure.reason).toBe(reason);
  });

  it('ERR-41: names the parameter', () => {
    const error = { ...words('unsupported_value'), param: 'messages[0].role' };
    expect(failed(400, error).param).toBe('messages[0].role');
  });

  it.each([
    [
      'Mistral',
      '{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","messages",0,"user","name"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error","code":null}',
      'Extra inputs are not permitted',
      'messages[0].user.name',
    ],
    [
      'vLLM',
      '{"object":"error","message":"This model\'s maximum context length is 10 tokens.","type":"BadRequestError","code":400}',
      'maximum context length',
      undefined,
    ],
    [
      'Google',
      '[{"error":{"code":400,"message":"Invalid JSON payload received.","status":"INVALID_ARGUMENT"}}]',
      'Invalid JSON payload',
      undefined,
    ],
    [
      'Ollama',
      '{"error":{"message":"model \\"x\\" not found, try pulling it first","type":"not_found_error"}}',
      'try pulling it first',
      undefined,
    ],
    ['a text', '{"error":"the server is on fire"}', 'on fire', undefined],
    ['FastAPI', '{"detail":"Not Found"}', 'Not Found', undefined],
    ['no JSON', 'upstream connect error', 'upstream connect error', undefined],
  ])('ERR-60: keeps the words of the host: %s', (_, body, message, param) => {
    const failure = failed(400, body);
    expect(failure.message).toContain(message);
    expect(failure.param).toBe(param);
  });

  it.each([
    ['HDR-2', { 'retry-after-ms': '1500' }, 1_500],
    ['HDR-3', { 'retry-after': '2' }, 2_000],
    [
      'HDR-11, HDR-12',
      { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m2.5s' },
      62_500,
    ],
    ['HDR-12', { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '12ms' }, 12],
    [
      'HDR-12 of two, the later',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      360_000,
    ],
    ['HDR-14', { 'x-ratelimit-reset': '30' }, 30_000],
    ['HDR-14', { 'x-ratelimit-reset': String(NOW / 1_000 + 90) }, 90_000],
    [
      'HDR-11: with room left',
      { 'x-ratelimit-remaining-requests': '9', 'x-ratelimit-reset-requests': '1s' },
      undefined,
    ],
  ])('%s: waits as long as the host says: %j', (_, headers, waitMs) => {
    expect(failed(429, words('rate_limit_exceeded'), headers).retryAfterMs).toBe(waitMs);
  });

  it('HDR-1: is repeated or not as the host says', () => {
    expect(failed(500, words(null), { 'x-should-retry': 'false' }).retryable).toBe(false);
    expect(failed(400, words(null), { 'x-should-retry': 'true' }).retryable).toBe(true);
    expect(failed(500, words(null)).retryable).toBeUndefined();
  });

  it('HDR-13: knows its id', () => {
    expect(failed(500, words(null), { 'x-request-id': 'req_1' }).upstreamRequestId).toBe('req_1');
  });

  it('ERR-61: shows no key, neither ours nor another', () => {
    const body = `Incorrect API key provided: ${SECRET}. Also sk-proj-another-one-1234.`;
    const { message } = failed(401, words('invalid_api_key', 'invalid_request_error', body));
    expect(message).not.toContain('canary');
    expect(message).not.toContain('another-one');
    expect(message).toContain('Incorrect API key provided');
  });
});

describe('an error under a 200', () => {
  it('ERR-54: inside a stream is told by its words, and otherwise an error of the server', () => {
    expect(inStreamFailure({ error: words('rate_limit_exceeded') }, context, NOW)).toMatchObject({
      code: 'rate_limited',
    });
    const unknown = inStreamFailure(
      { error: { message: 'x' } },
      { ...context, upstreamRequestId: 'req_1' },
      NOW,
    );
    expect(unknown).toMatchObject({
      code: 'server_error',
      reason: 'upstream_stream_error',
      upstreamRequestId: 'req_1',
    });
    expect(unknown.status).toBeUndefined();
  });

  it('ERR-55: in place of an answer is told by its words, and otherwise no answer at all', () => {
    expect(inAnswerFailure({ error: words('insufficient_quota') }, context, NOW)).toMatchObject({
      code: 'quota_exhausted',
    });
    expect(inAnswerFailure({ error: words(null, 'strange') }, context, NOW)).toMatchObject({
      code: 'bad_response',
      reason: 'upstream_invalid_response',
      retryable: true,
    });
  });
});

describe('what is no answer', () => {
  it('is told by whom', () => {
    expect(notAnAnswer(context, 'the answer is empty', true)).toMatchObject({
      code: 'bad_response',
      provider: 'acme',
      model: 'model-1',
      retryable: true,
      message: 'acme: the answer is empty',
    });
    expect(notAnAnswer(context, 'x').retryable).toBe(false);
  });
});
