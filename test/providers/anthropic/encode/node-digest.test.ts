import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../../src/providers/anthropic/encode/node-digest.ts';

describe('sha256Hex', () => {
  it('REQ-26 is the SHA-256 of the UTF-8 bytes', () => {
    // `printf %s abc | sha256sum`, and the same for "é".
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256Hex('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
  });

  it('TL-H6 keeps broken texts apart', () => {
    expect(sha256Hex('\ud800')).not.toBe(sha256Hex('\ud801'));
    expect(sha256Hex('\ud800')).not.toBe(sha256Hex('\ufffd'));
  });
});
