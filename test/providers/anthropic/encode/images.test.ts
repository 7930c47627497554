import { describe, expect, it } from 'vitest';
import { encode, messagesOf, PNG, refusalOf, user, warningsOf } from './encoding.ts';

const image = (url: unknown, extra: object = {}): object => ({
  type: 'image_url',
  image_url: { url, ...extra },
});
const sent = (...parts: readonly object[]): unknown => messagesOf([user(parts)])[0]?.content;
const base64Image = (mediaType: string, data: string): object => ({
  type: 'image',
  source: { type: 'base64', media_type: mediaType, data },
});
const JPEG = Buffer.from('\xff\xd8\xff\xe0____', 'latin1').toString('base64');

describe('image_url', () => {
  it('PRT-3 sends the data of a data URL', () => {
    expect(sent(image(`data:image/png;base64,${PNG}`))).toEqual([base64Image('image/png', PNG)]);
  });

  it('PRT-3 refuses a data URL that holds nothing', () => {
    const path = 'messages[0].content[0].image_url.url';
    expect(refusalOf(() => sent(image('data:image/png;base64,')))).toBe(`invalid_value ${path}`);
    expect(refusalOf(() => sent(image('data:image/png;base64,###')))).toBe(`invalid_value ${path}`);
  });

  it('PRT-4 BUG-61 lets the bytes win over the label', () => {
    expect(sent(image(`data:image/jpeg;base64,${PNG}`))).toEqual([base64Image('image/png', PNG)]);
    expect(sent(image(`data:;base64,${JPEG}`))).toEqual([base64Image('image/jpeg', JPEG)]);
  });

  it('PRT-4 knows the old names of JPEG', () => {
    expect(sent(image('data:image/jpg;base64,AAAA'))).toEqual([base64Image('image/jpeg', 'AAAA')]);
  });

  it.each(['image/svg+xml', 'image/heic', 'image/bmp', 'image/tiff', 'video/mp4'])(
    'PRT-4 refuses %s',
    (type) => {
      expect(refusalOf(() => sent(image(`data:${type};base64,AAAA`)))).toBe(
        'unsupported_value messages[0].content[0].image_url.url',
      );
    },
  );

  it('PRT-4 refuses what neither label nor bytes explain', () => {
    expect(refusalOf(() => sent(image('data:;base64,AAAA')))).toContain('unsupported_value');
  });

  it('PRT-5 BUG-62 passes https URLs without looking behind them', () => {
    const url = 'https://example.com/cat.png';
    expect(sent(image(url))).toEqual([{ type: 'image', source: { type: 'url', url } }]);
  });

  it.each(['http://example.com/a.png', 'file:///etc/passwd', 'ftp://x/y', '//x/y', 'cat.png'])(
    'PRT-5 refuses %s',
    (url) => {
      expect(refusalOf(() => sent(image(url)))).toBe(
        'unsupported_value messages[0].content[0].image_url.url',
      );
    },
  );

  it.each([
    ['auto', []],
    ['high', []],
    [undefined, []],
    ['low', ['unsupported_parameter messages[0].content[0].image_url.detail']],
    ['original', ['unsupported_parameter messages[0].content[0].image_url.detail']],
  ])('PRT-6 detail %s', (detail, expected) => {
    const encoded = encode({ messages: [user([image('https://x/y.png', { detail })])] });
    expect(warningsOf(encoded)).toEqual(expected);
  });

  it('PRT-7 BUG-63 sends a PDF as a document', () => {
    const data = Buffer.from('%PDF-1.7 …').toString('base64');
    const document = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } };
    expect(sent(image(`data:application/pdf;base64,${data}`))).toEqual([document]);
    expect(sent(image(`data:image/png;base64,${data}`))).toEqual([document]);
  });

  it('PRT-8 refuses an image above 10 MB', () => {
    const big = `data:image/png;base64,${'A'.repeat(14 * 1024 * 1024)}`;
    expect(refusalOf(() => sent(image(big)))).toBe(
      'string_above_max_length messages[0].content[0].image_url.url',
    );
  });

  it('PRT-13 refuses a PDF above 32 MB', () => {
    const big = `data:application/pdf;base64,${'A'.repeat(44 * 1024 * 1024)}`;
    expect(refusalOf(() => sent(image(big)))).toContain('string_above_max_length');
  });

  it('takes a URL in place of the object, and refuses nothing at all', () => {
    expect(sent({ type: 'image_url', image_url: 'https://x/y.png' })).toHaveLength(1);
    expect(refusalOf(() => sent(image(undefined)))).toContain('missing_required_parameter');
  });
});
