import { describe, expect, it } from 'vitest';
import {
  inBandError,
  openaiError,
  openaiStatusOf,
} from '../../../../src/testing/upstream/openai/openai-error.ts';

describe('openaiError', () => {
  it.each<[number, string, string | null]>([
    [400, 'invalid_request_error', null],
    [401, 'invalid_request_error', 'invalid_api_key'],
    [403, 'invalid_request_error', 'unsupported_country_region_territory'],
    [404, 'invalid_request_error', 'model_not_found'],
    [409, 'invalid_request_error', 'conflict'],
    [413, 'invalid_request_error', 'request_too_large'],
    [418, 'invalid_request_error', null],
    [422, 'invalid_request_error', null],
    [429, 'requests', 'rate_limit_exceeded'],
    [500, 'server_error', 'server_error'],
    [503, 'server_error', 'service_unavailable'],
    [504, 'server_error', 'timeout'],
    [599, 'server_error', null],
  ])('of %d is %s / %s (ERR-40 to ERR-53)', (status, type, code) => {
    expect(openaiError(status)).toEqual({
      error: { message: expect.stringMatching(/./), type, param: null, code },
    });
  });

  it('takes other words and further fields', () => {
    const words = { type: 't', message: 'm', details: { code: 'c', param: 'p', innererror: { a: 1 } } };
    expect(openaiError(429, words)).toEqual({
      error: { message: 'm', type: 't', param: 'p', code: 'c', innererror: { a: 1 } },
    });
  });
});

describe('openaiStatusOf', () => {
  it.each([
    ['overloaded_error', 503],
    ['rate_limit_error', 429],
    ['rate_limit_exceeded', 429],
    ['billing_error', 429],
    ['insufficient_quota', 429],
    ['invalid_request_error', 400],
    ['api_error', 500],
    ['server_error', 500],
    ['an_error_of_2030', 500],
  ])('of %s is %d', (word, status) => {
    expect(openaiStatusOf(word)).toBe(status);
  });
});

describe('inBandError', () => {
  it('puts Anthropic’s words as OpenAI does, and leaves others (ERR-54)', () => {
    expect(inBandError('overloaded_error', 'busy')).toEqual({
      error: { message: 'busy', type: 'server_error', param: null, code: 'service_unavailable' },
    });
    expect(inBandError('an_error_of_2030', 'odd')).toMatchObject({
      error: { message: 'odd', type: 'an_error_of_2030' },
    });
  });
});
