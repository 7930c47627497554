import { describe, expect, it } from 'vitest';
import {
  BudgetExceededError,
  CancelledError,
  ConfigError,
  InvalidRequestError,
  LimitExceededError,
  NoRouteError,
  ProviderError,
  type ProviderErrorCode,
  type RunestoneError,
} from '../../../src/errors/index.ts';
import { errorBody, messagesErrors } from '../../../src/http/messages/messages-errors.ts';
import { THREAD_DETAILS, THREAD_UNSUPPORTED } from '../../../src/http/messages/threads.ts';

const upstream = (code: ProviderErrorCode): RunestoneError =>
  new ProviderError({ code, provider: 'p', message: 'm' });

describe('errorBody', () => {
  it.each<[string, RunestoneError, string]>([
    ['a wrong request', new InvalidRequestError('m'), 'invalid_request_error'],
    ['ERR-1', upstream('invalid_request'), 'invalid_request_error'],
    ['ERR-2', upstream('context_overflow'), 'invalid_request_error'],
    ['ERR-14', upstream('request_too_large'), 'request_too_large'],
    ['ERR-10', upstream('model_not_found'), 'not_found_error'],
    ['no such model here', new NoRouteError('m'), 'not_found_error'],
    ['ERR-16', upstream('rate_limited'), 'rate_limit_error'],
    ['our own limit', new LimitExceededError('m', { scope: 'pool' }), 'rate_limit_error'],
    [
      'a spent budget',
      new BudgetExceededError('m', { spentUsd: 1, limitUsd: 1, resetsAt: 0 }),
      'rate_limit_error',
    ],
    ['ERR-23', upstream('overloaded'), 'overloaded_error'],
    ['ERR-20', upstream('server_error'), 'api_error'],
    // The key that upstream refused is ours, not the client's.
    ['ERR-7', upstream('authentication'), 'api_error'],
    ['ERR-26', upstream('timeout'), 'timeout_error'],
    ['STR-19', upstream('stream_truncated'), 'api_error'],
    ['ERR-13', upstream('conflict'), 'conflict_error'],
    ['our own fault', new ConfigError('m'), 'api_error'],
    ['ERR-25', new CancelledError('m'), 'invalid_request_error'],
  ])('%s', (_, error, type) => {
    expect(errorBody(error)).toEqual({ type: 'error', error: { type, message: error.message } });
  });

  it.each([
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [408, 'timeout_error'],
    [415, 'invalid_request_error'],
    [413, 'request_too_large'],
    [529, 'overloaded_error'],
  ])('a refusal of the door itself has status %i', (httpStatus, type) => {
    const error = Object.assign(new InvalidRequestError('m'), { httpStatus });
    expect(errorBody(error)).toMatchObject({ error: { type } });
  });

  it('gives the details of a refused thread', () => {
    const error = new InvalidRequestError('m', { reason: THREAD_UNSUPPORTED });
    expect(errorBody(error)).toMatchObject({
      error: { type: 'invalid_request_error', details: THREAD_DETAILS },
    });
  });
});

describe('messagesErrors', () => {
  it('names the request in the body and in the header of Anthropic’s clients', () => {
    expect(messagesErrors(new InvalidRequestError('m'), 'r1')).toEqual({
      body: { type: 'error', error: { type: 'invalid_request_error', message: 'm' }, request_id: 'r1' },
      headers: { 'request-id': 'r1' },
    });
  });
});
