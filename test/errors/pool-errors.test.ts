import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  BudgetExceededError,
  CancelledError,
  CircuitOpenError,
  ConfigError,
  DeadlineExceededError,
  InvalidOutputError,
  InvalidRequestError,
  LimitExceededError,
  NoRouteError,
  PoolClosedError,
} from '../../src/errors/index.ts';

describe('errors of the pool', () => {
  it.each([
    [ConfigError, 'ConfigError', 'config_invalid'],
    [InvalidRequestError, 'InvalidRequestError', 'invalid_request'],
    [NoRouteError, 'NoRouteError', 'no_route'],
    [CircuitOpenError, 'CircuitOpenError', 'circuit_open'],
    [InvalidOutputError, 'InvalidOutputError', 'invalid_output'],
    [DeadlineExceededError, 'DeadlineExceededError', 'deadline_exceeded'],
    [CancelledError, 'CancelledError', 'cancelled'],
    [PoolClosedError, 'PoolClosedError', 'pool_closed'],
  ])('%# have a name and one code each', (Kind, name, code) => {
    const error = new Kind('what happened', { retryAfterMs: 7 });
    expect(error).toMatchObject({ name, code, message: 'what happened', retryAfterMs: 7 });
  });

  it('of a limit say whose it was', () => {
    const error = new LimitExceededError('too many', { scope: 'tenant', retryAfterMs: 250 });
    expect(error).toMatchObject({ code: 'limit_exceeded', scope: 'tenant', retryAfterMs: 250 });
  });

  it.each(['limit_exceeded', 'queue_full', 'queue_timeout'] as const)('of a limit may be %s', (code) => {
    expect(new LimitExceededError('x', { code, scope: 'pool' }).code).toBe(code);
  });

  it('of a budget say how much, of what, and until when', () => {
    const facts = { spentUsd: 49.5, limitUsd: 50, resetsAt: 1_790_000_000_000 };
    const error = new BudgetExceededError('spent', { ...facts, retryAfterMs: 1_000 });
    expect(error).toMatchObject({ ...facts, code: 'budget_exceeded', retryAfterMs: 1_000 });
    expect(error.toJSON()).toMatchObject(facts);
    expect(error.toOpenAI().error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
  });

  it('of an answer tell its faults where nothing is printed', () => {
    const issues = [{ message: 'got canary', path: ['name'] }];
    const error = new InvalidOutputError('a: wrong', { reason: 'schema_mismatch', provider: 'a', issues });
    expect(error.issues).toBe(issues);
    expect(Object.keys(error)).not.toContain('issues');
    expect([inspect(error, { depth: 10 }), JSON.stringify(error)].join()).not.toContain('canary');
    expect(error.toJSON()).toMatchObject({
      code: 'invalid_output',
      reason: 'schema_mismatch',
      provider: 'a',
    });
    expect(error.toOpenAI().error).toMatchObject({ type: 'server_error', code: 'schema_mismatch' });
    expect(new InvalidOutputError('x').issues).toEqual([]);
  });
});
