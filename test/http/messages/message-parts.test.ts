import { describe, expect, it } from 'vitest';
import { type Block, cacheMark, isBlock, partOf } from '../../../src/http/messages/message-parts.ts';

const mark = { cache_control: { type: 'ephemeral' } };
const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' };
const asFile = (filename: string) => ({ filename, file_data: 'data:application/pdf;base64,JVBERi0=' });

describe('partOf', () => {
  it.each<[string, Block, unknown]>([
    ['text', { type: 'text', text: 'hi' }, { type: 'text', text: 'hi' }],
    [
      'T-2 text without its citations',
      { type: 'text', text: 'hi', citations: [] },
      { type: 'text', text: 'hi' },
    ],
    ['marked text', { type: 'text', text: 'hi', ...mark }, { type: 'text', text: 'hi', ...mark }],
    [
      'an image',
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' }, ...mark },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' }, ...mark },
    ],
    [
      'an image elsewhere',
      { type: 'image', source: { type: 'url', url: 'https://e.com/a.png' } },
      { type: 'image_url', image_url: { url: 'https://e.com/a.png' } },
    ],
    ['a PDF', { type: 'document', source: pdf, title: 'T' }, { type: 'file', file: asFile('T') }],
    [
      'a PDF without a title',
      { type: 'document', source: pdf, ...mark },
      { type: 'file', file: asFile('document.pdf'), title: null, ...mark },
    ],
    [
      'what a PDF is about',
      { type: 'document', source: pdf, title: 'T', context: 'c', citations: { enabled: true } },
      { type: 'file', file: asFile('T'), context: 'c', citations: { enabled: true } },
    ],
  ])('%s in OpenAI’s words', (_, block, expected) => {
    expect(partOf(block)).toEqual(expected);
  });

  it.each<[string, Block]>([
    ['a file of Anthropic’s', { type: 'image', source: { type: 'file', file_id: 'file_1' } }],
    [
      'an image with instructions',
      {
        type: 'image',
        source: { type: 'url', url: 'https://e.com' },
        transformations: { oversized_image: 'error' },
      },
    ],
    ['an image of no known source', { type: 'image', source: { type: 'cloud' } }],
    ['a text document', { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }],
    ['a document elsewhere', { type: 'document', source: { type: 'url', url: 'https://e.com/a.pdf' } }],
    ['a search result', { type: 'search_result', source: 's', title: 't', content: [] }],
    ['what is yet to come', { type: 'hologram', depth: 3 }],
  ])('PRT-17 %s as it is', (_, block) => {
    expect(partOf(block)).toBe(block);
  });
});

describe('cacheMark', () => {
  it('CA-1 takes over what is there', () => {
    expect(cacheMark(mark)).toEqual(mark);
    expect(cacheMark({ cache_control: null })).toEqual({});
    expect(cacheMark({})).toEqual({});
  });
});

describe('isBlock', () => {
  it.each([
    [{ type: 'text' }, true],
    [{ type: 7 }, false],
    ['text', false],
    [null, false],
  ])('%j: %s', (value, is) => {
    expect(isBlock(value)).toBe(is);
  });
});
