import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorOf, type ContinuationMethod } from '../../src/chat/continuation.ts';
import { Seam } from '../../src/chat/seam.ts';

/** The whole answer, when the continuation comes in these pieces; `undefined` when the seam is not proven. */
function joined(said: string, method: ContinuationMethod, pieces: readonly string[]): string | undefined {
  const seam = new Seam(said, method);
  const more = pieces.map((piece) => seam.push(piece)).join('') + seam.end();
  return seam.state === 'joined' ? said + more : undefined;
}

/** A text cut at any places. */
const cut = (text: string, places: readonly number[]): string[] => {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
};

const whole =
  'The quick brown fox jumps over the lazy dog, turns around, and does it once more for the camera. ';

describe('in words', () => {
  it('takes the anchor off, and goes on without a repeated or missing character: anywhere, in any pieces', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: whole.length - 1 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        (at, places) => {
          const said = whole.slice(0, at);
          const reply = `\n${anchorOf(said)}${whole.slice(said.trimEnd().length)}`;
          expect(joined(said, 'plain', cut(reply, places))).toBe(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['begins otherwise', 'Sure, here it is: quick brown fox'],
    ['begins anew', 'The quick'],
    ['quotes the end badly', 'quick brown fox'],
    ['is empty', ''],
    ['stops in the anchor', 'The quick brown'],
  ])('is not proven when the continuation %s', (_, reply) => {
    const said = 'Once upon a time: The quick brown dog';
    expect(joined(said, 'plain', cut(reply, [3, 7]))).toBeUndefined();
  });

  it('may have nothing to add', () => {
    expect(joined('All said.', 'plain', ['All said.'])).toBe('All said.');
  });
});

describe('after a prefill', () => {
  it('goes on: the white space that was not sent stands once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: whole.length - 1 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        (at, places) => {
          const said = whole.slice(0, at);
          expect(joined(said, 'prefill', cut(whole.slice(said.trimEnd().length), places))).toBe(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('also where the model leaves that white space out', () => {
    expect(joined('Hello ', 'prefill', ['world'])).toBe('Hello world');
  });

  it('is not proven when the model begins anew, or says the end again', () => {
    const said = whole.slice(0, 70);
    expect(joined(said, 'prefill', cut(whole, [5, 20]))).toBeUndefined();
    expect(joined(said, 'prefill', [said.slice(-40)])).toBeUndefined();
  });

  it('hands nothing on before it is known', () => {
    const seam = new Seam(whole.slice(0, 40), 'prefill');
    expect(seam.push(' over the')).toBe('');
    expect(seam.state).toBe('open');
  });
});

describe('a seam', () => {
  it('once broken stays so', () => {
    const seam = new Seam('abc', 'plain');
    expect([seam.push('x'), seam.push('abc'), seam.end()]).toEqual(['', '', '']);
    expect(seam.state).toBe('broken');
  });

  it('once joined lets everything through', () => {
    const seam = new Seam('abc', 'plain');
    expect([seam.push('abcd'), seam.push('abc'), seam.end()]).toEqual(['d', 'abc', '']);
  });
});
