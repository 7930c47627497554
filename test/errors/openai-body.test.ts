import { describe, expect, it } from 'vitest';
import { policy } from '../../src/errors/index.ts';
import { openAIWords } from '../../src/errors/openai-body.ts';

/** Types that OpenAI's own API or its clients know. */
const TYPES = new Set([
  ...['invalid_request_error', 'authentication_error', 'permission_error', 'rate_limit_error'],
  ...['insufficient_quota', 'server_error', 'connection_error', 'timeout_error', 'aborted'],
]);

describe('the words of OpenAI', () => {
  it('exist for every code, and for no other', () => {
    expect(Object.keys(openAIWords).sort()).toEqual(Object.keys(policy).sort());
  });

  it.each(Object.entries(openAIWords))('for %s are a known type and a snake_case code', (_, [type, code]) => {
    expect(TYPES).toContain(type);
    if (code !== null) expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  it.each([
    ['context_overflow', 'invalid_request_error', 'context_length_exceeded'],
    ['authentication', 'authentication_error', 'invalid_api_key'],
    ['quota_exhausted', 'insufficient_quota', 'insufficient_quota'],
    ['budget_exceeded', 'insufficient_quota', 'insufficient_quota'],
    ['rate_limited', 'rate_limit_error', 'rate_limit_exceeded'],
    ['limit_exceeded', 'rate_limit_error', 'rate_limit_exceeded'],
    ['model_not_found', 'invalid_request_error', 'model_not_found'],
    ['no_route', 'invalid_request_error', 'model_not_found'],
    ['timeout', 'timeout_error', 'timeout'],
    ['connection', 'connection_error', 'connection_error'],
    ['stream_truncated', 'server_error', 'upstream_stream_interrupted'],
    ['bad_response', 'server_error', 'upstream_invalid_response'],
  ] as const)('say %s as %s / %s (ERR)', (ours, type, code) => {
    expect(openAIWords[ours]).toEqual([type, code]);
  });
});
