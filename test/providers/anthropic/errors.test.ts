import Anthropic, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policy, verdictOf } from '../../../src/errors/index.ts';
import { isRunestoneError, ProviderError } from '../../../src/provider-kit/index.ts';
import {
  type ErrorContext,
  fromSdkError,
  inStreamError,
  messagesError,
} from '../../../src/providers/anthropic/errors.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const context: ErrorContext = { provider: 'anthropic', model: 'claude-x', nowMs: NOW };

/** What the client of a cloud says when it cannot sign. */
const NO_CREDENTIALS = 'Failed to resolve AWS credentials from the credential provider chain.';

const named = (name: string): Error => Object.assign(new Error('Could not load them'), { name });

/** OpenAI's word for a bill that is due, as type and as code. */
const SPENT = 'insufficient_quota';

const body = (type: string, message: string, details?: unknown) =>
  JSON.stringify({ type: 'error', error: { type, message, details }, request_id: 'req_body' });

const at = (
  status: number,
  text: string,
  headers: Record<string, string> = {},
  more: Partial<ErrorContext> = {},
) => messagesError(status, new Headers(headers), text, { ...context, ...more });

describe('the HTTP errors of the Messages API', () => {
  it.each([
    [
      'ERR-1',
      400,
      body('invalid_request_error', 'max_tokens: must be at least 1'),
      'invalid_request',
      undefined,
    ],
    [
      'ERR-2',
      400,
      body('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
      'context_overflow',
      'context_length_exceeded',
    ],
    [
      'ERR-2 BUG-79',
      400,
      body(
        'invalid_request_error',
        'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000',
      ),
      'context_overflow',
      'context_length_exceeded',
    ],
    [
      'ERR-3',
      400,
      body(
        'invalid_request_error',
        'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
      ),
      'quota_exhausted',
      undefined,
    ],
    [
      'ERR-3',
      400,
      body('invalid_request_error', 'You have reached your specified workspace API usage limits.'),
      'quota_exhausted',
      undefined,
    ],
    [
      'ERR-4',
      400,
      body('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
      'quota_exhausted',
      undefined,
    ],
    [
      'ERR-5',
      400,
      body('invalid_request_error', 'messages.1.content.0: Invalid `signature` in `thinking` block'),
      'invalid_request',
      'invalid_thinking_signature',
    ],
    [
      'ERR-5',
      400,
      body('invalid_request_error', 'This thinking block is bound to a different conversation'),
      'invalid_request',
      'invalid_thinking_signature',
    ],
    [
      'ERR-5',
      400,
      body('invalid_request_error', '`thinking` blocks in the latest assistant message cannot be modified.'),
      'invalid_request',
      'invalid_thinking_signature',
    ],
    [
      'ERR-6',
      400,
      body('invalid_request_error', 'temperature: Extra inputs are not permitted'),
      'invalid_request',
      'unsupported_parameter',
    ],
    [
      'ERR-6',
      400,
      body('invalid_request_error', 'tool_choice: type "tool" and "any" are not supported for this model.'),
      'invalid_request',
      'unsupported_parameter',
    ],
    [
      'ERR-6',
      400,
      body('invalid_request_error', "This model does not support effort level 'xhigh'."),
      'invalid_request',
      'unsupported_parameter',
    ],
    [
      'RF-10',
      400,
      body('invalid_request_error', 'Schema is too complex for compilation.'),
      'invalid_request',
      'invalid_json_schema',
    ],
    ['ERR-7', 401, body('authentication_error', 'invalid x-api-key'), 'authentication', undefined],
    ['ERR-8', 402, body('billing_error', 'Check your plan.'), 'quota_exhausted', 'billing_error'],
    ['ERR-9', 403, body('permission_error', 'No access to this model.'), 'permission', undefined],
    ['ERR-10', 404, body('not_found_error', 'model: claude-x'), 'model_not_found', undefined],
    ['ERR-11', 404, body('not_found_error', 'File not found: file_01'), 'invalid_request', 'not_found'],
    ['ERR-12', 408, body('timeout_error', 'Request timed out'), 'timeout', undefined],
    ['ERR-13', 409, body('conflict_error', 'Conflict'), 'conflict', undefined],
    [
      'ERR-14',
      413,
      body('request_too_large', 'Request exceeds the maximum size'),
      'request_too_large',
      undefined,
    ],
    ['ERR-15', 422, body('invalid_request_error', 'Unprocessable'), 'invalid_request', undefined],
    [
      'ERR-16',
      429,
      body('rate_limit_error', 'This request would exceed your rate limit'),
      'rate_limited',
      undefined,
    ],
    [
      'ERR-17 BUG-85',
      429,
      body('rate_limit_error', 'Limit', { error_code: 'enforced_spend_limit_reached' }),
      'quota_exhausted',
      'insufficient_quota',
    ],
    [
      'ERR-17 BUG-85',
      429,
      body('rate_limit_error', 'Limit', { error_code: 'contract_spend_limit_reached' }),
      'quota_exhausted',
      'insufficient_quota',
    ],
    [
      'ERR-18',
      429,
      body('rate_limit_error', 'Ramp', { error_code: 'ramp_limit_exceeded' }),
      'rate_limited',
      'rate_limit_exceeded',
    ],
    ['ERR-19', 499, '', 'connection', 'client_closed_request'],
    ['ERR-20', 500, body('api_error', 'Internal server error'), 'server_error', undefined],
    ['ERR-20', 500, body('overloaded_error', 'Overloaded'), 'overloaded', undefined],
    ['ERR-21', 502, '<html>Bad Gateway</html>', 'server_error', 'service_unavailable'],
    ['ERR-21', 503, body('api_error', 'Unavailable'), 'overloaded', 'service_unavailable'],
    ['ERR-22', 504, body('timeout_error', 'Request timed out'), 'timeout', undefined],
    ['ERR-23 BUG-72', 529, body('overloaded_error', 'Overloaded'), 'overloaded', undefined],
    [
      'ERR-24 BUG-82',
      520,
      '<html>Web server is returning an unknown error</html>',
      'server_error',
      'upstream_invalid_response',
    ],
    ['ERR-24', 524, 'error code: 524', 'server_error', 'upstream_invalid_response'],
    ['ERR-24', 413, '<html>413 Request Entity Too Large</html>', 'request_too_large', undefined],
    [
      'ERR-29',
      400,
      body('invalid_request_error', 'Too big', { error_code: 'image_dimensions_too_large' }),
      'invalid_request',
      'image_dimensions_too_large',
    ],
    [
      'ERR-29',
      400,
      body('invalid_request_error', 'x', { error_code: 'thread_continue_in_flight' }),
      'invalid_request',
      'thread_continue_in_flight',
    ],
    [
      'ERR-29',
      400,
      body('invalid_request_error', 'x', { error_code: 'organization_on_hold' }),
      'permission',
      'organization_on_hold',
    ],
    [
      'ERR-29',
      400,
      body('invalid_request_error', 'x', { error_code: 'cmek_key_disabled' }),
      'permission',
      'cmek_key_disabled',
    ],
    [
      'ERR-29',
      400,
      body('invalid_request_error', 'x', { error_code: 'claude_code_version_too_old' }),
      'permission',
      'claude_code_version_too_old',
    ],
    [
      'ERR-29',
      402,
      body('billing_error', 'x', { error_code: 'user_profile_not_billable' }),
      'quota_exhausted',
      'user_profile_not_billable',
    ],
    [
      'ERR-29',
      403,
      body('permission_error', 'x', { error_code: 'sandbox_egress_restricted' }),
      'invalid_request',
      'sandbox_egress_restricted',
    ],
    [
      'ERR-29',
      413,
      body('request_too_large', 'x', { error_code: 'request_body_too_large_after_decoding' }),
      'request_too_large',
      'request_body_too_large_after_decoding',
    ],
    [
      'ERR-29',
      503,
      body('api_error', 'x', { error_code: 'cmek_key_unreachable' }),
      'overloaded',
      'cmek_key_unreachable',
    ],
    [
      'ERR-29',
      529,
      body('overloaded_error', 'x', { error_code: 'compaction_unavailable' }),
      'overloaded',
      'compaction_unavailable',
    ],
    [
      'ERR-29',
      400,
      body('invalid_request_error', 'x', { error_code: 'invented_next_month' }),
      'invalid_request',
      'invented_next_month',
    ],
  ])('%s: %i %s', (_, status, text, code, reason) => {
    const error = at(status, text);
    expect([error.code, error.reason, error.status]).toEqual([code, reason, status]);
    expect(error).toMatchObject({ provider: 'anthropic', model: 'claude-x' });
  });

  const ways = {
    stays: { retry: false, failover: false },
    wider: { retry: false, failover: 'larger_window' },
    elsewhere: { retry: false, failover: true },
    again: { retry: true, failover: true },
  } as const;

  it.each([
    ['ERR-1', 400, 'max_tokens: too low', 'stays', 'none', 400, 'invalid_request_error', null],
    [
      'ERR-2',
      400,
      'prompt is too long: 9 > 8',
      'wider',
      'none',
      400,
      'invalid_request_error',
      'context_length_exceeded',
    ],
    [
      'ERR-3',
      400,
      'You have reached your specified API usage limits.',
      'elsewhere',
      'key_out',
      503,
      SPENT,
      SPENT,
    ],
    ['ERR-4', 400, 'Your credit balance is too low', 'elsewhere', 'key_out', 503, SPENT, SPENT],
    [
      'ERR-5',
      400,
      'Invalid `signature` in `thinking` block',
      'stays',
      'none',
      400,
      'invalid_request_error',
      'invalid_thinking_signature',
    ],
    [
      'ERR-6',
      400,
      'top_k: Extra inputs are not permitted',
      'stays',
      'none',
      400,
      'invalid_request_error',
      'unsupported_parameter',
    ],
    ['ERR-7', 401, 'x', 'elsewhere', 'key_out', 502, 'authentication_error', 'invalid_api_key'],
    ['ERR-8', 402, 'x', 'elsewhere', 'key_out', 503, SPENT, 'billing_error'],
    ['ERR-9', 403, 'x', 'elsewhere', 'key_out', 502, 'permission_error', 'permission_denied'],
    ['ERR-10', 404, 'model: x', 'elsewhere', 'none', 404, 'invalid_request_error', 'model_not_found'],
    ['ERR-11', 404, 'File not found', 'stays', 'none', 400, 'invalid_request_error', 'not_found'],
    ['ERR-12', 408, 'x', 'again', 'failure', 504, 'timeout_error', 'timeout'],
    ['ERR-13', 409, 'x', 'again', 'none', 409, 'invalid_request_error', 'conflict'],
    ['ERR-14', 413, 'x', 'stays', 'none', 413, 'invalid_request_error', 'request_too_large'],
    ['ERR-15', 422, 'x', 'stays', 'none', 400, 'invalid_request_error', null],
    ['ERR-16', 429, 'x', 'again', 'cooldown', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    ['ERR-19', 499, 'x', 'elsewhere', 'failure', 502, 'connection_error', 'client_closed_request'],
    ['ERR-20', 500, 'x', 'again', 'failure', 502, 'server_error', 'server_error'],
    ['ERR-21', 502, 'x', 'again', 'failure', 502, 'server_error', 'service_unavailable'],
    ['ERR-21', 503, 'x', 'again', 'failure', 503, 'server_error', 'service_unavailable'],
    ['ERR-22', 504, 'x', 'again', 'failure', 504, 'timeout_error', 'timeout'],
    ['ERR-23', 529, 'x', 'again', 'failure', 503, 'server_error', 'overloaded'],
  ] as const)('%s: what follows of %i %s', (_, status, message, way, breaker, door, type, code) => {
    const error = at(status, body('any_error', message));
    expect(verdictOf(error)).toEqual({ ...ways[way], breaker, status: door });
    expect(error.toOpenAI().error).toMatchObject({ type, code });
  });

  it('ERR-16: waits as the headers say: `retry-after`, then the reset of what is used up', () => {
    const limited = body('rate_limit_error', 'x');
    const usedUp = {
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': new Date(NOW + 30_000).toISOString(),
    };
    expect(at(429, limited, usedUp).retryAfterMs).toBe(30_000);
    expect(at(429, limited, { ...usedUp, 'retry-after': '2' }).retryAfterMs).toBe(2_000);
    expect(at(429, limited).retryAfterMs).toBeUndefined();
  });

  it('HDR-15: reads OpenAI’s names of limits as well, which Anthropic’s endpoint for OpenAI clients sends', () => {
    const usedUp = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m0.5s' };
    const error = at(429, body('rate_limit_error', 'x'), { ...usedUp, 'request-id': 'req_1' });
    expect(error).toMatchObject({ retryAfterMs: 60_500, upstreamRequestId: 'req_1' });
  });

  it('ERR-17 BUG-85: a spent limit is not retried, another target may take over', () => {
    const error = at(429, body('rate_limit_error', 'x', { error_code: 'enforced_spend_limit_reached' }));
    expect(verdictOf(error)).toMatchObject({ retry: false, failover: true, breaker: 'key_out' });
    expect(error.toOpenAI().error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
  });

  it('ERR-17: comes back with the next month', () => {
    const error = at(429, body('rate_limit_error', 'x', { error_code: 'contract_spend_limit_reached' }));
    expect(error.retryAfterMs).toBe(Date.parse('2026-12-01T00:00:00Z') - NOW);
    const december = Date.parse('2026-12-31T23:00:00Z');
    const text = body('rate_limit_error', 'x', { error_code: 'enforced_spend_limit_reached' });
    expect(at(429, text, {}, { nowMs: december }).retryAfterMs).toBe(3_600_000);
  });

  it('ERR-3: comes back on the day in the text', () => {
    const text = (when: string) =>
      body(
        'invalid_request_error',
        `You have reached your specified API usage limits. You will regain access on ${when}.`,
      );
    expect(at(400, text('2026-11-24 at 06:30 UTC')).retryAfterMs).toBe(18.5 * 3_600_000);
    expect(at(400, text('2026-11-24')).retryAfterMs).toBe(12 * 3_600_000);
    expect(at(400, text('2026-11-01 at 00:00 UTC')).retryAfterMs).toBeUndefined();
    expect(at(400, text('9999-99-99')).retryAfterMs).toBeUndefined();
  });

  it('ERR-23 BUG-73: an overload counts against the target and spares the key', () => {
    expect(verdictOf(at(529, body('overloaded_error', 'Overloaded')))).toMatchObject({
      retry: true,
      breaker: 'failure',
      status: 503,
    });
  });

  it('ERR-10: a model known to be retired is said to be, with its day and successor', () => {
    const lifecycle = { retired: '2026-01-05', successor: 'claude-sonnet-5-5' };
    const error = at(404, body('not_found_error', 'model: claude-x'), {}, { lifecycle });
    expect(error).toMatchObject({ code: 'model_not_found', reason: 'model_retired' });
    expect(error.message).toMatch(
      /^anthropic: .*"claude-x" was retired on 2026-01-05 .*use "claude-sonnet-5-5"$/,
    );
    expect(
      at(404, body('not_found_error', 'x'), {}, { lifecycle: { retired: '2027-01-01' } }).reason,
    ).toBeUndefined();
    expect(at(401, body('authentication_error', 'x'), {}, { lifecycle }).reason).toBeUndefined();
  });

  it('HDR-10: the id of the answer is in the error', () => {
    expect(at(500, body('api_error', 'x'), { 'request-id': 'req_head' }).upstreamRequestId).toBe('req_head');
    expect(at(500, body('api_error', 'x')).upstreamRequestId).toBe('req_body');
  });
});

describe('the field at fault (ERR-62)', () => {
  const toCallerPath = (path: string) =>
    path.startsWith('messages.5.content.0') ? 'messages[3].tool_calls[0].id' : undefined;

  it.each([
    ['messages.5.content.0.tool_use.id: String should match pattern', 'messages[3].tool_calls[0].id'],
    ['messages.6.content.1.text: x', undefined],
    ['max_tokens: Field required', 'max_tokens'],
    ['something went wrong: see below', undefined],
    ['Upper: no', undefined],
    ['', undefined],
  ])('%s', (message, param) => {
    const error = at(400, body('invalid_request_error', message), {}, { toCallerPath });
    expect(error.param).toBe(param);
    if (message) expect(error.message).toContain(message);
  });

  it('ERR-6: a parameter the API does not know is named even without a map', () => {
    expect(at(400, body('invalid_request_error', 'top_k: Extra inputs are not permitted')).param).toBe(
      'top_k',
    );
  });

  it('3.3: comes from the details where they name it', () => {
    const details = { error_code: 'image_dimensions_too_large', paths: ['messages.5.content.0.source'] };
    expect(at(400, body('invalid_request_error', 'Too big', details), {}, { toCallerPath }).param).toBe(
      'messages[3].tool_calls[0].id',
    );
    expect(
      at(400, body('invalid_request_error', 'x', { paths: [7] }), {}, { toCallerPath }).param,
    ).toBeUndefined();
  });

  it('is not looked for where the host, not the request, failed', () => {
    expect(at(500, body('api_error', 'max_tokens: x'), {}, { toCallerPath }).param).toBeUndefined();
    expect(at(429, body('rate_limit_error', 'tokens: x')).param).toBeUndefined();
  });
});

describe('an error in the stream', () => {
  it.each([
    ['ERR-30 BUG-68', 'overloaded_error', 'overloaded'],
    ['ERR-31', 'rate_limit_error', 'rate_limited'],
    ['ERR-32', 'api_error', 'server_error'],
    ['ERR-33', 'timeout_error', 'timeout'],
    ['ERR-34 B5', 'invalid_request_error', 'invalid_request'],
    ['ERR-35', 'authentication_error', 'authentication'],
    ['ERR-35', 'permission_error', 'permission'],
    ['ERR-35', 'billing_error', 'quota_exhausted'],
    ['ERR-35', 'request_too_large', 'request_too_large'],
    ['ERR-36', 'new_error', 'server_error'],
  ])('%s: %s is %s', (_, type, code) => {
    const event = { type: 'error', error: { type, message: 'told so' }, request_id: 'req_1' };
    for (const given of [event, event.error]) {
      const error = inStreamError(given, context);
      expect(error).toMatchObject({ code, model: 'claude-x' });
      expect(error).not.toHaveProperty('status');
      expect(error.message).toContain('told so');
    }
    expect(inStreamError(event, context).upstreamRequestId).toBe('req_1');
  });

  it('ERR-35: not_found_error is told apart as over HTTP', () => {
    expect(inStreamError({ type: 'not_found_error', message: 'model: claude-x' }, context).code).toBe(
      'model_not_found',
    );
  });

  it('ERR-36: what says nothing is a failure of the host with a word of its own', () => {
    for (const junk of [undefined, null, 'x', 7, [], {}, { error: null }, { error: 'x' }]) {
      expect(inStreamError(junk, context)).toMatchObject({
        code: 'server_error',
        reason: 'upstream_stream_error',
      });
    }
  });

  it('HDR-10: carries the id of the answer’s head when the event has none', () => {
    const head = { ...context, upstreamRequestId: 'req_head' };
    expect(inStreamError({ type: 'api_error', message: 'x' }, head).upstreamRequestId).toBe('req_head');
  });

  it('ERR-2 ERR-5: is classified by its words like a status', () => {
    const told = (message: string) => inStreamError({ type: 'invalid_request_error', message }, context);
    expect(told('prompt is too long').code).toBe('context_overflow');
    expect(told('Invalid `signature` in `thinking` block').reason).toBe('invalid_thinking_signature');
  });
});

describe('what an SDK throws', () => {
  const sdkError = (status: number, json: unknown, headers: Record<string, string> = {}) =>
    APIError.generate(status, json as object, undefined, new Headers(headers));

  it('an HTTP error is read as one', () => {
    const json = { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } };
    expect(
      fromSdkError(sdkError(429, json, { 'retry-after': '7', 'request-id': 'req_9' }), context),
    ).toMatchObject({
      code: 'rate_limited',
      status: 429,
      retryAfterMs: 7_000,
      upstreamRequestId: 'req_9',
    });
  });

  it('STR-18: an in-stream error has no status but a body', () => {
    const json = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const error = new APIError(undefined, json, undefined, new Headers(), 'overloaded_error');
    expect(fromSdkError(error, context)).toMatchObject({ code: 'overloaded' });
  });

  it.each([
    ['ERR-25', new APIUserAbortError(), 'connection', false],
    ['ERR-25', new DOMException('x', 'AbortError'), 'connection', false],
    ['ERR-26', new APIConnectionTimeoutError(), 'timeout', false],
    ['ERR-27', new APIConnectionError({ message: 'Connection error.' }), 'connection', undefined],
    [
      'ERR-27',
      new APIConnectionError({ cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
      'connection',
      false,
    ],
    ['ERR-28', new Anthropic.AnthropicError('Streaming is required'), 'server_error', false],
    ['ERR-28', new Error('No projectId was given'), 'server_error', false],
    ['ERR-27', new Error('x', { cause: 'y' }), 'connection', undefined],
    ['ERR-27', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'connection', false],
    ['ERR-28', new APIConnectionError({ message: NO_CREDENTIALS }), 'connection', undefined],
    ['ERR-28', named('CredentialsProviderError'), 'connection', undefined],
    ['N1', new SyntaxError('Unexpected token < in JSON'), 'bad_response', undefined],
    [
      'T33',
      new TypeError('terminated', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
      'connection',
      undefined,
    ],
    ['', 'a string', 'connection', undefined],
    ['', undefined, 'connection', undefined],
  ])('%s: %s', (_, thrown, code, retryable) => {
    const error = fromSdkError(thrown, context);
    expect([error.code, error.retryable]).toEqual([code, retryable]);
  });

  it('ERR-28: what lacks credentials says so, and not in words that may hold them', () => {
    const error = fromSdkError(new APIConnectionError({ message: `${NO_CREDENTIALS} canary` }), context);
    expect(error.message).toContain('credentials');
    expect(error.reason).toBe('provider_configuration');
    expect(error.message).not.toContain('canary');
  });

  it('ERR-25: is told by its name, whichever build it came from', () => {
    const twin = Object.assign(new Error('Request was aborted.'), { name: 'APIUserAbortError' });
    expect(fromSdkError(twin, context).reason).toBe('aborted');
  });

  it('our transport’s own error comes back out of the SDK’s', () => {
    const ours = new ProviderError({
      provider: 'anthropic',
      code: 'timeout',
      message: 'x',
      phase: 'connect',
    });
    expect(fromSdkError(new APIConnectionError({ cause: ours }), context)).toBe(ours);
    expect(fromSdkError(ours, context)).toBe(ours);
  });

  it('is never kept as cause: it holds headers and bodies', () => {
    const json = { type: 'error', error: { type: 'api_error', message: 'x' }, canary: 'body-canary' };
    const thrown = [
      sdkError(500, json, { authorization: 'header-canary' }),
      new APIConnectionError({ message: 'm' }),
    ];
    for (const error of thrown.map((each) => fromSdkError(each, context))) {
      expect(error.cause).toBeUndefined();
      expect(JSON.stringify(error)).not.toContain('canary');
    }
  });

  it('causes that run in a circle end', () => {
    const error = new Anthropic.AnthropicError('x');
    error.cause = error;
    expect(fromSdkError(error, context).code).toBe('server_error');
  });

  it('bodies that cannot be written out are read as empty', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(fromSdkError({ status: 500, headers: null, error: cyclic }, context).code).toBe('server_error');
    expect(fromSdkError({ status: 529, error: 'Overloaded' }, context).code).toBe('overloaded');
  });
});

describe('INV-22', () => {
  it('any status and any body have exactly one kind, and only ProviderErrors come out', () => {
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc.string().map((text) => body('x_error', text, { error_code: text })),
    );
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 1_000 }), bodies, (status, text) => {
        const error = at(status, text);
        expect(isRunestoneError(error)).toBe(true);
        expect(Object.hasOwn(policy, error.code)).toBe(true);
        if (status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 499) {
          expect(policy[error.code].breaker).not.toBe('failure');
        }
      }),
      { numRuns: 200 },
    );
  });
});
