import { describe, expect, it } from 'vitest';
import type { LimitsOptions } from '../../src/pool/limit-options.ts';
import { Limits } from '../../src/pool/limits.ts';
import { requestContext, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

function limitsOf(limits: LimitsOptions, before?: Limits): Limits {
  const { states, settings, told } = statesOf({ limits });
  return new Limits({ settings, states, teller: told.teller }, before);
}

describe('the statistics of limits', () => {
  it('are empty without limits', () => {
    const limits = limitsOf({});
    void limits.requests.enter(requestContext());
    expect(limits.stats()).toEqual({ waiting: 0, providers: {} });
  });

  it('show who is in, who may be, and who waits', async () => {
    const limits = limitsOf({ pool: { concurrency: 1 }, perProvider: { acme: { concurrency: 'adaptive' } } });
    const request = requestContext();
    void limits.requests.enter(request);
    const waiting = limits.requests.enter(requestContext())?.catch(() => {});
    expect(limits.stats()).toEqual({ waiting: 1, pool: { inUse: 1, concurrency: 1 }, providers: {} });
    const candidate = { target: targetOf(silent), tier: 0, weight: 1 };
    limits.attempts.byRoom(request, [candidate], 0);
    expect(limits.stats().providers).toEqual({ acme: { inUse: 0, concurrency: 16 } });
    expect(waiting).toBeInstanceOf(Promise);
  });

  it('leave out a number of permits that is not limited', () => {
    const limits = limitsOf({ pool: { requestsPerMinute: 5 } });
    void limits.requests.enter(requestContext());
    expect(limits.stats()).toEqual({ waiting: 0, pool: { inUse: 1 }, providers: {} });
  });
});

it('attempts are watched only where a provider is limited', () => {
  expect(limitsOf({ pool: { concurrency: 1 } }).attempts.watches).toHaveLength(0);
  expect(limitsOf({ perProvider: { acme: {} } }).attempts.watches).toHaveLength(1);
});

describe('limits in place of others', () => {
  const tenants = (): { concurrency: number } => ({ concurrency: 1 });

  it.each<[string, LimitsOptions, boolean]>([
    ['are the same of requests', { pool: { concurrency: 2 }, perTenant: tenants }, true],
    ['are others of the pool', { pool: { concurrency: 3 }, perTenant: tenants }, false],
    ['are others of tenants', { pool: { concurrency: 2 }, perTenant: () => ({ concurrency: 1 }) }, false],
    ['have another queue', { pool: { concurrency: 2 }, perTenant: tenants, queue: { size: 3 } }, false],
    [
      'are others of providers',
      { pool: { concurrency: 2 }, perTenant: tenants, perProvider: { acme: {} } },
      true,
    ],
  ])('%s: what requests hold stays or not', (_, next, stays) => {
    const before = limitsOf({ pool: { concurrency: 2 }, perTenant: tenants });
    void before.requests.enter(requestContext());
    const after = limitsOf(next, before);
    expect(after.requests === before.requests).toBe(stays);
    expect(after.stats().pool?.inUse).toBe(stays ? 1 : 0);
  });

  it.each<[string, LimitsOptions, boolean]>([
    ['as before', { perProvider: { acme: { concurrency: 2 } } }, true],
    ['otherwise', { perProvider: { acme: { concurrency: 3 } } }, false],
    ['with another queue', { perProvider: { acme: { concurrency: 2 } }, queue: { size: 3 } }, false],
  ])('limit a provider %s: what its attempts hold stays or not', (_, next, stays) => {
    const before = limitsOf({ perProvider: { acme: { concurrency: 2 } } });
    const target = targetOf(silent);
    const [key] = before.attempts.providers.of(requestContext(), target);
    key?.limits.shared.take(0);
    const [after] = limitsOf(next, before).attempts.providers.of(requestContext(), target);
    expect([after === key, after?.limits.shared.inUse]).toEqual(stays ? [true, 1] : [false, 0]);
  });
});
