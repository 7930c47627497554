import { describe, expect, it } from 'vitest';
import { contentEntries, textBlock } from '../../../../src/providers/anthropic/encode/content-parts.ts';
import { contextOf, deepFreeze, messagesOf, PNG, refusalOf, text, user } from './encoding.ts';

const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } };

describe('contentEntries', () => {
  it('PRT-1 makes one block of a string', () => {
    expect(messagesOf([user('line\nline ')])[0]?.content).toEqual([text('line\nline ')]);
  });

  it('PRT-19 keeps the order of texts and images', () => {
    const types = messagesOf([user([image, text('a'), image, text('b')])])[0]?.content.map(
      ({ type }) => type,
    );
    expect(types).toEqual(['image', 'text', 'image', 'text']);
  });

  it('MSG-22 MSG-23 drops empty texts and keeps white space beside others', () => {
    expect(messagesOf([user([text(''), text('hi'), text(' '), text('')])])[0]?.content).toEqual([
      text('hi'),
      text(' '),
    ]);
  });

  it('PRT-18 refuses a part of no known type', () => {
    expect(refusalOf(() => messagesOf([user([{ type: 'wat' }])]))).toBe(
      'unsupported_content_part messages[0].content[0]',
    );
  });

  it('hands parts over that the caller takes itself', () => {
    const taken: string[] = [];
    const entries = contentEntries(contextOf(), [text('a'), { type: 'odd' }], 'p', 'user', (part, from) => {
      if (part.type !== 'odd') return false;
      taken.push(from);
      return true;
    });
    expect(taken).toEqual(['p[1]']);
    expect(entries).toEqual([{ block: text('a'), from: 'p[0]' }]);
  });

  it('finds nothing in null, and nothing in an empty list', () => {
    expect(contentEntries(contextOf(), null, 'p', 'tool')).toEqual([]);
    expect(contentEntries(contextOf(), [], 'p', 'tool')).toEqual([]);
  });
});

describe('textBlock', () => {
  it('shares a bare part, and leaves fields behind that the API does not know', () => {
    const bare = deepFreeze(text('a'));
    expect(textBlock(contextOf(), bare, 'p')).toBe(bare);
    expect(textBlock(contextOf(), { ...bare, annotations: [], citations: [{}] }, 'p')).toEqual(text('a'));
  });

  it('PRT-2 carries a cache mark of either dialect', () => {
    const marked = { ...text('a'), cache_control: { type: 'ephemeral', ttl: '1h' } };
    expect(textBlock(contextOf(), marked, 'p')).toEqual(marked);
    const breakpoint = { ...text('a'), prompt_cache_breakpoint: { mode: 'explicit' } };
    expect(textBlock(contextOf(), breakpoint, 'p')).toEqual({
      ...text('a'),
      cache_control: { type: 'ephemeral' },
    });
  });

  it('refuses a text that is none', () => {
    expect(refusalOf(() => textBlock(contextOf(), { type: 'text', text: 5 }, 'p'))).toBe(
      'invalid_type p.text',
    );
  });
});
