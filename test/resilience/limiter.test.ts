import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hold, type LimitEnding, Limiter, type LimitTerms } from '../../src/resilience/limiter.ts';
import { runs } from '../runs.ts';

function limiterOf(terms: LimitTerms) {
  const clock = { now: 0 };
  return { clock, limiter: new Limiter(terms, () => clock.now) };
}

const NEVER = Number.POSITIVE_INFINITY;

describe('a limit', () => {
  it('of nothing limits nothing', () => {
    const { limiter } = limiterOf({});
    for (let time = 0; time < 1_000; time++) limiter.take(1e9);
    expect([limiter.waitMs(1e9), limiter.soonestMs(1e9)]).toEqual([0, 0]);
    expect([limiter.inUse, limiter.concurrency, limiter.countsTokens]).toEqual([1_000, NEVER, false]);
  });

  it.each<[string, LimitTerms, number, number]>([
    ['requests a minute', { requestsPerMinute: 6 }, 6, 10_000],
    ['tokens a minute', { tokensPerMinute: 600 }, 6, 10_000],
    ['permits', { concurrency: 6 }, 6, NEVER],
    ['whatever is reached first', { requestsPerMinute: 60, tokensPerMinute: 300, concurrency: 9 }, 3, 20_000],
  ])('of %s lets so many through and no more', (_, terms, most, waitMs) => {
    const { limiter } = limiterOf(terms);
    let through = 0;
    while (limiter.waitMs(100) === 0 && through < 100) {
      limiter.take(100);
      through += 1;
    }
    expect([through, limiter.waitMs(100)]).toEqual([most, waitMs]);
  });

  it('that others have used up is shut, and then begins as if it had given out everything until then', () => {
    const { limiter, clock } = limiterOf({ requestsPerMinute: 60, tokensPerMinute: 6_000 });
    limiter.holdFor(5_000, 'requests');
    limiter.holdFor(1_000, 'tokens');
    expect([limiter.waitMs(1), limiter.soonestMs(1), limiter.turnMs(0)]).toEqual([5_000, 5_000, 5_000]);
    expect(limiter.retryAfterMs(1, 0)).toBe(5_000);
    expect(limiter.isAtRest).toBe(false);
    clock.now = 5_000;
    let through = 0;
    while (limiter.waitMs(100) === 0) {
      limiter.take(100);
      through += 1;
    }
    expect(through).toBe(5);
  });

  it.each([
    ['requests', 6_000, 1],
    ['tokens', 0, 60],
  ] as const)('that others have used up in %s keeps what it has of the other', (usedUp, tokens, most) => {
    const { limiter, clock } = limiterOf({ requestsPerMinute: 60, tokensPerMinute: 6_000 });
    limiter.holdFor(1_000, usedUp);
    clock.now = 1_000;
    let through = 0;
    for (; limiter.waitMs(tokens) === 0 && through < 100; through++) limiter.take(tokens);
    expect([through, limiter.waitMs(101) > 0]).toEqual([most, true]);
  });

  it('that others may give back at any moment is shut for a moment, and loses nothing', () => {
    const { limiter, clock } = limiterOf({ requestsPerMinute: 60 });
    limiter.holdFor(100);
    expect(limiter.waitMs(0)).toBe(100);
    clock.now = 100;
    expect(limiter.waitMs(0)).toBe(0);
    expect(limiter.isAtRest).toBe(true);
  });

  it('that is adaptive begins somewhere and follows the host', () => {
    const { limiter } = limiterOf({ concurrency: 'adaptive' });
    expect(limiter.concurrency).toBe(16);
    const holds = Array.from({ length: 16 }, () => limiter.take(0));
    expect(limiter.waitMs(0)).toBe(NEVER);
    for (const hold of holds) limiter.end(hold, { verdict: 'ok' });
    // All were in use when the first of them ended well, and from then on one less.
    expect(limiter.concurrency).toBe(17);
    const [one, two] = [limiter.take(0), limiter.take(0)];
    limiter.end(one, { verdict: 'refused' });
    expect(limiter.concurrency).toBe(14);
    limiter.end(two, { verdict: 'refused' });
    expect(limiter.concurrency).toBe(14);
  });

  it('that is adaptive learns nothing of other failures', () => {
    const { limiter } = limiterOf({ concurrency: 'adaptive' });
    for (let time = 0; time < 50; time++) limiter.end(limiter.take(0), {});
    expect(limiter.concurrency).toBe(16);
  });
});

describe('the end', () => {
  const terms: LimitTerms = { requestsPerMinute: 60, tokensPerMinute: 6_000, concurrency: 10 };

  it.each<[string, LimitEnding, { tokens: number; requests: number }]>([
    ['gives back what was not used', { tokens: 100 }, { tokens: 5_900, requests: 59 }],
    ['takes what was used beyond it', { tokens: 5_000 }, { tokens: 1_000, requests: 59 }],
    ['may leave a debt', { tokens: 7_000 }, { tokens: -1_000, requests: 59 }],
    ['leaves what was reserved when nobody knows', {}, { tokens: 5_000, requests: 59 }],
    ['gives everything back when nothing was sent', { unused: true }, { tokens: 6_000, requests: 60 }],
    [
      'gives everything back also if a number is told',
      { unused: true, tokens: 9 },
      { tokens: 6_000, requests: 60 },
    ],
  ])('%s', (_, ending, { tokens, requests }) => {
    const { limiter } = limiterOf(terms);
    limiter.end(limiter.take(1_000), ending);
    expect(limiter.inUse).toBe(0);
    // One token takes 10 ms, a request a second: how long until there were one more than there are?
    expect(limiter.retryAfterMs(tokens + 1, 0)).toBe(10);
    const { limiter: other } = limiterOf({ requestsPerMinute: 60 });
    other.end(other.take(1_000), ending);
    expect(other.retryAfterMs(0, requests)).toBe(1_000);
  });

  it('is at rest only when all is as if nothing had been', () => {
    const { limiter, clock } = limiterOf(terms);
    expect(limiter.isAtRest).toBe(true);
    const hold = limiter.take(1_000);
    clock.now = 60_000;
    expect(limiter.isAtRest).toBe(false);
    limiter.end(hold, {});
    expect(limiter.isAtRest).toBe(true);
    limiter.end(limiter.take(10), {});
    expect(limiter.isAtRest).toBe(false);
    // What it has learnt is not to be forgotten.
    expect(limiterOf({ concurrency: 'adaptive' }).limiter.isAtRest).toBe(false);
  });
});

describe('turnMs', () => {
  it('is when a bucket has had enough for all who are ahead', () => {
    const { limiter } = limiterOf({ requestsPerMinute: 6 });
    for (let n = 0; n < 6; n++) limiter.take(0);
    expect([0, 1, 2, 12].map((ahead) => limiter.turnMs(ahead))).toEqual([10_000, 20_000, 30_000, 130_000]);
  });

  it('is when permits come back to all who are ahead, as soon as it is known how long they are held', () => {
    const { limiter, clock } = limiterOf({ concurrency: 2 });
    const [hold] = [limiter.take(0), limiter.take(0)];
    expect(limiter.turnMs(8)).toBe(0);
    clock.now = 500;
    limiter.end(hold, {});
    expect(limiter.turnMs(8)).toBe(0);
    limiter.take(0);
    expect([0, 1, 8].map((ahead) => limiter.turnMs(ahead))).toEqual([0, 250, 2_000]);
  });

  it('is now where nothing is limited', () => {
    expect(limiterOf({}).limiter.turnMs(1_000)).toBe(0);
  });
});

describe('soonestMs', () => {
  it('is 0 while a permit may come back', () => {
    const { limiter } = limiterOf({ concurrency: 1 });
    limiter.take(0);
    expect(limiter.soonestMs(0)).toBe(0);
  });

  it('takes all reserved tokens to come back', () => {
    const { limiter, clock } = limiterOf({ tokensPerMinute: 6_000 });
    const hold = limiter.take(18_000);
    expect(limiter.waitMs(1_000)).toBe(130_000);
    expect(limiter.soonestMs(1_000)).toBe(0);
    limiter.end(hold, { tokens: 18_000 });
    expect(limiter.soonestMs(1_000)).toBe(130_000);
    clock.now = 130_000;
    expect(limiter.soonestMs(1_000)).toBe(0);
  });

  it('is never later than what waiting turns out to be', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ tokens: fc.integer({ min: 0, max: 500 }), used: fc.integer({ min: 0, max: 500 }) }),
        ),
        fc.integer({ min: 1, max: 500 }),
        (requests, tokens) => {
          const { limiter } = limiterOf({ requestsPerMinute: 60, tokensPerMinute: 1_000 });
          const holds = requests.map((each) => [limiter.take(each.tokens), each.used] as const);
          const soonestMs = limiter.soonestMs(tokens);
          expect(soonestMs).toBeLessThanOrEqual(limiter.waitMs(tokens));
          for (const [hold, used] of holds) limiter.end(hold, { tokens: used });
          expect(soonestMs).toBeLessThanOrEqual(limiter.waitMs(tokens) + 1e-6);
        },
      ),
      runs(),
    );
  });
});

describe('retryAfterMs', () => {
  it('is when the buckets have it, for those ahead too', () => {
    const { limiter } = limiterOf({ requestsPerMinute: 60 });
    for (let time = 0; time < 60; time++) limiter.take(0);
    expect([limiter.retryAfterMs(0, 0), limiter.retryAfterMs(0, 9)]).toEqual([1_000, 10_000]);
  });

  it('is a whole number of at least 1', () => {
    const { limiter } = limiterOf({ requestsPerMinute: 7, concurrency: 3 });
    expect(limiter.retryAfterMs(0, 0)).toBe(1);
    for (let time = 0; time < 7; time++) limiter.take(0);
    expect(limiter.retryAfterMs(0, 0)).toBe(8_572);
  });

  it('is what a permit has lately been held for, shared by all permits', () => {
    const { limiter, clock } = limiterOf({ concurrency: 4 });
    let holds: Hold[] = Array.from({ length: 4 }, () => limiter.take(0));
    // A guess, before any came back.
    expect(limiter.retryAfterMs(0, 0)).toBe(250);
    clock.now = 8_000;
    for (const hold of holds) limiter.end(hold, {});
    holds = Array.from({ length: 4 }, () => limiter.take(0));
    expect([limiter.retryAfterMs(0, 0), limiter.retryAfterMs(0, 3)]).toEqual([2_000, 8_000]);
    expect(holds).toHaveLength(4);
  });

  it('learns nothing from what was never sent', () => {
    const { limiter, clock } = limiterOf({ concurrency: 1 });
    const hold = limiter.take(0);
    clock.now = 500_000;
    limiter.end(hold, { unused: true });
    limiter.take(0);
    expect(limiter.retryAfterMs(0, 0)).toBe(1_000);
  });
});

it('INV-29: what was reserved is settled or given back, whatever happens', () => {
  const event = fc.record({
    tokens: fc.integer({ min: 0, max: 300 }),
    endsAfter: fc.integer({ min: 0, max: 5 }),
    ending: fc.constantFrom('used', 'unknown', 'unused'),
    used: fc.integer({ min: 0, max: 600 }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { limiter } = limiterOf({ tokensPerMinute: 1_000, concurrency: 5 });
      let taken = 0;
      const running: { left: number; end: () => void }[] = [];
      for (const { tokens, endsAfter, ending, used } of events) {
        const hold = limiter.take(tokens);
        running.push({
          left: endsAfter,
          end: () => {
            const how = { used: { tokens: used }, unknown: {}, unused: { unused: true } }[ending];
            limiter.end(hold, how);
            taken += { used, unknown: tokens, unused: 0 }[ending];
          },
        });
        for (const each of running.splice(0)) {
          if (each.left-- > 0) running.push(each);
          else each.end();
        }
        expect(limiter.inUse).toBe(running.length);
      }
      for (const each of running) each.end();
      expect(limiter.inUse).toBe(0);
      // The clock stood still, so what is missing is what was taken. A token takes 60 ms to come.
      expect(limiter.waitMs(1)).toBeCloseTo(Math.max(0, (taken - 999) * 60), 3);
    }),
    runs(),
  );
});
