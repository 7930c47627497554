import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorBodyOf, readErrorBody } from '../../src/provider-kit/read-error-body.ts';

describe('the dialects (3.6)', () => {
  it.each([
    [
      'OpenAI',
      { error: { message: 'm', type: 'invalid_request_error', param: 'messages[0]', code: 'bad' } },
      { message: 'm', type: 'invalid_request_error', param: 'messages[0]', code: 'bad' },
    ],
    [
      'Anthropic',
      {
        type: 'error',
        error: { type: 'api_error', message: 'm', details: { error_code: 'x' } },
        request_id: 'r',
      },
      { message: 'm', type: 'api_error', details: { error_code: 'x' }, requestId: 'r' },
    ],
    ['Amazon, with a capital', { Message: 'm' }, { message: 'm' }],
    ['a bare message', { message: 'm', code: 7 }, { message: 'm', code: '7' }],
    ['a bare error of Anthropic', { type: 'api_error', message: 'm' }, { message: 'm', type: 'api_error' }],
    ['an error in text', { error: 'm' }, { message: 'm' }],
    ['FastAPI, one text', { detail: 'm' }, { message: 'm' }],
    [
      'FastAPI, a list of faults',
      { detail: [{ loc: ['body', 'messages', 0, 'role'], msg: 'm', type: 'enum' }] },
      { message: 'm', param: 'messages[0].role' },
    ],
    [
      'vLLM',
      { object: 'error', message: 'm', type: 'BadRequestError', code: 400 },
      { message: 'm', type: 'BadRequestError', code: '400' },
    ],
    [
      'Google',
      [{ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }],
      { message: 'm', code: '429', type: 'RESOURCE_EXHAUSTED' },
    ],
    [
      'Cloudflare',
      { success: false, errors: [{ code: 5007, message: 'm' }] },
      { message: 'm', code: '5007' },
    ],
    ['a router with a numeric code', { error: { code: 502, message: 'm' } }, { message: 'm', code: '502' }],
  ])('%s', (_, body, read) => {
    expect(readErrorBody(JSON.stringify(body))).toEqual({ ...read, structured: true });
  });

  it.each([
    ['<html>502</html>', '<html>502</html>'],
    ['upstream connect error', 'upstream connect error'],
    ['', ''],
    ['{"error":{"message":"cut', '{"error":{"message":"cut'],
    ['"just text"', 'just text'],
    ['null', ''],
    ['42', ''],
    ['[]', ''],
    ['{}', ''],
    ['{"ok":true}', ''],
  ])('ERR-24: %j has no error in it', (text, message) => {
    expect(readErrorBody(text)).toEqual({ message, structured: false });
  });

  it('ERR-60: words that are no text are left out, the message survives', () => {
    const body = { error: { message: 'm', type: null, code: {}, param: '', details: 'x' }, request_id: [] };
    expect(errorBodyOf(body)).toEqual({ message: 'm', structured: true });
  });

  it("ERR-60: reads Mistral's list of faults, which stands in its message", () => {
    const fault = {
      type: 'extra_forbidden',
      loc: ['body', 'messages', 0, 'user', 'name'],
      msg: 'Extra inputs',
    };
    const body = { object: 'error', message: { detail: [fault] }, type: 'invalid_request_error', code: null };
    expect(errorBodyOf(body)).toEqual({
      message: 'Extra inputs',
      type: 'invalid_request_error',
      param: 'messages[0].user.name',
      structured: true,
    });
    expect(errorBodyOf({ message: { detail: 'x' } })).toMatchObject({ message: 'x' });
    expect(errorBodyOf({ message: {} })).toEqual({ message: '', structured: false });
  });

  it('S20: depth does no harm', () => {
    const deep = `{"error":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(readErrorBody(deep)).toMatchObject({ message: '' });
  });

  it('is total', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof readErrorBody(text).message).toBe('string');
      }),
      { numRuns: 200 },
    );
  });
});
