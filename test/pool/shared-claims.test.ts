import { memoryStore } from 'runestone';
import { describe, expect, it } from 'vitest';
import { Tally } from '../../src/pipeline/tally.ts';
import { Budgets } from '../../src/pool/budgets.ts';
import type { LimitsOptions } from '../../src/pool/limit-options.ts';
import { Limits } from '../../src/pool/limits.ts';
import { NoRoomElsewhere, SharedClaims } from '../../src/pool/shared-claims.ts';
import { attemptContext, recorder, requestContext, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

const taken = { granted: false, waitMs: 7_000, total: 0.9e9, memory: '' };

function setUp(limits: LimitsOptions, countsPermits = false) {
  const { states, told, settings } = statesOf({ limits });
  const { teller } = told;
  const made = new Limits({ settings, states, teller });
  const budgets = new Budgets({
    budgets: [{ limitUsd: 1, window: 'day' }],
    boundOf: () => 0.25e9,
    teller,
  });
  const { nowMs, epochMs } = teller;
  return {
    claims: new SharedClaims({ limits: made, budgets, countsPermits, nowMs, epochMs }),
    budgets,
    made,
  };
}

const request = requestContext({
  tenant: 'acme',
  deadlineMs: 60_000,
  request: { messages: [{ role: 'user', content: 'Hello' }], max_completion_tokens: 500 },
});
const attempt = attemptContext({ request, target: targetOf(silent), tally: new Tally(0) });

const names = (wanted: readonly { account: { name: string } }[]): string[] =>
  wanted.map(({ account }) => account.name);

describe('what an attempt claims', () => {
  it('is nothing where nothing is limited', () => {
    const { claims } = setUp({});
    expect([...claims.ofRequest(attempt, 'id'), ...claims.ofAttempt(attempt, 'id')]).toEqual([]);
  });

  it('for its request: of the tenant and of the pool', () => {
    const { claims } = setUp({ pool: { requestsPerMinute: 5 }, perTenant: { tokensPerMinute: 9_000 } });
    const wanted = claims.ofRequest(attempt, 'id');
    expect(names(wanted)).toEqual(['limit/tenant/acme/tokens', 'limit/pool/requests']);
    expect(wanted.map(({ id, isMoney }) => [id, isMoney])).toEqual([
      ['id', false],
      ['id', false],
    ]);
    expect(names(claims.ofAttempt(attempt, 'id'))).toEqual([]);
  });

  it('for itself: of the key it uses', () => {
    const { claims } = setUp({ perProvider: { acme: { requestsPerMinute: 5, concurrency: 3 } } }, true);
    expect(names(claims.ofAttempt(attempt, 'id'))).toEqual([
      'limit/provider/acme/requests',
      'limit/provider/acme/permits',
    ]);
    expect(names(claims.ofRequest(attempt, 'id'))).toEqual([]);
  });

  it('in tokens is what it may take, and never more than there can be', () => {
    const { claims } = setUp({ pool: { tokensPerMinute: 9_000 }, perTenant: { tokensPerMinute: 300 } });
    const [own, pool] = claims.ofRequest(attempt, 'id');
    expect(own?.amount).toBe(300);
    expect(pool?.amount).toBeGreaterThan(500);
    expect(pool?.amount).toBeLessThan(600);
  });

  it('is held to the deadline of the request; a request alone for a moment, since it is spent once it is sent', () => {
    const { claims } = setUp({ pool: { requestsPerMinute: 5, tokensPerMinute: 9_000 } });
    expect(claims.ofRequest(attempt, 'id').map(({ leaseMs }) => leaseMs)).toEqual([10_000, 61_000]);
  });

  it('comes to what was used, to nothing if it was not sent, and to itself where nobody knows', () => {
    const { claims } = setUp({ pool: { requestsPerMinute: 5, tokensPerMinute: 9_000 } });
    const [one, many] = claims.ofRequest(attempt, 'id');
    expect([{ tokens: 12.5 }, { unused: true }, {}].map((ending) => one?.cameTo(ending, undefined))).toEqual([
      1, 0, 1,
    ]);
    expect([{ tokens: 12.5 }, { unused: true }, {}].map((ending) => many?.cameTo(ending, undefined))).toEqual(
      [13, 0, many?.amount],
    );
  });

  it('waits for its limit when it is refused: as long as is said, but for a permit only a moment', () => {
    const { claims, made } = setUp(
      { pool: { requestsPerMinute: 5 }, perProvider: { acme: { concurrency: 1 } } },
      true,
    );
    const [ofPool] = claims.ofRequest(attempt, 'id');
    const [permit] = claims.ofAttempt(attempt, 'id');
    const pool = ofPool?.refusal(taken);
    expect(pool).toBeInstanceOf(NoRoomElsewhere);
    expect(pool).toMatchObject({
      limiter: made.requests.pool,
      waitMs: 7_000,
      isOfAttempt: false,
      usedUp: 'requests',
    });
    expect(permit?.refusal(taken)).toMatchObject({ waitMs: 100, isOfAttempt: true, usedUp: undefined });
  });
});

describe('what an attempt claims of budgets', () => {
  it('is what it has reserved here, while it is made', async () => {
    const { claims, budgets } = setUp({});
    await budgets.attempt(attempt, async (made) => {
      const [money] = claims.ofAttempt(made, 'id');
      expect(money).toMatchObject({ amount: 0.25e9, isMoney: true, account: { limit: 1e9 } });
      expect(money?.cameTo({}, 0.1)).toBe(0.1e9);
      expect(money?.cameTo({}, undefined)).toBe(0.25e9);
      expect(money?.cameTo({ unused: true }, undefined)).toBe(0);
      expect(money?.refusal(taken)).toMatchObject({ code: 'budget_exceeded', spentUsd: 0.9, limitUsd: 1 });
    });
  });

  it('is made against any store', async () => {
    const { claims, budgets } = setUp({});
    const store = memoryStore(recorder().teller.epochMs);
    await budgets.attempt(attempt, async (made) => {
      for (const claim of claims.ofAttempt(made, 'id'))
        expect(await store.take(claim)).toMatchObject({ granted: true });
    });
  });
});
