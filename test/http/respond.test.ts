import { describe, expect, it } from 'vitest';
import {
  BudgetExceededError,
  CancelledError,
  CircuitOpenError,
  DeadlineExceededError,
  FailoverError,
  InvalidRequestError,
  LimitExceededError,
  NoRouteError,
  PoolClosedError,
  ProviderError,
  type ProviderErrorCode,
  type RunestoneError,
} from '../../src/errors/index.ts';
import { Refusal } from '../../src/http/refusal.ts';
import { errorResponse, jsonResponse, openAIErrors } from '../../src/http/respond.ts';

const provider = (code: ProviderErrorCode, facts: object = {}): ProviderError =>
  new ProviderError({ provider: 'acme', code, message: `acme: ${code}`, ...facts });

const money = { spentUsd: 1, limitUsd: 1, resetsAt: 0 };

describe('jsonResponse', () => {
  it('is JSON by its content type: without it, clients hand back a string', async () => {
    const response = jsonResponse({ a: 'ü' }, { 'x-request-id': 'r' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(response.headers.get('x-request-id')).toBe('r');
    expect(await response.json()).toEqual({ a: 'ü' });
  });
});

describe('errorResponse', () => {
  // The column `HTTP door` of the table of error codes.
  it.each<readonly [RunestoneError, number, string, string | null]>([
    [new InvalidRequestError('no'), 400, 'invalid_request_error', null],
    [provider('invalid_request'), 400, 'invalid_request_error', null],
    [provider('request_too_large'), 413, 'invalid_request_error', 'request_too_large'],
    [provider('context_overflow'), 400, 'invalid_request_error', 'context_length_exceeded'],
    [provider('content_filtered'), 400, 'invalid_request_error', 'content_filter'],
    [provider('authentication'), 502, 'authentication_error', 'invalid_api_key'],
    [provider('permission'), 502, 'permission_error', 'permission_denied'],
    [provider('quota_exhausted'), 503, 'insufficient_quota', 'insufficient_quota'],
    [provider('model_not_found'), 404, 'invalid_request_error', 'model_not_found'],
    [provider('rate_limited'), 429, 'rate_limit_error', 'rate_limit_exceeded'],
    [provider('overloaded'), 503, 'server_error', 'overloaded'],
    [provider('server_error'), 502, 'server_error', 'server_error'],
    [provider('conflict'), 409, 'invalid_request_error', 'conflict'],
    [provider('connection'), 502, 'connection_error', 'connection_error'],
    [provider('timeout'), 504, 'timeout_error', 'timeout'],
    [provider('stream_truncated'), 502, 'server_error', 'upstream_stream_interrupted'],
    [provider('bad_response'), 502, 'server_error', 'upstream_invalid_response'],
    [provider('redirect'), 502, 'server_error', 'upstream_redirect'],
    [new CircuitOpenError('open'), 503, 'server_error', 'circuit_open'],
    [new LimitExceededError('full', { scope: 'pool' }), 429, 'rate_limit_error', 'rate_limit_exceeded'],
    [new BudgetExceededError('spent', money), 429, 'insufficient_quota', 'insufficient_quota'],
    [new DeadlineExceededError('late'), 504, 'timeout_error', 'deadline_exceeded'],
    [new NoRouteError('nobody'), 404, 'invalid_request_error', 'model_not_found'],
    [
      new FailoverError([provider('timeout'), provider('overloaded')]),
      502,
      'server_error',
      'failover_exhausted',
    ],
    [
      new FailoverError([provider('rate_limited'), provider('rate_limited')]),
      429,
      'rate_limit_error',
      'rate_limit_exceeded',
    ],
    [new CancelledError('left'), 499, 'aborted', 'client_closed_request'],
    [new PoolClosedError('closed'), 503, 'server_error', 'pool_closed'],
  ])('$name $code has its true status and OpenAI’s words', async (error, status, type, code) => {
    const response = errorResponse(error, 'req-1');
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: { message: error.message, type, code, param: null },
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': 'req-1',
      'x-should-retry': 'false',
    });
  });

  it('says when to come back in both forms, rounded up', () => {
    const { headers } = errorResponse(provider('rate_limited', { retryAfterMs: 1_200.4 }), 'r');
    expect([headers.get('retry-after'), headers.get('retry-after-ms')]).toEqual(['2', '1201']);
    const silent = errorResponse(provider('rate_limited'), 'r').headers;
    expect([silent.has('retry-after'), silent.has('retry-after-ms')]).toEqual([false, false]);
  });

  it('passes upstream’s request id on, without what could split the response (faults 5.25)', () => {
    const error = provider('server_error', { upstreamRequestId: 'req_1\r\nset-cookie: a=b\0é' });
    const { headers } = errorResponse(error, 'r');
    expect(headers.get('x-runestone-upstream-request-id')).toBe('req_1set-cookie: a=b');
    expect(headers.has('set-cookie')).toBe(false);
  });

  it('has the status, headers and fixed body of a refusal', async () => {
    const facts = { httpStatus: 401, reason: 'r', headers: { 'www-authenticate': 'Bearer' }, body: { a: 1 } };
    const response = errorResponse(new Refusal('no', facts), 'r');
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await response.json()).toEqual({ a: 1 });
  });

  it('lets another dialect choose the words and add headers', async () => {
    const words = (error: RunestoneError, requestId: string) => ({
      body: { type: 'error', said: error.code, request_id: requestId },
      headers: { 'request-id': requestId },
    });
    const response = errorResponse(provider('overloaded'), 'req-9', words);
    expect([response.status, response.headers.get('request-id')]).toEqual([503, 'req-9']);
    expect(await response.json()).toEqual({ type: 'error', said: 'overloaded', request_id: 'req-9' });
  });

  it('speaks OpenAI’s way by default', () => {
    const error = provider('timeout');
    expect(openAIErrors(error, 'r')).toEqual({ body: error.toOpenAI() });
  });
});
