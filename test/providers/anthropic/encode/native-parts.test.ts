import { describe, expect, it } from 'vitest';
import { isBlock, withoutCitations } from '../../../../src/providers/anthropic/encode/native-parts.ts';
import { assistant, deepFreeze, encode, messagesOf, refusalOf, text, user } from './encoding.ts';

const IMAGE = { type: 'image', source: { type: 'url', url: 'https://x/y.png' } };
const SEARCH = { type: 'search_result', source: 's', title: 't', content: [text('found')] };

describe('native blocks', () => {
  it('PRT-17 pass through a user message as they are', () => {
    const parts = [IMAGE, { type: 'document', source: { type: 'file', file_id: 'f' }, title: 't' }, SEARCH];
    expect(messagesOf([user(parts)])[0]?.content).toEqual(parts);
  });

  it.each(['made_up', 'thinking', 'tool_use', 'input_audio', 'refusal', 'tool_reference'])(
    'PRT-9 PRT-17 PRT-18 BUG-83 refuse %s in a user message',
    (type) => {
      expect(refusalOf(() => messagesOf([user([text('a'), { type }])]))).toBe(
        'unsupported_content_part messages[0].content[1]',
      );
    },
  );

  it.each(['image', 'document', 'image_url', 'file', 'input_audio'])(
    'T-2 PRT-15 refuse %s in an assistant message',
    (type) => {
      const messages = [user('a'), assistant([text('b'), { type }]), user('c')];
      expect(refusalOf(() => messagesOf(messages))).toBe('unsupported_content_part messages[1].content[1]');
    },
  );

  it('PRT-17 can be switched off', () => {
    expect(refusalOf(() => messagesOf([user([IMAGE])], { acceptNativeParts: false }))).toBe(
      'unsupported_content_part messages[0].content[0]',
    );
  });

  it('T-9 bring the beta they need', () => {
    const { betas } = encode({
      messages: [
        user('a'),
        assistant([text('b'), { type: 'fallback', from: {}, to: {} }, text('c')]),
        user('d'),
      ],
    });
    expect(betas).toEqual(['server-side-fallback-2026-07-01']);
  });
});

describe('citations', () => {
  it('T-2 PRT-2 stay out of a user’s texts', () => {
    const cited = { ...text('a'), citations: [{ type: 'char_location' }] };
    expect(messagesOf([user([cited])])[0]?.content).toEqual([text('a')]);
  });

  it('T-2 stay out of the texts inside a search result, and on the request for them', () => {
    const part = {
      ...SEARCH,
      citations: { enabled: true },
      content: [{ ...text('a'), citations: [{}] }, text('b')],
    };
    expect(messagesOf([user([part])])[0]?.content).toEqual([{ ...part, content: [text('a'), text('b')] }]);
  });

  it('T-2 stay on an assistant’s texts', () => {
    const cited = { ...text('b'), citations: [{ type: 'char_location', cited_text: 'x' }] };
    const messages = messagesOf([user('a'), assistant([cited, { ...text('c'), citations: [] }]), user('d')]);
    expect(messages[1]?.content).toEqual([cited, text('c')]);
  });
});

describe('withoutCitations', () => {
  it('returns a block without any itself', () => {
    const block = deepFreeze({ ...SEARCH });
    expect(withoutCitations(block)).toBe(block);
    expect(withoutCitations(IMAGE)).toBe(IMAGE);
  });

  it('reaches search results inside a tool result', () => {
    const inner = { ...SEARCH, content: [{ ...text('a'), citations: [{}] }] };
    expect(withoutCitations({ type: 'tool_result', content: [inner] })).toEqual({
      type: 'tool_result',
      content: [{ ...SEARCH, content: [text('a')] }],
    });
  });
});

describe('isBlock', () => {
  it.each([
    [{ type: 'x' }, true],
    [{ type: 1 }, false],
    [[], false],
    [null, false],
  ])('%j: %s', (value, expected) => {
    expect(isBlock(value)).toBe(expected);
  });
});
