import { describe, expect, it } from 'vitest';
import { messagesOf, PNG, refusalOf, user } from './encoding.ts';

const file = (fields: object, extra: object = {}): object => ({ type: 'file', file: fields, ...extra });
const sent = (part: object): unknown => messagesOf([user([part])])[0]?.content[0];
const base64 = (value: string): string => Buffer.from(value).toString('base64');
const PDF = base64('%PDF-1.7 x');
const pdf = (extra: object = {}): object => ({
  type: 'document',
  source: { type: 'base64', media_type: 'application/pdf', data: PDF },
  ...extra,
});
const plain = (data: string, extra: object = {}): object => ({
  type: 'document',
  source: { type: 'text', media_type: 'text/plain', data },
  ...extra,
});
const DATA = 'messages[0].content[0].file.file_data';

describe('file.file_data', () => {
  it('PRT-10 takes a PDF by label, by name and by its bytes', () => {
    expect(sent(file({ file_data: `data:application/pdf;base64,${PDF}` }))).toEqual(pdf());
    expect(sent(file({ file_data: PDF, filename: 'a.pdf' }))).toEqual(pdf({ title: 'a.pdf' }));
    expect(sent(file({ file_data: PDF }))).toEqual(pdf());
    expect(sent(file({ file_data: `data:application/octet-stream;base64,${PDF}` }))).toEqual(pdf());
    expect(sent(file({ file_data: `data:text/plain;base64,${PDF}` }))).toEqual(pdf());
  });

  it.each(['text/plain', 'text/html', 'application/json', 'application/xml', 'text/csv'])(
    'PRT-10 decodes %s',
    (type) => {
      expect(sent(file({ file_data: `data:${type};base64,${base64('grüße')}` }))).toEqual(plain('grüße'));
    },
  );

  it('PRT-10 knows texts by their name, whatever they begin with', () => {
    expect(sent(file({ file_data: base64('BMW,3'), filename: 'cars.csv' }))).toEqual(
      plain('BMW,3', { title: 'cars.csv' }),
    );
    expect(
      sent(file({ file_data: `data:application/octet-stream;base64,${base64('x')}`, filename: 'n.md' })),
    ).toEqual(plain('x', { title: 'n.md' }));
    expect(sent(file({ file_data: 'data:text/plain,a%20b' }))).toEqual(plain('a b'));
  });

  it('PRT-10 sends a picture as an image, without a title', () => {
    expect(sent(file({ file_data: PNG, filename: 'a.png' }))).toEqual({
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: PNG },
    });
  });

  it.each([
    [{ file_data: base64('PK\x03\x04'), filename: 'a.zip' }, 'unsupported_value'],
    [{ file_data: `data:application/zip;base64,AAAA` }, 'unsupported_value'],
    [{ file_data: 'not base64!' }, 'invalid_value'],
    [{ file_data: 'http://x/y.pdf' }, 'unsupported_value'],
  ])('PRT-10 refuses %j', (fields, reason) => {
    expect(refusalOf(() => sent(file(fields)))).toBe(`${reason} ${DATA}`);
  });

  it.each([
    ['https://x/y.pdf', 'document'],
    ['https://x/y.png?z', 'image'],
    ['https://x/y', 'document'],
  ])('PRT-11 sends %s as a %s by URL', (url, type) => {
    expect(sent(file({ file_data: url }))).toEqual({ type, source: { type: 'url', url } });
  });

  it('PRT-10 sends no title where the part says that there is none', () => {
    expect(sent(file({ file_data: PDF, filename: 'a.pdf' }, { title: null }))).toEqual(pdf({}));
  });

  it('1.10 carries title, context and citations, from the part first', () => {
    const part = file(
      { file_data: PDF, filename: 'a.pdf', title: 'in file', context: 'c', citations: { enabled: true } },
      { title: 'on part' },
    );
    expect(sent(part)).toEqual(pdf({ title: 'on part', context: 'c', citations: { enabled: true } }));
  });
});

describe('file.file_id', () => {
  it('PRT-12 takes Anthropic’s ids', () => {
    const source = { type: 'file', file_id: 'file_1' };
    expect(sent(file({ file_id: 'file_1' }))).toEqual({ type: 'document', source });
    expect(sent(file({ file_id: 'file_1', filename: 'a.webp' }))).toEqual({ type: 'image', source });
  });

  it('PRT-12 refuses OpenAI’s', () => {
    expect(refusalOf(() => sent(file({ file_id: 'file-abc' })))).toBe(
      'invalid_value messages[0].content[0].file.file_id',
    );
  });

  it('refuses a file that is none', () => {
    expect(refusalOf(() => sent(file({})))).toBe('missing_required_parameter messages[0].content[0].file');
    expect(refusalOf(() => sent({ type: 'file' }))).toContain('missing_required_parameter');
  });
});
