import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import {
  CancelledError,
  type ErrorCode,
  isProviderErrorCode,
  isRunestoneError,
  OUT_OF_FILES,
  type OutputIssue,
  ProviderError,
  type ProviderErrorCode,
  policy,
  RunestoneError,
  verdictOf,
} from '../../src/errors/index.ts';

describe('isRunestoneError', () => {
  it('knows its own', () => {
    expect(isRunestoneError(new CancelledError('x'))).toBe(true);
    expect(isRunestoneError(new ProviderError({ code: 'timeout', provider: 'p', message: 'x' }))).toBe(true);
  });

  it('knows those of another copy, whose classes are not ours (H16)', async () => {
    vi.resetModules();
    const other = await import('../../src/errors/index.ts');
    const foreign = new other.CancelledError('x');
    expect(foreign).not.toBeInstanceOf(RunestoneError);
    expect(isRunestoneError(foreign)).toBe(true);
    expect(other.isRunestoneError(new CancelledError('x'))).toBe(true);
  });

  it('knows them by the marker alone, across realms and versions', () => {
    const elsewhere = Object.defineProperty(new Error('x'), Symbol.for('runestone.error'), { value: true });
    expect(isRunestoneError(elsewhere)).toBe(true);
  });

  it.each([undefined, null, 'cancelled', 42, {}, new Error('x'), { code: 'cancelled' }, [], () => {}])(
    'does not take %s for one',
    (value) => {
      expect(isRunestoneError(value)).toBe(false);
    },
  );

  it('lets `switch (error.code)` narrow the other fields', () => {
    const read = (error: unknown): unknown => {
      if (!isRunestoneError(error)) return undefined;
      expectTypeOf<(typeof error)['code']>().toEqualTypeOf<ErrorCode>();
      switch (error.code) {
        case 'budget_exceeded':
          expectTypeOf(error.resetsAt).toEqualTypeOf<number>();
          return error.limitUsd;
        case 'queue_full':
          expectTypeOf(error.scope).toEqualTypeOf<'pool' | 'provider' | 'tenant'>();
          return error.scope;
        case 'failover_exhausted':
          expectTypeOf(error.errors).toEqualTypeOf<readonly RunestoneError[]>();
          return error.errors;
        case 'invalid_output':
          expectTypeOf(error.issues).toEqualTypeOf<readonly OutputIssue[]>();
          return error.issues;
        case 'rate_limited':
          expectTypeOf(error.provider).toEqualTypeOf<string>();
          return error.retryAfterMs;
        default:
          // @ts-expect-error only a budget resets
          return error.resetsAt;
      }
    };
    expect(
      read(new ProviderError({ code: 'rate_limited', provider: 'p', message: 'x', retryAfterMs: 5 })),
    ).toBe(5);
  });
});

describe('verdictOf', () => {
  const refused = { code: 'connection', provider: 'p', message: 'refused' } as const;

  it('is the row of the policy', () => {
    expect(verdictOf(new ProviderError(refused))).toBe(policy.connection);
    expect(verdictOf(new CancelledError('x'))).toBe(policy.cancelled);
  });

  it('is weakened by an error that knows that repeating cannot help', () => {
    const error = new ProviderError({ ...refused, retryable: false });
    expect(verdictOf(error)).toEqual({ ...policy.connection, retry: false });
    expect(policy.connection.retry).toBe(true);
  });

  it('is widened by upstream’s own word', () => {
    const error = new ProviderError({
      code: 'invalid_request',
      provider: 'p',
      message: 'x',
      retryable: true,
    });
    expect(verdictOf(error)).toEqual({ ...policy.invalid_request, retry: true });
  });

  it('holds against no target what this process ran out of (H14)', () => {
    const error = new ProviderError({ ...refused, reason: OUT_OF_FILES });
    expect(verdictOf(error)).toEqual({ ...policy.connection, breaker: 'none' });
    const odd = new ProviderError({ ...refused, code: 'authentication', reason: OUT_OF_FILES });
    expect(verdictOf(odd)).toBe(policy.authentication);
  });

  it('stays the very row when the error says the same', () => {
    expect(verdictOf(new ProviderError({ ...refused, retryable: true }))).toBe(policy.connection);
  });
});

describe('isProviderErrorCode', () => {
  const providers: readonly ProviderErrorCode[] = [
    ...(['invalid_request', 'request_too_large', 'context_overflow', 'content_filtered'] as const),
    ...(['authentication', 'permission', 'quota_exhausted', 'model_not_found', 'rate_limited'] as const),
    ...(['overloaded', 'server_error', 'conflict', 'connection', 'timeout'] as const),
    ...(['stream_truncated', 'bad_response', 'redirect'] as const),
  ];

  it('is true for the codes of providers and false for those of the pool', () => {
    expect(Object.keys(policy).filter(isProviderErrorCode).sort()).toEqual([...providers].sort());
  });

  it.each([
    'toString',
    '__proto__',
    'constructor',
    '',
    'TIMEOUT',
    'ECONNRESET',
    undefined,
    null,
    429,
    ['timeout'],
  ])('is false for %s', (value) => {
    expect(isProviderErrorCode(value)).toBe(false);
  });
});
