import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/resilience/histogram.ts';

function of(...durations: number[]): Histogram {
  const histogram = new Histogram();
  for (const duration of durations) histogram.record(duration);
  return histogram;
}

describe('Histogram', () => {
  it('knows nothing while empty', () => {
    const histogram = new Histogram();
    expect(histogram.count).toBe(0);
    expect(histogram.quantile(0.5)).toBeUndefined();
  });

  it('counts', () => {
    expect(of(1, 2, 3, 4_000).count).toBe(4);
  });

  it.each([
    ['shorter than a millisecond', 0.02, 1],
    ['nothing', 0, 1],
    ['a clock that ran backwards', -3, 1],
    ['longer than an hour', 9_999_999, 3_600_000],
    ['endless', Number.POSITIVE_INFINITY, 3_600_000],
  ])('%s is told as the nearest limit', (_, durationMs, told) => {
    const median = of(durationMs).quantile(0.5);
    expect(median).toBeGreaterThanOrEqual(told * 0.95);
    expect(median).toBeLessThanOrEqual(told * 1.05);
  });

  it('ignores what is not a number', () => {
    expect(of(Number.NaN).count).toBe(0);
  });

  it('tells a few slow ones from many fast ones', () => {
    const histogram = of(...Array<number>(98).fill(100), 5_000, 6_000);
    expect(histogram.quantile(0.5)).toBeCloseTo(100, -1);
    expect(histogram.quantile(0.98)).toBeCloseTo(100, -1);
    expect(histogram.quantile(0.99)).toBeGreaterThan(4_750);
    expect(histogram.quantile(1)).toBeGreaterThan(5_700);
  });

  it('q of 0 is the smallest, q of 1 the largest', () => {
    const histogram = of(10, 100, 1_000);
    expect(histogram.quantile(0)).toBeCloseTo(10, -0.5);
    expect(histogram.quantile(1)).toBeGreaterThan(950);
  });

  it('is at most 5 % off at every quantile, against the sorted list', () => {
    const duration = fc.oneof(
      fc.double({ min: 1, max: 3_600_000, noNaN: true }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 0, max: 158 }).map((exponent) => 1.1 ** exponent),
    );
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1, maxLength: 300, size: 'max' }),
        fc.oneof(fc.constantFrom(0, 0.5, 0.95, 0.99, 1), fc.double({ min: 0, max: 1, noNaN: true })),
        (durations, q) => {
          const told = of(...durations).quantile(q) ?? Number.NaN;
          const sorted = [...durations].sort((left, right) => left - right);
          const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? Number.NaN;
          expect(Math.abs(told - exact) / exact).toBeLessThanOrEqual(0.05);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never falls as q rises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 100, size: 'max' }),
        (durations) => {
          const histogram = of(...durations);
          const told = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1].map(
            (q) => histogram.quantile(q) ?? Number.NaN,
          );
          expect(told).toEqual([...told].sort((left, right) => left - right));
        },
      ),
      { numRuns: 200 },
    );
  });
});
