import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeakEwma } from '../../src/resilience/peak-ewma.ts';

const averageOf = (...samples: readonly (readonly [sample: number, nowMs: number])[]): number | undefined => {
  const average = new PeakEwma(1_000);
  for (const [sample, nowMs] of samples) average.record(sample, nowMs);
  return average.value;
};

describe('PeakEwma', () => {
  it('knows nothing before the first sample, and that one as it is', () => {
    expect(averageOf()).toBeUndefined();
    expect(averageOf([7, 5_000])).toBe(7);
  });

  it('takes a rise at once', () => {
    expect(averageOf([10, 0], [500, 1])).toBe(500);
  });

  it('takes a fall slowly: 63 % of it in the time of decay', () => {
    expect(averageOf([100, 0], [0, 1_000])).toBeCloseTo(100 / Math.E, 9);
    expect(averageOf([100, 0], [0, 0])).toBe(100);
    expect(averageOf([100, 0], [20, 60_000])).toBeCloseTo(20, 9);
  });

  it('stays between the least and the greatest sample', () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.nat(5_000)), { minLength: 1 });
    fc.assert(
      fc.property(samples, (drawn) => {
        let now = 0;
        const timed = drawn.map(([sample, pause]) => {
          now += pause;
          return [sample, now] as const;
        });
        const values = drawn.map(([sample]) => sample);
        expect(averageOf(...timed)).toBeGreaterThanOrEqual(Math.min(...values));
        expect(averageOf(...timed)).toBeLessThanOrEqual(Math.max(...values));
      }),
      { numRuns: 200 },
    );
  });
});
