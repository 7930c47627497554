import { describe, expect, it } from 'vitest';
import type { LimitsOptions } from '../../src/pool/limit-options.ts';
import { Limits } from '../../src/pool/limits.ts';
import { requestContext, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

function limitsOf(limits: LimitsOptions): Limits {
  const { states, settings, told } = statesOf({ limits });
  return new Limits({ settings, states, teller: told.teller });
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
