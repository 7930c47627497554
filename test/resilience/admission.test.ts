import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Admission, type Entry, type Gates } from '../../src/resilience/admission.ts';
import { Lease } from '../../src/resilience/lease.ts';
import { Limiter, type LimitTerms } from '../../src/resilience/limiter.ts';
import { runs } from '../runs.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const limiterOf = (terms: LimitTerms): Limiter => new Limiter(terms, () => performance.now());

/** How one fared. */
interface Case {
  readonly name: string;
  outcome: 'let in' | 'waits' | string;
  /** Whether it was told at once, without a promise. */
  readonly atOnce: boolean;
  retryAfterMs?: number;
  lease?: Lease;
  readonly cancel: () => void;
}

/** A queue, and everybody who has come to it. */
function setUp(most = 1_000) {
  const admission = new Admission(most);
  const order: string[] = [];
  let count = 0;
  const come = (gates: Gates, facts: Partial<Entry> & { name?: string } = {}): Case => {
    const listeners = new Set<(reason: unknown) => void>();
    const { name = `${++count}`, ...rest } = facts;
    const entered = admission.enter({
      gates,
      tokens: 0,
      tenant: '',
      priority: 'normal',
      waitMs: 30_000,
      onCancel: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      ...rest,
    });
    const made: Case = {
      name,
      outcome: 'waits',
      atOnce: !(entered instanceof Promise),
      cancel: () => {
        for (const listener of [...listeners]) listener(new Error('gone'));
        expect(listeners.size).toBe(0);
      },
    };
    const settle = (how: Awaited<typeof entered>): void => {
      if (how instanceof Lease) {
        made.lease = how;
        made.outcome = 'let in';
        order.push(name);
      } else {
        made.outcome = `${how.code} by ${how.gate}`;
        made.retryAfterMs = how.retryAfterMs;
      }
    };
    if (entered instanceof Promise) {
      entered.then(settle, (reason: Error) => {
        made.outcome = reason.message;
      });
    } else settle(entered);
    return made;
  };
  return { admission, come, order };
}

/** Lets everything happen that needs no time. */
const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('who finds room', () => {
  it('passes at once, without a promise and without a timer', () => {
    const { come, admission } = setUp();
    const shared = limiterOf({ concurrency: 2, requestsPerMinute: 100 });
    expect(admission.hasRoom({ shared }, 0)).toBe(true);
    expect([come({ shared }), come({ shared })]).toMatchObject([
      { outcome: 'let in', atOnce: true },
      { outcome: 'let in', atOnce: true },
    ]);
    expect([admission.hasRoom({ shared }, 0), vi.getTimerCount(), shared.inUse]).toEqual([false, 0, 2]);
  });

  it('takes of all its limits, or of none', () => {
    const { come } = setUp();
    const own = limiterOf({ concurrency: 5 });
    const shared = limiterOf({ concurrency: 1 });
    come({ own, shared });
    come({ own, shared });
    expect([own.inUse, shared.inUse]).toEqual([1, 1]);
  });

  it('gives back to all of them', () => {
    const { come } = setUp();
    const [own, shared] = [limiterOf({ concurrency: 5 }), limiterOf({ concurrency: 1 })];
    const { lease } = come({ own, shared });
    lease?.end({});
    lease?.end({});
    expect([own.inUse, shared.inUse]).toEqual([0, 0]);
  });

  it('may have no limit at all', () => {
    const { come } = setUp();
    const { lease, atOnce } = come({});
    lease?.end({});
    expect(atOnce).toBe(true);
  });
});

describe('who finds none', () => {
  it('is let in when somebody gives back, in order of arrival', async () => {
    const { come, order, admission } = setUp();
    const shared = limiterOf({ concurrency: 1 });
    const cases = Array.from({ length: 4 }, () => come({ shared }));
    expect(admission.waiting).toBe(3);
    for (const each of cases) {
      await turn();
      expect(shared.inUse).toBe(1);
      each.lease?.end({});
    }
    expect(order).toEqual(['1', '2', '3', '4']);
    expect([shared.inUse, admission.waiting, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  it('is let in when the bucket has it, to the millisecond', async () => {
    const { come } = setUp();
    const shared = limiterOf({ requestsPerMinute: 6 });
    for (let time = 0; time < 6; time++) come({ shared });
    const late = come({ shared });
    await pass(9_999);
    expect(late.outcome).toBe('waits');
    await pass(1);
    expect([late.outcome, vi.getTimerCount()]).toEqual(['let in', 0]);
  });

  it('is let in when reserved tokens come back', async () => {
    const { come } = setUp();
    const shared = limiterOf({ tokensPerMinute: 1_000 });
    const large = come({ shared }, { tokens: 5_000 });
    const next = come({ shared }, { tokens: 500 });
    await pass(20_000);
    expect(next.outcome).toBe('waits');
    large.lease?.end({ tokens: 200 });
    await turn();
    expect(next.outcome).toBe('let in');
  });

  it('is let in when an adaptive limit has grown', async () => {
    const { come, admission } = setUp();
    const shared = limiterOf({ concurrency: 'adaptive' });
    const cases = Array.from({ length: 20 }, () => come({ shared }));
    expect(admission.waiting).toBe(4);
    cases[0]?.lease?.end({ verdict: 'ok' });
    expect([shared.concurrency, shared.inUse, admission.waiting]).toEqual([17, 17, 2]);
  });

  it('is not overtaken by a smaller one that comes later', async () => {
    const { come, order } = setUp();
    const shared = limiterOf({ tokensPerMinute: 600 });
    come({ shared }, { tokens: 600, name: 'first' });
    come({ shared }, { tokens: 200, name: 'large' });
    const small = come({ shared }, { tokens: 10, name: 'small' });
    await pass(1_000);
    expect(small.outcome).toBe('waits');
    await pass(20_000);
    expect(order).toEqual(['first', 'large', 'small']);
  });

  it('is overtaken by a higher priority', async () => {
    const { come, order } = setUp();
    const shared = limiterOf({ concurrency: 1 });
    const first = come({ shared }, { name: 'first' });
    come({ shared }, { name: 'low', priority: 'low' });
    come({ shared }, { name: 'high', priority: 'high' });
    first.lease?.end({});
    await turn();
    expect(order).toEqual(['first', 'high']);
  });

  it('by a limit of its own keeps nobody else waiting', async () => {
    const { come, order } = setUp();
    const shared = limiterOf({ concurrency: 10 });
    const own = limiterOf({ concurrency: 1 });
    come({ own, shared }, { tenant: 'a', name: 'a1' });
    come({ own, shared }, { tenant: 'a', name: 'a2' });
    come({ own: limiterOf({}), shared }, { tenant: 'b', name: 'b1' });
    await turn();
    expect(order).toEqual(['a1', 'b1']);
  });

  it('shares with other tenants in turn', async () => {
    const { come, order } = setUp();
    const shared = limiterOf({ concurrency: 1 });
    const cases = [
      ...Array.from({ length: 5 }, (_, n) => come({ shared }, { tenant: 'a', name: `a${n}` })),
      come({ shared }, { tenant: 'b', name: 'b0' }),
    ];
    for (let served = 0; served < cases.length; served++) {
      await turn();
      cases.find((each) => each.name === order.at(-1))?.lease?.end({});
    }
    expect(order).toEqual(['a0', 'a1', 'b0', 'a2', 'a3', 'a4']);
  });

  it('shares tokens by tokens, where those are what is short', async () => {
    const { come, order } = setUp();
    const shared = limiterOf({ tokensPerMinute: 6_000 });
    come({ shared }, { tokens: 6_000 });
    for (let n = 0; n < 3; n++) come({ shared }, { tenant: 'large', name: 'L', tokens: 500 });
    for (let n = 0; n < 8; n++) come({ shared }, { tenant: 'small', name: 's', tokens: 100 });
    await pass(29_000);
    expect(order.slice(1).join('')).toBe('LsssssLsssL');
  });
});

describe('who waits', () => {
  it('is refused after its time, and its place is free', async () => {
    const { come, admission } = setUp();
    const shared = limiterOf({ concurrency: 1 });
    come({ shared });
    const late = come({ shared }, { waitMs: 500 });
    await pass(499);
    expect(late.outcome).toBe('waits');
    await pass(5);
    expect(late.outcome).toBe('queue_timeout by shared');
    expect([admission.waiting, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('C2: leaves at once when it is wanted no more; the order of the others is kept', async () => {
    const { come, order, admission } = setUp();
    const shared = limiterOf({ concurrency: 1 });
    const first = come({ shared });
    const [second] = [come({ shared }), come({ shared }), come({ shared })];
    second.cancel();
    await turn();
    expect([second.outcome, admission.waiting]).toEqual(['gone', 2]);
    first.lease?.end({});
    await turn();
    expect(order).toEqual(['1', '3']);
  });

  it('does not hold back those behind it once it has left', async () => {
    const { come } = setUp();
    const shared = limiterOf({ tokensPerMinute: 600 });
    come({ shared }, { tokens: 500 });
    const large = come({ shared }, { tokens: 400 });
    const small = come({ shared }, { tokens: 50 });
    large.cancel();
    await turn();
    expect(small.outcome).toBe('let in');
  });

  it('does not hold them back once its time is over either', async () => {
    const { come } = setUp();
    const shared = limiterOf({ tokensPerMinute: 60 });
    come({ shared }, { tokens: 59 });
    const large = come({ shared }, { tokens: 60, waitMs: 10_000 });
    const small = come({ shared }, { tokens: 5 });
    await pass(9_000);
    expect([large.outcome, small.outcome]).toEqual(['waits', 'waits']);
    await pass(1_010);
    expect([large.outcome, small.outcome]).toEqual(['queue_timeout by shared', 'let in']);
  });

  it('keeps one timer for the refill, not one for each', async () => {
    const { come } = setUp();
    const shared = limiterOf({ requestsPerMinute: 60 });
    for (let n = 0; n < 60; n++) come({ shared });
    for (let n = 0; n < 20; n++) come({ shared });
    expect(vi.getTimerCount()).toBe(21);
    await pass(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('who is refused at once', () => {
  it('would not wait', () => {
    const { come } = setUp();
    const shared = limiterOf({ requestsPerMinute: 1 });
    come({ shared });
    expect(come({ shared }, { waitMs: 0 })).toMatchObject({
      outcome: 'limit_exceeded by shared',
      atOnce: true,
      retryAfterMs: 60_000,
    });
    // Tried out: it is true.
    vi.advanceTimersByTime(60_000);
    expect(come({ shared }, { waitMs: 0 }).outcome).toBe('let in');
  });

  it('would wait in vain', () => {
    const { come } = setUp();
    const shared = limiterOf({ requestsPerMinute: 1 });
    come({ shared });
    expect(come({ shared }, { waitMs: 59_000 })).toMatchObject({
      outcome: 'limit_exceeded by shared',
      retryAfterMs: 60_000,
    });
    expect(come({ shared }, { waitMs: 61_000 }).outcome).toBe('waits');
  });

  it.each<[string, number, string]>([
    ['comes too late for it, by the bucket', 4_999, 'limit_exceeded by shared'],
    ['comes in time', 5_000, 'waits'],
  ])('has a deadline, and room %s', (_, leftMs, outcome) => {
    const { come } = setUp();
    const shared = limiterOf({ requestsPerMinute: 12 });
    for (let n = 0; n < 12; n++) come({ shared });
    expect(come({ shared }, { leftMs }).outcome).toBe(outcome);
  });

  it('has a deadline, and those ahead of it take all that comes before', () => {
    const { come } = setUp();
    const shared = limiterOf({ requestsPerMinute: 12 });
    for (let n = 0; n < 12 + 3; n++) come({ shared });
    const late = come({ shared }, { leftMs: 19_999 });
    expect([late.outcome, late.atOnce, late.retryAfterMs]).toEqual([
      'limit_exceeded by shared',
      true,
      20_000,
    ]);
    expect(come({ shared }, { leftMs: 20_000 }).outcome).toBe('waits');
    // Those of lower priority, and of others, are not ahead.
    expect(come({ shared }, { leftMs: 19_999, priority: 'high' }).outcome).toBe('waits');
    expect(come({ shared }, { leftMs: 19_999, tenant: 'other' }).outcome).toBe('waits');
  });

  it('has a deadline, and permits are held too long: as long as those before', async () => {
    const { come } = setUp();
    const shared = limiterOf({ concurrency: 1 });
    const first = come({ shared });
    // As long as nothing is known, one waits.
    expect(come({ shared }, { leftMs: 10 }).outcome).toBe('waits');
    await vi.advanceTimersByTimeAsync(1_000);
    first.lease?.end({});
    await vi.advanceTimersByTimeAsync(0);
    for (let n = 0; n < 3; n++) come({ shared });
    expect(come({ shared }, { leftMs: 2_999 }).outcome).toBe('limit_exceeded by shared');
    expect(come({ shared }, { leftMs: 3_000 }).outcome).toBe('waits');
  });

  it('is held back by its own limit', () => {
    const { come } = setUp();
    const [own, shared] = [limiterOf({ requestsPerMinute: 2 }), limiterOf({ concurrency: 100 })];
    for (let n = 0; n < 2; n++) come({ own, shared });
    expect(come({ own, shared }, { waitMs: 0 })).toMatchObject({
      outcome: 'limit_exceeded by own',
      retryAfterMs: 30_000,
    });
  });

  it('P16: finds the queue full', async () => {
    const { come, admission } = setUp(100);
    const shared = limiterOf({ concurrency: 10 });
    const cases = Array.from({ length: 1_000 }, () => come({ shared }));
    expect(cases.filter(({ outcome }) => outcome === 'let in')).toHaveLength(10);
    expect(cases.filter(({ outcome }) => outcome === 'queue_full by shared')).toHaveLength(890);
    expect(cases.slice(110).every(({ atOnce, retryAfterMs = 0 }) => atOnce && retryAfterMs > 0)).toBe(true);
    expect([admission.waiting, vi.getTimerCount()]).toEqual([100, 100]);
  });

  it('loses its place to one with a better claim', async () => {
    const { come, admission } = setUp(1);
    const shared = limiterOf({ concurrency: 1 });
    come({ shared });
    const low = come({ shared }, { priority: 'low' });
    const high = come({ shared }, { priority: 'high' });
    await turn();
    expect([low.outcome, high.outcome]).toEqual(['queue_full by shared', 'waits']);
    expect([admission.waiting, vi.getTimerCount()]).toEqual([1, 1]);
  });
});

it('INV-26 INV-27 INV-28: work-conserving, in order, and nothing left, whatever happens', async () => {
  const command = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('come' as const),
        tenant: fc.constantFrom('a', 'b'),
        tokens: fc.integer({ min: 0, max: 60 }),
        waitMs: fc.constantFrom(0, 1_000, 20_000),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), at: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), at: fc.nat() }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ max: 9_000 }) }),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 60, size: 'max' }), async (commands) => {
      const { come, admission, order } = setUp(6);
      const shared = limiterOf({ concurrency: 3, tokensPerMinute: 600 });
      const own = { a: limiterOf({ concurrency: 2 }), b: undefined };
      const cases: (Case & { tenant: 'a' | 'b'; tokens: number })[] = [];
      const during = (outcome: string) => cases.filter((each) => each.outcome === outcome);
      for (const each of commands) {
        if (each.kind === 'come') {
          const { tenant, tokens, waitMs } = each;
          const made = come({ own: own[tenant], shared }, { tenant, tokens, waitMs });
          // Its outcome is still being written.
          cases.push(Object.assign(made, { tenant, tokens }));
        } else if (each.kind === 'pass') await pass(Math.max(0, each.ms));
        else if (each.kind === 'end') {
          const running = during('let in');
          const ending = running[each.at % Math.max(1, running.length)];
          ending?.lease?.end({ tokens: ending.tokens / 2 });
          if (ending) ending.outcome = 'over';
        } else {
          const waiting = during('waits');
          waiting[each.at % Math.max(1, waiting.length)]?.cancel();
        }
        await turn();
        expect(admission.waiting).toBe(during('waits').length);
        expect(shared.inUse).toBe(during('let in').length);
        expect(shared.inUse).toBeLessThanOrEqual(3);
        expect(own.a.inUse).toBeLessThanOrEqual(2);
        // The first of every tenant is held back by something, or it would be in.
        const firsts = ['a', 'b'].map((tenant) => during('waits').find((one) => one.tenant === tenant));
        const free = firsts.filter(
          (one) => one && shared.waitMs(one.tokens) === 0 && (own[one.tenant]?.waitMs(one.tokens) ?? 0) === 0,
        );
        // Where both could be served but for the shared tokens, the one whose turn it is may want more than there is.
        if (firsts.filter(Boolean).length === 1) expect(free).toEqual([]);
      }
      for (const tenant of ['a', 'b']) {
        const mine = order.filter((name) => cases[Number(name) - 1]?.tenant === tenant).map(Number);
        expect(mine).toEqual(mine.toSorted((left, right) => left - right));
      }
      for (const each of during('waits')) each.cancel();
      for (const each of during('let in')) each.lease?.end({});
      await turn();
      expect([admission.waiting, shared.inUse, own.a.inUse, vi.getTimerCount()]).toEqual([0, 0, 0, 0]);
    }),
    runs(0.5),
  );
});
