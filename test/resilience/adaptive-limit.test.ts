import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from '../../src/resilience/adaptive-limit.ts';
import { runs } from '../runs.ts';

/** Refuses until the search for the right size is over. */
function settled(): AdaptiveLimit {
  const adaptive = new AdaptiveLimit();
  adaptive.refused(adaptive.generation);
  return adaptive;
}

const succeed = (adaptive: AdaptiveLimit, times: number): void => {
  for (let time = 0; time < times; time++) adaptive.succeeded(adaptive.limit);
};

/**
 * A host that takes so many at once and refuses what is more, at once; and so many who want it all the time. Each
 * answer takes one to two turns.
 */
function simulate(capacity: number, wanted: number, turns: number, warmUp: number) {
  const adaptive = new AdaptiveLimit();
  let running: { generation: number; left: number }[] = [];
  const seen = { answered: 0, refused: 0, limits: [] as number[] };
  for (let turn = 0; turn < turns; turn++) {
    const isWarm = turn >= warmUp;
    while (running.length < Math.min(adaptive.limit, wanted)) {
      const begun = { generation: adaptive.generation, left: 10 + (turn % 10) };
      if (running.length < capacity) running.push(begun);
      else {
        adaptive.refused(begun.generation);
        if (isWarm) seen.refused += 1;
      }
    }
    const ended = running.filter((each) => --each.left <= 0);
    for (const _ of ended) {
      adaptive.succeeded(running.length);
      if (isWarm) seen.answered += 1;
    }
    running = running.filter((each) => each.left > 0);
    if (isWarm) seen.limits.push(adaptive.limit);
  }
  return seen;
}

describe('AdaptiveLimit', () => {
  it('begins with sixteen', () => {
    expect(new AdaptiveLimit().limit).toBe(16);
  });

  it('doubles in the time of one answer until the first refusal', () => {
    const adaptive = new AdaptiveLimit();
    succeed(adaptive, 16);
    expect(adaptive.limit).toBe(32);
    succeed(adaptive, 32);
    expect(adaptive.limit).toBe(64);
  });

  it('grows by one in the time of one answer after it', () => {
    const adaptive = settled();
    for (const limit of [13, 14, 15, 16]) {
      expect(adaptive.limit).toBe(limit);
      succeed(adaptive, limit);
    }
  });

  it('does not grow while it holds nobody back', () => {
    const adaptive = new AdaptiveLimit();
    for (let time = 0; time < 1_000; time++) adaptive.succeeded(15);
    expect(adaptive.limit).toBe(16);
  });

  it('shrinks by a share at a refusal, once for all that were sent before it', () => {
    const adaptive = new AdaptiveLimit();
    const { generation } = adaptive;
    for (let time = 0; time < 16; time++) adaptive.refused(generation);
    expect(adaptive.limit).toBe(13);
    adaptive.refused(adaptive.generation);
    expect(adaptive.limit).toBe(11);
  });

  it('never shuts entirely', () => {
    const adaptive = new AdaptiveLimit();
    for (let time = 0; time < 100; time++) adaptive.refused(adaptive.generation);
    expect(adaptive.limit).toBe(1);
    succeed(adaptive, 1);
    expect(adaptive.limit).toBe(2);
  });

  it('stays between 1 and 1,000, a whole number, whatever happens', () => {
    const what = fc.array(fc.constantFrom('grow', 'grow', 'grow', 'refuse', 'late'), {
      maxLength: 300,
      size: 'max',
    });
    fc.assert(
      fc.property(what, (commands) => {
        const adaptive = new AdaptiveLimit();
        for (const command of commands) {
          const before = adaptive.limit;
          if (command === 'grow') succeed(adaptive, 10);
          else adaptive.refused(adaptive.generation - (command === 'late' ? 1 : 0));
          if (command === 'late') expect(adaptive.limit).toBe(before);
          if (command === 'refuse') expect(adaptive.limit).toBeLessThanOrEqual(before);
          expect(Number.isInteger(adaptive.limit)).toBe(true);
          expect(adaptive.limit).toBeGreaterThanOrEqual(1);
          expect(adaptive.limit).toBeLessThanOrEqual(1_000);
        }
      }),
      runs(),
    );
    const adaptive = new AdaptiveLimit();
    succeed(adaptive, 2_000);
    expect(adaptive.limit).toBe(1_000);
  });

  // The smaller the host, the larger a share of it is one too many.
  it.each([
    { capacity: 5, share: 0.2 },
    { capacity: 12, share: 0.05 },
    { capacity: 37, share: 0.02 },
    { capacity: 100, share: 0.01 },
  ])('finds a host that takes $capacity at once, with $share of refusals', ({ capacity, share }) => {
    const { answered, refused, limits } = simulate(capacity, 1_000, 6_000, 1_500);
    // Of what the host could do: an answer takes 14.5 turns on average.
    expect(answered).toBeGreaterThan(0.88 * ((4_500 * capacity) / 14.5));
    const mean = limits.reduce((sum, limit) => sum + limit, 0) / limits.length;
    expect(mean).toBeGreaterThan(capacity * 0.85);
    expect(mean).toBeLessThan(capacity * 1.15);
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(Math.floor((capacity + 1) * 0.85) - 1);
    expect(refused).toBeGreaterThan(0);
    expect(refused / (answered + refused)).toBeLessThan(share);
  });
});
