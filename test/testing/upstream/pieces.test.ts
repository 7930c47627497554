import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argumentPieces, piecesOf, wordsOf } from '../../../src/testing/upstream/pieces.ts';

describe('wordsOf', () => {
  it.each([
    ['', []],
    ['one', ['one']],
    ['one two', ['one', ' two']],
    ['  led by space', ['  led', ' by', ' space']],
    ['ends in space \n', ['ends', ' in', ' space \n']],
    [' ', [' ']],
    ['a\n\nb', ['a', '\n\nb']],
  ])('cuts %j', (text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });

  it('joins to the text again (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(wordsOf(text).join('')).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

describe('piecesOf', () => {
  it('cuts into so many nearly equal pieces', () => {
    expect(piecesOf('abcdefg', 3)).toEqual(['ab', 'cd', 'efg']);
    expect(piecesOf('abcdef', 2)).toEqual(['abc', 'def']);
    expect(piecesOf('abc', 1)).toEqual(['abc']);
  });

  it('gives one piece per character when more are wanted, and none for nothing', () => {
    expect(piecesOf('ab', 9)).toEqual(['a', 'b']);
    expect(piecesOf('', 3)).toEqual([]);
  });

  it('never cuts a surrogate pair', () => {
    expect(piecesOf('😀😀', 2)).toEqual(['😀', '😀']);
    expect(piecesOf('😀', 2)).toEqual(['😀']);
  });

  it('takes a count of 0 or below as 1', () => {
    expect(piecesOf('ab', 0)).toEqual(['ab']);
    expect(piecesOf('ab', -3)).toEqual(['ab']);
  });

  it('joins to the text again, with no empty piece (property)', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (text, count) => {
        const pieces = piecesOf(text, count);
        expect(pieces.join('')).toBe(text);
        expect(pieces).not.toContain('');
        expect(pieces.length).toBe(Math.min(count, [...text].length));
      }),
      { numRuns: 200 },
    );
  });
});

describe('argumentPieces', () => {
  it('begins with the empty fragment that the API sends (STR-12)', () => {
    expect(argumentPieces({ city: 'Paris' })[0]).toBe('');
  });

  it('joins to the JSON of the input', () => {
    const input = { city: 'Paris', days: [1, 2, 3], note: 'a long enough note to be cut up' };
    const pieces = argumentPieces(input);
    expect(JSON.parse(pieces.join(''))).toEqual(input);
    expect(pieces.length).toBeGreaterThan(3);
  });

  it('is only the empty fragment for a call without arguments (STR-12a)', () => {
    expect(argumentPieces({})).toEqual(['']);
  });
});
