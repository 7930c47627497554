import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw } from '../../../scripts/contract/draw.ts';

const items = Array.from({ length: 40 }, (_, index) => index);

describe('draw', () => {
  it('draws the same for the same seed, and something else for another', () => {
    expect(draw(items, 10, 7)).toEqual(draw(items, 10, 7));
    expect(draw(items, 10, 7)).not.toEqual(draw(items, 10, 8));
  });

  it('gives every member its turn', () => {
    const firsts = new Set(Array.from({ length: 1000 }, (_, seed) => draw(items, 1, seed)[0]));
    expect(firsts.size).toBe(items.length);
  });

  it('draws members once each, as many as there are at most', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat()), fc.nat(50), fc.integer(), (list, count, seed) => {
        const drawn = draw(list, count, seed);
        expect(drawn).toHaveLength(Math.min(count, list.length));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(list).toEqual(expect.arrayContaining(drawn));
      }),
      { numRuns: 200 },
    );
  });
});
