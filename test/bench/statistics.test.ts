import { describe, expect, it } from 'vitest';
import { median, pairedRatio, spread } from '../../bench/statistics.ts';

describe('median', () => {
  it('is the middle, or the mean of the middle two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

describe('spread', () => {
  it('is half the distance of the quartiles, relative', () => {
    expect(spread([10, 10, 10])).toBe(0);
    expect(spread([8, 9, 10, 11, 12])).toBeCloseTo(0.1);
  });
});

describe('pairedRatio', () => {
  it('does not move when the machine slows down for a while', () => {
    expect(pairedRatio([5, 10, 50], [10, 20, 100])).toBe(0.5);
  });
});
