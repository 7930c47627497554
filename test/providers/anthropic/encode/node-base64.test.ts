import { describe, expect, it } from 'vitest';
import {
  base64FromPercent,
  base64FromUtf8,
  firstBytes,
  utf8FromBase64,
} from '../../../../src/providers/anthropic/encode/node-base64.ts';

describe('base64', () => {
  it.each(['', 'a', 'grüße 😀', 'x'.repeat(1000)])('goes there and back for %j', (value) => {
    expect(utf8FromBase64(base64FromUtf8(value))).toBe(value);
  });

  it('replaces bytes that are no UTF-8', () => {
    expect(utf8FromBase64('/w==')).toBe('\ufffd');
  });

  it('takes percent signs for bytes, UTF-8 or not', () => {
    expect(base64FromPercent('%89PNG')).toBe('iVBORw==');
    expect(utf8FromBase64(base64FromPercent('a%20b%C3%BC%zz'))).toBe('a bü%zz');
  });

  it('decodes only the beginning', () => {
    expect([...firstBytes('iVBORw0KGgo=', 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(firstBytes('AA==', 16)).toHaveLength(1);
  });
});
