import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64, toNumbers } from '../../src/http/node-vector.ts';
import { runs } from '../runs.ts';

describe('vectors', () => {
  it('are little-endian 32-bit floats in base64, as OpenAI sends them', () => {
    expect(toBase64([1, -2.5])).toBe('AACAPwAAIMA=');
    expect(toNumbers('AACAPwAAIMA=')).toEqual([1, -2.5]);
  });

  it('that have the form that is wanted stay as they are', () => {
    expect(toBase64('AACAPw==')).toBe('AACAPw==');
    expect(toNumbers([0.1])).toEqual([0.1]);
  });

  it('may be empty, and a torn last number is left out', () => {
    expect([toBase64([]), toNumbers('')]).toEqual(['', []]);
    expect(toNumbers(Buffer.from([0, 0, 128, 63, 1]).toString('base64'))).toEqual([1]);
  });

  it('come back from base64 to the last bit', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true })), (vector) => {
        expect(toNumbers(toBase64(vector))).toEqual(vector);
      }),
      runs(),
    );
  });
});
