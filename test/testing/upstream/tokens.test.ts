import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../../../src/testing/upstream/tokens.ts';

describe('countTokens', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['abcd', 1],
    ['abcde', 2],
    ['x'.repeat(400), 100],
  ])('counts %j', (text, expected) => {
    expect(countTokens(text)).toBe(expected);
  });

  it('never counts less for more text (property)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, more) => {
        expect(countTokens(text + more)).toBeGreaterThanOrEqual(countTokens(text));
      }),
      { numRuns: 200 },
    );
  });
});
