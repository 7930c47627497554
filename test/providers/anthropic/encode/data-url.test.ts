import { describe, expect, it } from 'vitest';
import {
  decodedLength,
  isDataUrl,
  normalizeBase64,
  parseDataUrl,
} from '../../../../src/providers/anthropic/encode/data-url.ts';

describe('parseDataUrl', () => {
  it.each([
    ['data:image/png;base64,AAAA', 'image/png', 'AAAA'],
    ['DATA:IMAGE/PNG;BASE64,AAAA', 'image/png', 'AAAA'],
    // BUG-64: parameters before the marker.
    ['data:image/png;charset=utf-8;name=a.png;base64,AAAA', 'image/png', 'AAAA'],
    ['data:;base64,AAAA', undefined, 'AAAA'],
    ['data:image/png;base64,AA AA\nAAA=', 'image/png', 'AAAAAAA='],
    ['data:image/png;base64,-_-_', 'image/png', '+/+/'],
    ['data:image/png;base64,AAA', 'image/png', 'AAA='],
    ['data:image/png;base64,AAA%3D', 'image/png', 'AAA='],
    ['data:text/plain,a%20b', 'text/plain', 'YSBi'],
    ['data:text/plain;x=base64y,hi', 'text/plain', 'aGk='],
  ])('PRT-3 BUG-64 reads %s', (url, mediaType, base64) => {
    const data = parseDataUrl(url);
    expect([data?.mediaType, data?.base64]).toEqual([mediaType, base64]);
  });

  it.each([
    'data:image/png;base64',
    'data:image/png;base64,',
    'data:image/png,',
    'data:a/b;base64,A',
    'data:a/b;base64,A!',
    'https://x/,y',
  ])('PRT-3 cannot read %s', (url) => {
    expect(parseDataUrl(url)).toBeUndefined();
  });
});

describe('normalizeBase64', () => {
  it('returns clean base64 itself, however long', () => {
    const long = 'QUJD'.repeat(1_000_000);
    expect(normalizeBase64(long)).toBe(long);
    expect(normalizeBase64(`${long}QQ==`)).toBe(`${long}QQ==`);
  });

  it.each(['', '====', 'AA=A', 'A', 'Ä', 'AAAA='])('refuses or repairs %j', (payload) => {
    const fixed = normalizeBase64(payload);
    expect(fixed === undefined || fixed === 'AAAA').toBe(true);
  });
});

describe('decodedLength', () => {
  it.each(['QQ==', 'QUI=', 'QUJD', 'QUJDRA=='])('counts the bytes of %s', (base64) => {
    expect(decodedLength(base64)).toBe(Buffer.from(base64, 'base64').length);
  });
});

describe('isDataUrl', () => {
  it('looks at the scheme alone', () => {
    expect([isDataUrl('DATA:x'), isDataUrl('xdata:')]).toEqual([true, false]);
  });
});
