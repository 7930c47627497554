import { describe, expect, it } from 'vitest';
import { LimitExceededError } from '../../src/errors/index.ts';
import { type HeldBack, LimitTeller } from '../../src/pool/limit-teller.ts';
import { EPOCH_MS, failureOf, recorder, requestContext, silent, targetOf } from '../contexts.ts';

function setUp(facts: Partial<HeldBack> = {}) {
  const told = recorder();
  const request = requestContext({ tenant: 'acme inc', priority: 'high' });
  const held: HeldBack = { request, target: undefined, scope: 'pool', ...facts };
  return { told, held, teller: new LimitTeller(told.teller) };
}

const refusal = new LimitExceededError('no', { code: 'queue_timeout', scope: 'pool', retryAfterMs: 70 });
const base = { requestId: 'req-1', at: EPOCH_MS, scope: 'pool', provider: undefined, tenant: 'acme inc' };

describe('a wait', () => {
  it('is told of when it begins, and when it was worth it', async () => {
    const { told, held, teller } = setUp();
    const done = teller.during(
      held,
      3,
      Promise.resolve('in'),
      (outcome, waitedMs) => `${outcome} ${waitedMs}`,
    );
    told.pass(250);
    expect(await done).toBe('in 250');
    expect(told.told).toEqual([
      { name: 'limiter.queued', ...base, priority: 'high', waiting: 3 },
      { name: 'limiter.admitted', ...base, at: EPOCH_MS + 250, waitedMs: 250 },
    ]);
  });

  it('is told of when it was in vain', async () => {
    const { told, held, teller } = setUp();
    const done = teller.during(held, 3, Promise.resolve(), () => {
      throw refusal;
    });
    told.pass(250);
    expect(await failureOf(done)).toBe(refusal);
    expect(told.names()).toEqual(['limiter.queued', 'limiter.rejected']);
    expect(told.of('limiter.rejected')).toMatchObject([
      { code: 'queue_timeout', waitedMs: 250, retryAfterMs: 70 },
    ]);
  });

  it('is told of when its request was ended', async () => {
    const { told, held, teller } = setUp();
    const gone = new Error('a reason of somebody else’s');
    expect(await failureOf(teller.during(held, 1, Promise.reject(gone), () => {}))).toBe(gone);
    expect(told.of('limiter.rejected')).toMatchObject([{ code: 'cancelled', retryAfterMs: undefined }]);
  });

  it('for a provider names it; without a queue nobody is counted', async () => {
    const { told, held, teller } = setUp({ target: targetOf(silent), scope: 'upstream' });
    await teller.during(held, undefined, Promise.resolve(), () => {});
    expect(told.of('limiter.queued')).toMatchObject([
      { scope: 'upstream', provider: 'acme', waiting: undefined },
    ]);
  });
});

it('a refusal at once is told of alone', () => {
  const { told, held, teller } = setUp({ scope: 'tenant' });
  teller.rejected(held, refusal, 0);
  expect(told.told).toEqual([
    {
      name: 'limiter.rejected',
      ...base,
      scope: 'tenant',
      code: 'queue_timeout',
      waitedMs: 0,
      retryAfterMs: 70,
    },
  ]);
});
