import { describe, expect, it, vi } from 'vitest';
import {
  BudgetExceededError,
  CircuitOpenError,
  FailoverError,
  httpStatusOf,
  NoRouteError,
  ProviderError,
  type ProviderErrorCode,
  type RunestoneError,
} from '../../src/errors/index.ts';

const from = (provider: string, code: ProviderErrorCode, retryAfterMs?: number): ProviderError =>
  new ProviderError({ code, provider, message: 'no', retryAfterMs });

describe('FailoverError', () => {
  const error = new FailoverError([
    from('groq', 'timeout'),
    from('anthropic', 'overloaded'),
    new CircuitOpenError('x'),
  ]);

  it('holds one error for each target and tells who failed how', () => {
    expect(error.errors.map(({ code }) => code)).toEqual(['timeout', 'overloaded', 'circuit_open']);
    expect(error.message).toBe(
      'all 3 targets failed (groq timeout, anthropic overloaded, pool circuit_open); see `errors` for each',
    );
    expect(error).toMatchObject({ name: 'FailoverError', code: 'failover_exhausted' });
  });

  it('has the last failure as its cause', () => {
    expect(error.cause).toBe(error.errors.at(-1));
  });

  it('comes back when the first of the targets may answer again', () => {
    const of = (...waits: (number | undefined)[]): number | undefined =>
      new FailoverError(waits.map((wait) => from('groq', 'rate_limited', wait))).retryAfterMs;
    expect(of(5_000, 1_000, 9_000)).toBe(1_000);
    expect(of(undefined, 3_000)).toBe(3_000);
    expect(of(0, 3_000)).toBe(0);
    expect(of(undefined, undefined)).toBeUndefined();
  });

  it('shows its parts in JSON', () => {
    const told = JSON.parse(JSON.stringify(error));
    expect(
      told.errors.map((each: { code: string; provider?: string }) => [each.code, each.provider]),
    ).toEqual([
      ['timeout', 'groq'],
      ['overloaded', 'anthropic'],
      ['circuit_open', undefined],
    ]);
  });
});

describe('the words and the status of several failures', () => {
  const cases: readonly (readonly [string, readonly RunestoneError[], string, string | null, number])[] = [
    [
      'all rate limited',
      [from('a', 'rate_limited'), from('b', 'rate_limited')],
      'rate_limit_error',
      'rate_limit_exceeded',
      429,
    ],
    ['all overloaded', [from('a', 'overloaded'), from('b', 'overloaded')], 'server_error', 'overloaded', 503],
    ['one alone', [from('a', 'timeout')], 'timeout_error', 'timeout', 504],
    [
      'different codes',
      [from('a', 'rate_limited'), from('b', 'timeout')],
      'server_error',
      'failover_exhausted',
      502,
    ],
    [
      'different codes of one status',
      [from('a', 'server_error'), from('b', 'bad_response')],
      'server_error',
      'failover_exhausted',
      502,
    ],
    [
      'different codes of one status, not 502',
      [from('a', 'overloaded'), new CircuitOpenError('x')],
      'server_error',
      'failover_exhausted',
      503,
    ],
    ['none', [], 'server_error', 'failover_exhausted', 502],
  ];

  it.each(cases)('%s', (_, errors, type, code, status) => {
    const error = new FailoverError(errors);
    expect(error.toOpenAI()).toEqual({ error: { message: error.message, type, code, param: null } });
    expect(httpStatusOf(error)).toBe(status);
  });

  it('look into nested failures', () => {
    const inner = new FailoverError([from('a', 'rate_limited'), from('b', 'rate_limited')]);
    expect(httpStatusOf(new FailoverError([inner, from('c', 'rate_limited')]))).toBe(429);
    expect(httpStatusOf(new FailoverError([inner, from('c', 'timeout')]))).toBe(502);
  });
});

describe('httpStatusOf', () => {
  it('is the row of the policy for a single error, whatever upstream’s own status was', () => {
    expect(httpStatusOf(new NoRouteError('x'))).toBe(404);
    expect(httpStatusOf(from('a', 'authentication'))).toBe(502);
    const rejected = new ProviderError({ code: 'overloaded', provider: 'a', message: 'x', status: 529 });
    expect([rejected.status, httpStatusOf(rejected)]).toEqual([529, 503]);
    const spent = new BudgetExceededError('x', { spentUsd: 1, limitUsd: 1, resetsAt: 0 });
    expect(httpStatusOf(spent)).toBe(429);
  });

  it('reads the parts of a failure from another copy of the package too', async () => {
    vi.resetModules();
    const other = await import('../../src/errors/index.ts');
    const foreign = new other.FailoverError([
      new other.ProviderError({ code: 'rate_limited', provider: 'a', message: 'x' }),
    ]);
    expect(foreign).not.toBeInstanceOf(FailoverError);
    expect(httpStatusOf(foreign)).toBe(429);
  });
});
