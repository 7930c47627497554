import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeadlineExceededError, httpStatusOf, LimitExceededError } from '../../src/errors/index.ts';
import { Cancellation } from '../../src/pipeline/cancellation.ts';
import type { RequestContext } from '../../src/pipeline/middleware.ts';
import { Gate, type Passage } from '../../src/pool/gate.ts';
import { Lease } from '../../src/resilience/lease.ts';
import { Limiter, type LimitTerms } from '../../src/resilience/limiter.ts';
import { failureOf, recorder, requestContext, silent, targetOf } from '../contexts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const now = (): number => performance.now();
const limiterOf = (terms: LimitTerms): Limiter => new Limiter(terms, now);

/** A gate, and a request that has come to it; what is not named is a pool of one permit. */
function setUp(queue: { size?: number; maxWaitMs?: number } = {}) {
  const told = recorder(now);
  const waited = new WeakMap<Cancellation, number>();
  const gate = new Gate({ queue: { size: 10, maxWaitMs: 30_000, ...queue }, teller: told.teller, waited });
  const shared = limiterOf({ concurrency: 1 });
  const passage = (
    facts: Partial<Passage> = {},
    more: Partial<Omit<RequestContext, 'signal'>> = {},
  ): Passage => ({
    request: requestContext({ cancellation: new Cancellation(), ...more }),
    target: undefined,
    limits: { shared },
    tokens: 0,
    waitMs: Number.POSITIVE_INFINITY,
    ...facts,
  });
  /** What it throws or rejects with. */
  const refusalOf = (facts: Partial<Passage> = {}): Promise<unknown> =>
    failureOf((async () => gate.pass(passage(facts)))());
  return { gate, told, shared, passage, refusalOf };
}

describe('whoever finds room', () => {
  it('passes at once, and nothing is told', () => {
    const { gate, passage, told, shared } = setUp();
    expect(gate.hasRoom({ shared }, 0)).toBe(true);
    const lease = gate.pass(passage());
    expect(lease).toBeInstanceOf(Lease);
    expect([gate.hasRoom({ shared }, 0), told.told, gate.waiting]).toEqual([false, [], 0]);
  });
});

describe('whoever does not', () => {
  it('waits its turn', async () => {
    const { gate, passage, told } = setUp();
    const first = gate.pass(passage());
    const second = gate.pass(passage({}, { requestId: 'second', priority: 'low' }));
    expect([first instanceof Lease, second instanceof Promise, gate.waiting]).toEqual([true, true, 1]);
    await vi.advanceTimersByTimeAsync(40);
    if (first instanceof Lease) first.end({});
    expect(await second).toBeInstanceOf(Lease);
    expect(told.told).toMatchObject([
      { name: 'limiter.queued', requestId: 'second', scope: 'pool', priority: 'low', waiting: 1 },
      { name: 'limiter.admitted', requestId: 'second', scope: 'pool', waitedMs: 40 },
    ]);
  });

  it('waits for 30 s in all, however many gates there are', async () => {
    const { gate, passage, shared } = setUp();
    const first = gate.pass(passage());
    const request = requestContext({ cancellation: new Cancellation() });
    const waiting = gate.pass(passage({ request }));
    await vi.advanceTimersByTimeAsync(20_000);
    if (first instanceof Lease) first.end({});
    await waiting;
    expect(shared.inUse).toBe(1);
    // A copy of its context is the same request.
    const again = failureOf(
      (async () => gate.pass(passage({ request: { ...request, requestId: 'copy' } })))(),
    );
    await vi.advanceTimersByTimeAsync(10_010);
    expect(await again).toMatchObject({ code: 'queue_timeout' });
  });

  it('waits no longer than is worth it', async () => {
    const { gate, passage } = setUp();
    void gate.pass(passage());
    const failure = failureOf(Promise.resolve(gate.pass(passage({ waitMs: 2_000 }))));
    await vi.advanceTimersByTimeAsync(2_010);
    expect(await failure).toMatchObject({ code: 'queue_timeout' });
    expect(gate.waiting).toBe(0);
  });

  it('leaves with the reason of its end', async () => {
    const { gate, passage, told } = setUp();
    void gate.pass(passage());
    const cancellation = new Cancellation();
    const waiting = failureOf(Promise.resolve(gate.pass(passage({}, { cancellation }))));
    const reason = new DeadlineExceededError('over');
    cancellation.cancel(reason);
    expect(await waiting).toBe(reason);
    expect([gate.waiting, vi.getTimerCount()]).toEqual([0, 0]);
    expect(told.of('limiter.rejected')).toMatchObject([{ code: 'deadline_exceeded' }]);
  });
});

describe('a refusal', () => {
  it.each<[string, { size?: number; maxWaitMs?: number }, string, RegExp]>([
    [
      'when nobody may wait',
      { maxWaitMs: 0 },
      'limit_exceeded',
      /^the pool: its limit is reached; come back in 1 s$/,
    ],
    [
      'when too many wait',
      { size: 0 },
      'queue_full',
      /^the pool: 0 wait for its limit already; come back in 1 s$/,
    ],
  ])('%s is at once, a 429 in OpenAI’s shape, with the time', async (_, queue, code, message) => {
    const { gate, passage, refusalOf, told } = setUp(queue);
    void gate.pass(passage());
    const error = await refusalOf();
    if (!(error instanceof LimitExceededError)) throw error;
    expect(error).toMatchObject({ code, scope: 'pool', retryAfterMs: 1_000 });
    expect(error.message).toMatch(message);
    expect(httpStatusOf(error)).toBe(429);
    expect(error.toOpenAI().error.type).toBe('rate_limit_error');
    expect(told.names()).toEqual(['limiter.rejected']);
  });

  it('is at once where the deadline cannot be met, with the time at which it could', async () => {
    const { refusalOf, told } = setUp();
    const shared = limiterOf({ requestsPerMinute: 1 });
    shared.take(0);
    const deadlineMs = now() + 20_000;
    const request = requestContext({ cancellation: new Cancellation(), deadlineMs });
    const error = await refusalOf({ request, limits: { shared } });
    expect(error).toMatchObject({ code: 'limit_exceeded', retryAfterMs: 60_000 });
    expect([told.names(), vi.getTimerCount()]).toEqual([['limiter.rejected'], 0]);
  });

  it('names the tenant’s limit without naming the tenant', async () => {
    const { refusalOf } = setUp({ maxWaitMs: 0 });
    const own = limiterOf({ requestsPerMinute: 1 });
    own.take(0);
    const request = requestContext({ tenant: 'secret customer' });
    const error = await refusalOf({ request, limits: { own } });
    expect(error).toMatchObject({ scope: 'tenant', retryAfterMs: 60_000 });
    expect(String(error)).not.toContain('secret');
  });

  it('of an attempt names its provider and model', async () => {
    const { gate, passage, refusalOf, told } = setUp({ maxWaitMs: 0 });
    void gate.pass(passage());
    const error = await refusalOf({ target: targetOf(silent) });
    expect(error).toMatchObject({
      scope: 'provider',
      provider: 'acme',
      model: 'model-1',
      message: 'acme: its limit is reached; come back in 1 s',
    });
    expect(told.of('limiter.rejected')).toMatchObject([{ scope: 'provider', provider: 'acme', waitedMs: 0 }]);
  });

  it('after a wait says so', async () => {
    const { gate, passage, told } = setUp();
    void gate.pass(passage());
    const failure = failureOf(Promise.resolve(gate.pass(passage())));
    await vi.advanceTimersByTimeAsync(30_010);
    expect(await failure).toMatchObject({
      code: 'queue_timeout',
      message: 'the pool: waited in vain for its limit; come back in 1 s',
    });
    expect(told.names()).toEqual(['limiter.queued', 'limiter.rejected']);
    expect(told.of('limiter.rejected')[0]?.waitedMs).toBeGreaterThanOrEqual(30_000);
  });
});
