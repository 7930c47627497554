import {
  BudgetExceededError,
  CircuitOpenError,
  type ErrorCode,
  FailoverError,
  LimitExceededError,
  ProviderError,
  type ProviderErrorCode,
} from 'runestone';
import { describe, expect, it } from 'vitest';
import { isOwnRefusal, mayPass } from '../../src/bullmq/own-refusal.ts';

const limit = (code: LimitExceededError['code'], scope: LimitExceededError['scope'] = 'pool') =>
  new LimitExceededError('no room', { code, scope });
const upstream = (code: ProviderErrorCode, retryable?: boolean) =>
  new ProviderError({ provider: 'acme', code, message: 'no', ...(retryable !== undefined && { retryable }) });
const budget = new BudgetExceededError('spent', { spentUsd: 1, limitUsd: 1, resetsAt: 0 });
const circuit = new CircuitOpenError('left alone');

describe('a refusal of the pool itself', () => {
  it.each(['limit_exceeded', 'queue_full', 'queue_timeout'] as const)('is %s, of any scope', (code) => {
    for (const scope of ['pool', 'tenant', 'provider'] as const)
      expect(isOwnRefusal(limit(code, scope))).toBe(true);
  });

  it('is one by every target too', () => {
    expect(isOwnRefusal(new FailoverError([limit('queue_full'), limit('queue_timeout', 'provider')]))).toBe(
      true,
    );
  });

  it.each([
    ['a 429 of a host', upstream('rate_limited')],
    ['a spent budget, which waiting in a queue does not fill', budget],
    ['an open circuit', circuit],
    ['one target among others that failed', new FailoverError([limit('queue_full'), upstream('overloaded')])],
    ['nothing at all', new FailoverError([])],
    ['an error that looks like one', Object.assign(new Error('no'), { code: 'queue_full' })],
    ['no error', undefined],
  ])('is not %s', (_, error) => {
    expect(isOwnRefusal(error)).toBe(false);
  });
});

describe('a failure that may pass', () => {
  it.each<[ErrorCode, unknown]>([
    ['rate_limited', upstream('rate_limited')],
    ['overloaded', upstream('overloaded')],
    ['connection', upstream('connection', false)],
    ['timeout', upstream('timeout', false)],
    ['stream_truncated', upstream('stream_truncated')],
    ['circuit_open', circuit],
    ['failover_exhausted', new FailoverError([upstream('authentication'), upstream('overloaded')])],
    ['failover_exhausted', new FailoverError([upstream('authentication'), limit('queue_full')])],
  ])('is %s', (_, error) => {
    expect(mayPass(error)).toBe(true);
  });

  it.each<[ErrorCode, unknown]>([
    ['authentication', upstream('authentication')],
    ['invalid_request', upstream('invalid_request')],
    ['content_filtered', upstream('content_filtered')],
    ['budget_exceeded', budget],
    ['failover_exhausted', new FailoverError([upstream('authentication'), upstream('model_not_found')])],
    ['config_invalid', new Error('of somebody else')],
  ])('is not %s', (_, error) => {
    expect(mayPass(error)).toBe(false);
  });
});
