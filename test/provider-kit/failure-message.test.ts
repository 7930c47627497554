import { describe, expect, it } from 'vitest';
import type { ProviderErrorCode } from '../../src/errors/index.ts';
import { isProviderErrorCode, policy } from '../../src/errors/index.ts';
import { failureMessage } from '../../src/provider-kit/failure-message.ts';

const codes = Object.keys(policy).filter((code): code is ProviderErrorCode => isProviderErrorCode(code));

describe('failureMessage (4.5)', () => {
  it.each([
    [
      { code: 'rate_limited', status: 429, retryAfterMs: 11_200, upstream: '' },
      'rate limited (429); retry in 12 s',
    ],
    [{ code: 'rate_limited', status: 429, upstream: 'too fast' }, 'rate limited (429): too fast'],
    [
      { code: 'authentication', status: 401, upstream: 'invalid x-api-key' },
      'the key was refused (401): invalid x-api-key; check apiKey',
    ],
    [{ code: 'overloaded', upstream: 'Overloaded' }, 'overloaded: Overloaded'],
    [{ code: 'server_error', status: 500, upstream: '' }, 'internal error (500)'],
    [
      { code: 'model_not_found', status: 404, model: 'm"x', upstream: 'no' },
      'the model "m\\"x" is not served here (404): no',
    ],
    [{ code: 'model_not_found', upstream: '' }, 'no such model'],
    [
      {
        code: 'model_not_found',
        status: 404,
        model: 'm',
        upstream: '',
        retired: { retired: '2026-01-05', successor: 'n' },
      },
      'the model "m" was retired on 2026-01-05 (404); use "n"',
    ],
    [
      {
        code: 'model_not_found',
        model: 'm',
        upstream: '',
        retired: { retired: '2026-01-05', successor: 'n', preferred: 'p' },
      },
      'the model "m" was retired on 2026-01-05; use "n" or "p"',
    ],
    [
      { code: 'model_not_found', model: 'm', upstream: '', retired: { retired: '2026-01-05' } },
      'the model "m" was retired on 2026-01-05',
    ],
  ] as const)('%j', (parts, message) => {
    expect(failureMessage(parts)).toBe(message);
  });

  it.each(codes)('%s has a sentence', (code) => {
    expect(failureMessage({ code, upstream: '' })).toMatch(/^[a-z].{5,}[^.]$/i);
  });
});
