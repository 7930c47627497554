import { describe, expect, it } from 'vitest';
import { errorBody, errorTypeOf, statusOf } from '../../../../src/testing/upstream/anthropic/error-body.ts';

describe('errorTypeOf', () => {
  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [409, 'conflict_error'],
    [413, 'request_too_large'],
    [418, 'invalid_request_error'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [503, 'api_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('of %d is %s', (status, type) => {
    expect(errorTypeOf(status)).toBe(type);
  });
});

describe('statusOf', () => {
  it.each([
    ['overloaded_error', 529],
    ['rate_limit_error', 429],
    ['invalid_request_error', 400],
    ['api_error', 500],
    ['an_error_of_2030', 500],
  ])('of %s is %d', (type, status) => {
    expect(statusOf(type)).toBe(status);
  });
});

describe('errorBody', () => {
  it('has Anthropic’s shape, with its own words where there are none', () => {
    expect(errorBody({ type: 'overloaded_error', requestId: 'req_1' })).toEqual({
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
      request_id: 'req_1',
    });
    expect(errorBody({ type: 'strange', requestId: 'r' })).toMatchObject({ error: { message: 'strange' } });
  });

  it('carries message and details', () => {
    expect(
      errorBody({ type: 't', message: 'm', details: { error_code: 'c' }, requestId: 'r' }),
    ).toMatchObject({
      error: { type: 't', message: 'm', details: { error_code: 'c' } },
    });
  });
});
