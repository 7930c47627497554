import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, isForged, signatureOf } from '../../../src/testing/upstream/signature.ts';

describe('signatureOf and isForged', () => {
  it('accepts the block it signed', () => {
    expect(isForged('a thought', signatureOf('a thought'))).toBe(false);
    expect(isForged('', signatureOf(''))).toBe(false);
  });

  it.each([
    ['a changed thought', 'A thought', signatureOf('a thought')],
    ['a cut signature', 'a thought', signatureOf('a thought').slice(0, -1)],
    ['a signature of another thought', 'a thought', signatureOf('another')],
  ])('notices %s', (_, thinking, signature) => {
    expect(isForged(thinking, signature)).toBe(true);
  });

  it('does not judge signatures of others', () => {
    expect(isForged('anything', 'EqQBCkYIBxgCKkB')).toBe(false);
  });

  it('tells changed thoughts apart (property)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (thought, more) => {
        expect(isForged(thought + more, signatureOf(thought))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('fingerprint', () => {
  it('is 8 hex digits, always the same for the same text', () => {
    expect(fingerprint('')).toBe('811c9dc5');
    // Published test vector of FNV-1a, 32 bits.
    expect(fingerprint('a')).toBe('e40c292c');
    expect(fingerprint('foobar')).toBe('bf9cf968');
  });
});
