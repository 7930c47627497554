import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortId } from '../../../../src/providers/openai-compatible/encode/node-short-id.ts';

describe('a short id', () => {
  it.each([1, 9, 24, 32])('has letters and digits only, %d of them', (length) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shortId(text, length)).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`));
      }),
      { numRuns: 200 },
    );
  });

  it('is the same for the same text', () => {
    expect(shortId('call_1', 9)).toBe(shortId('call_1', 9));
  });

  it('TL-H6, BUG-45: differs for texts that differ in what ids may not hold', () => {
    const ids = ['a.b', 'a_b', 'a-b', 'a b', 'ab', 'a\ud800b', 'a\ud801b'].map((text) => shortId(text, 9));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
