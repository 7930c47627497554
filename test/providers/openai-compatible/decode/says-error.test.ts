import { describe, expect, it } from 'vitest';
import { saysError } from '../../../../src/providers/openai-compatible/decode/says-error.ts';

describe('ERR-54, ERR-55: an error in place of an answer', () => {
  it.each([
    ['OpenAI', { error: { message: 'x', type: 'server_error' } }],
    ['a text', { error: 'overloaded' }],
    ['bare', { message: 'x', type: 'invalid_request_error' }],
    ['FastAPI', { detail: 'Not found' }],
    ['vLLM and Mistral', { object: 'error', message: 'x', code: 400 }],
    ['Cloudflare', { errors: [{ message: 'x' }], success: false }],
  ])('is seen: %s', (_, body) => {
    expect(saysError(body, false)).toBe(true);
  });

  it.each([
    ['OpenAI', { error: { message: 'x' }, choices: [{ delta: {} }] }],
    ['a text', { error: 'x', choices: [{ delta: {} }] }],
  ])('is seen beside choices: %s', (_, body) => {
    expect(saysError(body, true)).toBe(true);
  });

  it.each([
    ['a chunk', { choices: [{ delta: {} }] }, true],
    ['an error of nothing in every chunk', { error: null, choices: [{ delta: {} }] }, true],
    ['an empty error', { error: {}, choices: [{ delta: {} }] }, true],
    ['an empty text', { error: '', choices: [] }, false],
    ['a message beside choices', { message: 'hello', choices: [{ delta: {} }] }, true],
    ['the usage chunk', { choices: [], usage: {} }, false],
    ['a chunk of usage alone', { usage: {} }, false],
    ['something else', { ping: 1 }, false],
    ['false', { error: false }, false],
  ])('is not seen in %s', (_, body, hasChoices) => {
    expect(saysError(body, hasChoices)).toBe(false);
  });
});
