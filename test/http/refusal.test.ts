import { describe, expect, it } from 'vitest';
import { isRunestoneError } from '../../src/errors/index.ts';
import { Refusal } from '../../src/http/refusal.ts';

describe('Refusal', () => {
  it('is an invalid request with a status of its own', () => {
    const refusal = new Refusal('the method must be POST', {
      httpStatus: 405,
      reason: 'method_not_allowed',
      headers: { allow: 'POST' },
    });
    expect(isRunestoneError(refusal)).toBe(true);
    expect(refusal).toMatchObject({
      code: 'invalid_request',
      httpStatus: 405,
      headers: { allow: 'POST' },
      body: undefined,
    });
    expect(refusal.toOpenAI()).toEqual({
      error: {
        message: 'the method must be POST',
        type: 'invalid_request_error',
        code: 'method_not_allowed',
        param: null,
      },
    });
  });

  it('has no further headers unless it is given some', () => {
    expect(new Refusal('no', { httpStatus: 404, reason: 'r' }).headers).toEqual({});
  });
});
