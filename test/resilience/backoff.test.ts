import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubling, fullJitter, jittered } from '../../src/resilience/backoff.ts';

/** mulberry32: a small generator, so that a mean over many draws is the same on every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('fullJitter', () => {
  it.each([
    { retry: 1, random: 0, delayMs: 0 },
    { retry: 1, random: 0.5, delayMs: 250 },
    { retry: 1, random: 0.9999, delayMs: 499 },
    { retry: 2, random: 0.5, delayMs: 500 },
    { retry: 3, random: 0.5, delayMs: 1_000 },
    { retry: 5, random: 0.5, delayMs: 4_000 },
    { retry: 6, random: 0.5, delayMs: 4_000 },
    { retry: 2_000, random: 0.5, delayMs: 4_000 },
  ])('waits $delayMs ms before retry $retry when the draw is $random (base 500, cap 8000)', (row) => {
    expect(fullJitter(row.retry, 500, 8_000, () => row.random)).toBe(row.delayMs);
  });

  it('INV-21: stays in [0, min(cap, base · 2^(retry-1))) and is whole', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.integer({ min: 1, max: 600_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retry, base, cap, draw) => {
          const delayMs = fullJitter(retry, base, cap, () => draw);
          expect(Number.isInteger(delayMs)).toBe(true);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThan(Math.min(cap, base * 2 ** (retry - 1)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([1, 3, 9])(
    'INV-21: the mean of 10,000 draws is within 5 %% of half the bound (retry %i)',
    (retry) => {
      const random = seeded(retry);
      let sum = 0;
      for (let draw = 0; draw < 10_000; draw += 1) sum += fullJitter(retry, 500, 8_000, random);
      const half = Math.min(8_000, 500 * 2 ** (retry - 1)) / 2;
      expect(Math.abs(sum / 10_000 - half)).toBeLessThan(half * 0.05);
    },
  );

  it('draws from Math.random when nothing else is given', () => {
    const draws = new Set(Array.from({ length: 50 }, () => fullJitter(20, 500, 1_000_000)));
    expect(draws.size).toBeGreaterThan(10);
  });
});

describe('doubling', () => {
  it.each([
    [0, 5_000],
    [1, 10_000],
    [2, 15_000],
    [3, 15_000],
    [5_000, 15_000],
  ])('step %i of 5 s up to 15 s is %i ms', (step, expected) => {
    expect(doubling(step, 5_000, 15_000)).toBe(expected);
  });
});

describe('jittered', () => {
  it.each([
    [0, 800],
    [0.5, 1_000],
    [0.999_999, 1_200],
  ])('spreads 1000 ms by ±20 %%: a draw of %d gives about %i', (draw, expected) => {
    expect(jittered(1_000, 0.2, () => draw)).toBeCloseTo(expected, 1);
  });

  it('leaves a duration alone when the share is 0', () => {
    expect(jittered(300_000, 0, () => 0.9)).toBe(300_000);
  });
});
