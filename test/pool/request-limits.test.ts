import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttemptRecord } from '../../src/errors/index.ts';
import { Cancellation } from '../../src/pipeline/cancellation.ts';
import type { RequestContext } from '../../src/pipeline/middleware.ts';
import type { Ending, Observer } from '../../src/pipeline/observe.ts';
import type { LimitsOptions } from '../../src/pool/limit-options.ts';
import { RequestLimits } from '../../src/pool/request-limits.ts';
import { recorder, requestContext } from '../contexts.ts';
import { settingsOf } from './states.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** The limits, and what a front door does with a request. */
function setUp(options: LimitsOptions) {
  const { limits } = settingsOf({ limits: options });
  const told = recorder(() => performance.now());
  const requests = new RequestLimits(limits, {
    queue: limits.queue,
    teller: told.teller,
    waited: new WeakMap(),
  });
  const ends: Ending[] = [];
  const outer = (): Observer => ({ onEnd: (ending) => ends.push(ending) });
  const begin = (facts: Partial<Omit<RequestContext, 'signal'>> = {}) => {
    const request = requestContext({ cancellation: new Cancellation(), trail: [], ...facts });
    const observer = requests.seeing(outer)(request);
    return { request, end: (ending: Ending = { outcome: 'ok' }) => observer.onEnd(ending) };
  };
  return { requests, told, ends, begin, outer };
}

const record = (usage?: AttemptRecord['usage']): AttemptRecord => ({
  attempt: 1,
  provider: 'a',
  model: 'm',
  target: 'a/m',
  waitedMs: 0,
  outcome: 'ok',
  durationMs: 1,
  precision: 'reported',
  usage,
});

describe('a request that found room here and not with others', () => {
  it('gives back what it holds and waits again, in front of those that came later', async () => {
    const { requests, begin } = setUp({ pool: { requestsPerMinute: 60 } });
    const order: string[] = [];
    const early = begin();
    await requests.enter(early.request);
    requests.leave(early.request);
    requests.leave(early.request);
    expect(requests.pool?.inUse).toBe(0);
    requests.pool?.holdFor(1_000, 'requests');
    const late = begin();
    const entered = requests.enter(late.request)?.then(() => order.push('late'));
    const again = requests.enter(early.request, 1)?.then(() => order.push('early'));
    await vi.advanceTimersByTimeAsync(3_000);
    await Promise.all([entered, again]);
    expect(order).toEqual(['early', 'late']);
    early.end();
    late.end();
    expect(requests.pool?.inUse).toBe(0);
  });

  it('holds nothing any more once it is over', async () => {
    const { requests, begin } = setUp({ pool: { concurrency: 1 } });
    const { request, end } = begin();
    await requests.enter(request);
    end();
    requests.leave(request);
    await requests.enter(request, 1);
    expect(requests.pool?.inUse).toBe(0);
  });
});

describe('without limits', () => {
  it('nobody waits, and nobody is watched', () => {
    const { requests, begin, outer } = setUp({});
    expect(requests.enter(begin().request)).toBeUndefined();
    expect(requests.seeing(outer)).toBe(outer);
    expect([requests.pool, requests.waiting]).toEqual([undefined, 0]);
  });

  it('of tenants, a request without one has none', () => {
    const { requests, begin } = setUp({ perTenant: { requestsPerMinute: 1 }, queue: { maxWaitMs: 0 } });
    for (let n = 0; n < 5; n++) expect(requests.enter(begin().request)).toBeUndefined();
  });
});

describe('a request', () => {
  it('holds a permit from its beginning to its end, however it ends', async () => {
    const { requests, begin, ends } = setUp({ pool: { concurrency: 1 } });
    const first = begin();
    expect(requests.enter(first.request)).toBeUndefined();
    const second = begin();
    const waiting = requests.enter(second.request);
    expect([waiting instanceof Promise, requests.waiting, requests.pool?.inUse]).toEqual([true, 1, 1]);
    first.end({ outcome: 'error', error: new Error('no') });
    await waiting;
    expect([requests.waiting, requests.pool?.inUse]).toEqual([0, 1]);
    second.end({ outcome: 'cancelled' });
    expect(requests.pool?.inUse).toBe(0);
    expect(ends.map(({ outcome }) => outcome)).toEqual(['error', 'cancelled']);
  });

  it('is let in once, also by a plug-in that asks again with a copy', () => {
    const { requests, begin } = setUp({ pool: { concurrency: 1 } });
    const { request, end } = begin();
    void requests.enter(request);
    expect(requests.enter({ ...request, request: { messages: [] } })).toBeUndefined();
    expect(requests.pool?.inUse).toBe(1);
    end();
    expect(requests.pool?.inUse).toBe(0);
  });

  it('that asks twice at once holds one permit', async () => {
    const { requests, begin } = setUp({ pool: { concurrency: 2 } });
    const others = [begin(), begin()];
    for (const { request } of others) void requests.enter(request);
    const { request, end } = begin();
    const both = [requests.enter(request), requests.enter(request)];
    for (const other of others) other.end();
    await Promise.all(both);
    expect(requests.pool?.inUse).toBe(1);
    end();
    expect(requests.pool?.inUse).toBe(0);
  });

  it('that ended before its turn came holds none', async () => {
    const { requests, begin } = setUp({ pool: { concurrency: 1 } });
    const first = begin();
    void requests.enter(first.request);
    const second = begin();
    const waiting = requests.enter(second.request);
    // A plug-in gave another answer.
    second.end();
    first.end();
    await waiting;
    expect(requests.pool?.inUse).toBe(0);
  });

  it('that was refused has nothing to give back', async () => {
    const { requests, begin } = setUp({ pool: { concurrency: 1 }, queue: { maxWaitMs: 0 } });
    const first = begin();
    void requests.enter(first.request);
    const second = begin();
    expect(() => requests.enter(second.request)).toThrow(expect.objectContaining({ scope: 'pool' }));
    second.end({ outcome: 'error' });
    expect(requests.pool?.inUse).toBe(1);
    first.end();
    expect(requests.pool?.inUse).toBe(0);
  });

  it('passes the limit of its tenant too', () => {
    const perTenant = (tenant: string) => ({ concurrency: tenant === 'large' ? 3 : 1 });
    const { requests, begin } = setUp({ pool: { concurrency: 10 }, perTenant, queue: { maxWaitMs: 0 } });
    const enter = (tenant: string): string => {
      try {
        void requests.enter(begin({ tenant }).request);
        return 'in';
      } catch (error) {
        return (error as { scope: string }).scope;
      }
    };
    expect(['small', 'small', 'large', 'large', 'large', 'large', 'other'].map(enter)).toEqual([
      ...['in', 'tenant'],
      ...['in', 'in', 'in', 'tenant'],
      'in',
    ]);
    expect(requests.pool?.inUse).toBe(5);
  });
});

describe('tokens', () => {
  /** Of 6,000 a minute, so that each takes 10 ms to come. */
  const asking = { messages: [], max_completion_tokens: 5_000 };

  it('are reserved by what is expected, and settled by what all attempts have taken', () => {
    const { requests, begin } = setUp({ pool: { tokensPerMinute: 6_000 } });
    const { request, end } = begin({ request: asking });
    void requests.enter(request);
    expect([requests.pool?.waitMs(1_000), requests.pool?.waitMs(1_001)]).toEqual([0, 10]);
    request.trail.push(record({ inputTokens: 500, outputTokens: 500 }));
    request.trail.push(record({ inputTokens: 900, outputTokens: 100 }));
    end();
    expect([requests.pool?.waitMs(4_000), requests.pool?.waitMs(4_001)]).toEqual([0, 10]);
  });

  it('stay as they were reserved when nobody knows better', () => {
    const { requests, begin } = setUp({ pool: { tokensPerMinute: 6_000 } });
    const { request, end } = begin({ request: asking });
    void requests.enter(request);
    request.trail.push(record({ inputTokens: 500, outputTokens: 500 }), record());
    end();
    expect([requests.pool?.waitMs(1_000), requests.pool?.waitMs(1_001)]).toEqual([0, 10]);
  });

  it('that come back let in who waits for them', async () => {
    const { requests, begin } = setUp({ pool: { tokensPerMinute: 6_000 } });
    const first = begin({ request: asking });
    void requests.enter(first.request);
    const waiting = requests.enter(begin({ request: asking }).request);
    expect([waiting instanceof Promise, requests.waiting]).toEqual([true, 1]);
    first.request.trail.push(record({ inputTokens: 1, outputTokens: 1 }));
    first.end();
    await waiting;
    expect(requests.waiting).toBe(0);
  });

  it('and the request itself come back when no attempt was made', () => {
    const { requests, begin } = setUp({
      pool: { requestsPerMinute: 1, tokensPerMinute: 60 },
      queue: { maxWaitMs: 0 },
    });
    for (let n = 0; n < 5; n++) {
      const { request, end } = begin();
      void requests.enter(request);
      end({ outcome: 'error' });
    }
    const { request, end } = begin();
    void requests.enter(request);
    request.trail.push(record({ inputTokens: 1, outputTokens: 1 }));
    end();
    expect(() => requests.enter(begin().request)).toThrow(expect.objectContaining({ retryAfterMs: 60_000 }));
  });
});
