import { describe, expect, it } from 'vitest';
import { inBandStatus } from '../../src/provider-kit/in-band-status.ts';

const status = (words: { type?: string; code?: string; message?: string }) =>
  inBandStatus({ message: '', structured: true, ...words });

describe('inBandStatus (3.2, ERR-54)', () => {
  it.each([
    ['overloaded_error', 529],
    ['rate_limit_error', 429],
    ['api_error', 500],
    ['timeout_error', 504],
    ['invalid_request_error', 400],
    ['authentication_error', 401],
    ['permission_error', 403],
    ['billing_error', 402],
    ['not_found_error', 404],
    ['request_too_large', 413],
    ['server_error', 500],
    ['insufficient_quota', 429],
    ['tokens', 429],
    ['validationException', 400],
    ['throttlingException', 429],
    ['internalServerException', 500],
    ['modelStreamErrorException', 500],
    ['serviceUnavailableException', 503],
    ['modelTimeoutException', 504],
  ])('the type %s stands for %i', (type, told) => {
    expect(status({ type })).toBe(told);
  });

  it('the code goes before the type: it is the finer word', () => {
    expect(status({ type: 'invalid_request_error', code: 'model_not_found' })).toBe(404);
    expect(status({ type: 'invalid_request_error', code: 'invalid_api_key' })).toBe(401);
    expect(status({ type: 'server_error', code: 'unheard_of' })).toBe(500);
  });

  it.each([
    ['429', 429],
    ['502', 502],
    ['200', undefined],
    ['5007', undefined],
    ['99', undefined],
  ])('the number %s in the code stands for %j', (code, told) => {
    expect(status({ code })).toBe(told);
  });

  it.each([
    'Service temporarily unavailable. The model is at capacity.',
    'The service is currently unavailable',
    'Model is at capacity, try again later',
    'Overloaded',
  ])('hosts without a word for it tell an overload in prose: %s', (message) => {
    expect(status({ message })).toBe(503);
    expect(status({ message, code: 'The service is currently unavailable' })).toBe(503);
    // A word that is known says more than prose.
    expect(status({ message, type: 'rate_limit_error' })).toBe(429);
  });

  it.each(['the tool is unavailable', 'capacity planning failed', 'an overload of this function'])(
    'other prose stands for nothing: %s',
    (message) => {
      expect(status({ message })).toBeUndefined();
    },
  );

  it.each([{}, { type: '' }, { type: 'constructor' }, { code: '__proto__', type: 'toString' }])(
    'ERR-36: nobody knows %j',
    (words) => {
      expect(status(words)).toBeUndefined();
    },
  );
});
