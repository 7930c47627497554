import { describe, expect, it } from 'vitest';
import {
  canonicalType,
  isTextType,
  sniff,
  typeOfName,
} from '../../../../src/providers/anthropic/encode/media-type.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe('sniff', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF89a', 'image/gif'],
    ['RIFF\x01\x02\x03\x04WEBPVP8 ', 'image/webp'],
    ['%PDF-1.7', 'application/pdf'],
    ['\0\0\0\x18ftypheic', 'image/heic'],
    ['\0\0\0\x18ftypavif', 'image/avif'],
    ['II*\0', 'image/tiff'],
    ['BM....', 'image/bmp'],
    ['RIFF\x01\x02\x03\x04WAVE', undefined],
    ['<svg', undefined],
    ['', undefined],
  ])('PRT-4 takes %j for %s', (head, expected) => {
    expect(sniff(bytes(head))).toBe(expected);
  });
});

describe('typeOfName', () => {
  it.each([
    ['a.PDF', 'application/pdf'],
    ['https://x.y/z/photo.jpeg?w=1#top', 'image/jpeg'],
    ['notes.md', 'text/markdown'],
    ['data.csv', 'text/csv'],
    ['archive.zip', undefined],
    ['https://example.com', undefined],
    ['x.constructor', undefined],
    ['pdf', undefined],
  ])('%s is %s', (name, expected) => {
    expect(typeOfName(name)).toBe(expected);
  });
});

describe('media types', () => {
  it('PRT-4 has one name for JPEG', () => {
    expect(['image/jpg', 'image/pjpeg', 'image/png'].map(canonicalType)).toEqual([
      'image/jpeg',
      'image/jpeg',
      'image/png',
    ]);
  });

  it.each([
    ['text/x-anything', true],
    ['application/json', true],
    ['application/xml', true],
    ['application/zip', false],
    ['image/svg+xml', false],
  ])('PRT-10 reads %s as text: %s', (type, expected) => {
    expect(isTextType(type)).toBe(expected);
  });
});
