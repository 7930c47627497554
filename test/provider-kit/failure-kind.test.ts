import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policy } from '../../src/errors/index.ts';
import { kindOf, type UpstreamFailure } from '../../src/provider-kit/failure-kind.ts';

const kind = (status: number | undefined, rest: Partial<UpstreamFailure> = {}) =>
  kindOf({ status, message: '', structured: true, ...rest });

describe('by status', () => {
  it.each([
    ['S1 ERR-41', 400, 'invalid_request'],
    ['S3 ERR-43', 401, 'authentication'],
    ['S4', 402, 'quota_exhausted'],
    ['S5 ERR-44', 403, 'permission'],
    ['S6 ERR-45', 404, 'model_not_found'],
    ['', 405, 'invalid_request'],
    ['S7 ERR-46', 408, 'timeout'],
    ['S8 ERR-47', 409, 'conflict'],
    ['', 418, 'invalid_request'],
    ['S9 ERR-48', 413, 'request_too_large'],
    ['S1 ERR-49', 422, 'invalid_request'],
    ['S7', 425, 'server_error'],
    ['ERR-50', 429, 'rate_limited'],
    ['ERR-19', 499, 'connection'],
    ['S10 ERR-52', 500, 'server_error'],
    ['S11', 501, 'server_error'],
    ['S10 ERR-53', 502, 'server_error'],
    ['S10 ERR-53', 503, 'overloaded'],
    ['S10 ERR-53', 504, 'timeout'],
    ['S10 ERR-24', 520, 'server_error'],
    ['S10 ERR-24', 524, 'server_error'],
    ['S12', 529, 'overloaded'],
    ['', 599, 'server_error'],
    ['X1', 301, 'redirect'],
    ['X1', 302, 'redirect'],
    ['X1', 307, 'redirect'],
    ['X1', 308, 'redirect'],
    ['ERR-55', 200, 'bad_response'],
    ['N7', 204, 'bad_response'],
    ['', 101, 'bad_response'],
    ['', 0, 'bad_response'],
    ['S21', 999, 'bad_response'],
  ])('%s: %i is %s', (_, status, code) => {
    expect(kind(status).code).toBe(code);
  });

  it('S11: 501 is not repeated', () => {
    expect(kind(501).retryable).toBe(false);
    expect(kind(500).retryable).toBeUndefined();
  });

  it('ERR-24: a page of the edge has a word of its own', () => {
    expect(kind(522, { structured: false }).reason).toBe('upstream_invalid_response');
    expect(kind(522, { structured: true }).reason).toBeUndefined();
    expect(kind(502, { structured: false }).reason).toBeUndefined();
  });

  it('ERR-36: an unknown error in a stream is the host’s failure', () => {
    expect(kind(undefined)).toEqual({ code: 'server_error', reason: 'upstream_stream_error' });
  });
});

describe('by words', () => {
  it.each([
    ['ERR-40', 400, { code: 'context_length_exceeded' }, 'context_overflow'],
    ['S2', 400, { message: "This model's maximum context length is 8192 tokens." }, 'context_overflow'],
    ['S2', 400, { message: 'the request exceeds the available context size' }, 'context_overflow'],
    ['S2', 413, { message: 'input is too long for this model' }, 'context_overflow'],
    ['S2', 422, { message: 'Too many input tokens' }, 'context_overflow'],
    ['S2', 500, { message: 'context window' }, 'server_error'],
    ['ERR-42', 400, { code: 'content_filter' }, 'content_filtered'],
    ['ERR-42', 400, { code: 'content_policy_violation' }, 'content_filtered'],
    ['ERR-42', 400, { message: "triggering Azure OpenAI's content management policy" }, 'content_filtered'],
    ['ERR-42', 403, { message: 'openai/x requires moderation. Your input was flagged' }, 'content_filtered'],
    ['ERR-43', 401, { code: 'account_deactivated' }, 'authentication'],
    ['ERR-44', 403, { code: 'unsupported_country_region_territory' }, 'permission'],
    ['ERR-45', 404, { code: 'model_not_found' }, 'model_not_found'],
    ['ERR-45', 400, { code: 'model_decommissioned' }, 'model_not_found'],
    ['ERR-45', 403, { code: 'model_not_found' }, 'model_not_found'],
    ['ERR-50', 429, { type: 'tokens', code: 'rate_limit_exceeded' }, 'rate_limited'],
    ['ERR-51', 429, { type: 'insufficient_quota', code: 'insufficient_quota' }, 'quota_exhausted'],
    ['ERR-51', 429, { type: 'insufficient_quota' }, 'quota_exhausted'],
    ['ERR-51', 429, { code: 'billing_hard_limit_reached' }, 'quota_exhausted'],
    ['S4', 429, { message: 'You exceeded your current quota, please check your plan' }, 'quota_exhausted'],
    ['S4', 400, { message: 'Your credit balance is too low' }, 'quota_exhausted'],
    ['S4', 402, { message: 'Insufficient Balance' }, 'quota_exhausted'],
    ['S4', 500, { message: 'insufficient credits' }, 'server_error'],
    ['ERR-53', 500, { message: 'The engine is currently overloaded' }, 'overloaded'],
    ['ERR-53', 503, { message: 'Slow Down' }, 'overloaded'],
  ])('%s: %i %j is %s', (_, status, rest, code) => {
    expect(kind(status, rest).code).toBe(code);
  });

  it('ERR-51: a spent quota is not repeated and takes the key out', () => {
    const { code } = kind(429, { code: 'insufficient_quota' });
    expect(policy[code]).toMatchObject({ retry: false, failover: true, breaker: 'key_out' });
  });
});

describe('a 404 (ERR-10, ERR-11)', () => {
  it.each([
    ['model: claude-x', true],
    ['The model `gpt-x` does not exist', true],
    ['Not Found', true],
    ['', true],
    ['The model in this file is unknown', true],
    ['File not found: file_1', false],
    ['container_01 not found: no such container', false],
    ['No batch with that id', false],
  ])('%j concerns the model: %s', (message, model) => {
    expect(kind(404, { message })).toEqual(
      model ? { code: 'model_not_found' } : { code: 'invalid_request', reason: 'not_found' },
    );
  });

  it('whose body is a page says nothing about objects', () => {
    expect(kind(404, { message: '<html>no such file</html>', structured: false }).code).toBe(
      'model_not_found',
    );
  });
});

describe('INV-22', () => {
  it('every status and body has exactly one kind, and it has a row in the policy', () => {
    const failure = fc.record({
      status: fc.oneof(
        fc.integer(),
        fc.integer({ min: 100, max: 600 }),
        fc.constant(undefined),
        fc.constant(Number.NaN),
      ),
      message: fc.oneof(
        fc.string(),
        fc.constantFrom('quota', 'overloaded', 'content policy', 'prompt is too long'),
      ),
      type: fc.string(),
      code: fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__')),
      structured: fc.boolean(),
    });
    fc.assert(
      fc.property(failure, (seen) => {
        expect(Object.hasOwn(policy, kindOf(seen).code)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('ERR-64: each status cools down what it is about', () => {
    const lessons = [400, 401, 402, 403, 404, 429, 500, 503, 529].map(
      (each) => policy[kind(each).code].breaker,
    );
    expect(lessons).toEqual([
      'none',
      ...['key_out', 'key_out', 'key_out'],
      'none',
      'cooldown',
      ...['failure', 'failure', 'failure'],
    ]);
  });

  it('ERR-64: faults of the request never count against the host', () => {
    const words = fc.constantFrom(
      '',
      'prompt is too long',
      'insufficient credits',
      'content policy',
      'no such file',
    );
    fc.assert(
      fc.property(fc.constantFrom(400, 404, 405, 413, 415, 422, 429), words, (status, message) => {
        expect(policy[kind(status, { message }).code].breaker).not.toBe('failure');
      }),
      { numRuns: 200 },
    );
  });

  it('I5: stays fast on hostile texts', () => {
    const started = performance.now();
    for (const piece of ['context ', 'context length ', 'too many ', 'insufficient ', 'content ', 'a', ' ']) {
      for (const status of [400, 404, 500]) kind(status, { message: piece.repeat(15_000) });
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});
