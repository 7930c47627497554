import { describe, expect, it } from 'vitest';
import {
  assistant,
  call,
  calls,
  encode,
  messagesOf,
  outline,
  refusalOf,
  result,
  text,
  user,
  warningsOf,
} from './encoding.ts';

describe('a user message', () => {
  it('MSG-8 is a user turn', () => {
    expect(messagesOf([user('hi')])).toEqual([{ role: 'user', content: [text('hi')] }]);
    expect(outline(messagesOf([user([text('a'), text('b')])]))).toEqual([['user', 'a', 'b']]);
  });

  it.each([[''], ['\n'], [null], [undefined], [[]], [[text('')]], [[text(' '), text('')]]])(
    'MSG-20 MSG-21 BUG-34 with content %j is refused when alone',
    (content) => {
      expect(refusalOf(() => messagesOf([user(content)]))).toBe('invalid_value messages[0].content');
      expect(refusalOf(() => messagesOf([user('a'), assistant('b'), user(content)]))).toBe(
        'invalid_value messages[2].content',
      );
    },
  );

  it.each([[''], [' '], [[text('\n')]]])('MSG-20 with content %j is left out beside another', (content) => {
    expect(outline(messagesOf([user(content), user('a')]))).toEqual([['user', 'a']]);
    expect(outline(messagesOf([user('q'), calls(call('1')), result('1'), user(content)]))[2]).toEqual([
      'user',
      '<tool_result 1>',
    ]);
  });

  it('MSG-20 TL-R5 of nothing but a result that nobody asked for disappears', () => {
    const orphan = { type: 'tool_result', tool_use_id: 'gone', content: 'r' };
    const encoded = encode({ messages: [user('a'), assistant('b'), user([orphan])] }, { prefill: 'convert' });
    expect(outline(encoded.body.messages).slice(0, 2)).toEqual([
      ['user', 'a'],
      ['assistant', 'b'],
    ]);
    expect(warningsOf(encoded)).toEqual(['orphan_tool_result messages[2].content[0]']);
  });

  it('MSG-22 keeps its white space beside a text of its own', () => {
    expect(outline(messagesOf([user([text('hi'), text(' ')])]))).toEqual([['user', 'hi', ' ']]);
  });

  it('CA-4 passes the mark of an empty text to the block before', () => {
    const mark = { type: 'ephemeral' };
    const messages = messagesOf([user('a'), user([{ ...text(''), cache_control: mark }])]);
    expect(messages[0]?.content).toEqual([{ ...text('a'), cache_control: mark }]);
  });
});

describe('a participant’s name', () => {
  const named = { ...user('hi'), name: 'ann' };

  it('MSG-12 is dropped, with one warning a request', () => {
    const encoded = encode({ messages: [named, assistant('b'), named] });
    expect(outline(encoded.body.messages)[0]).toEqual(['user', 'hi']);
    expect(warningsOf(encoded)).toEqual(['name_dropped messages[0].name']);
  });

  it('MSG-12 goes in front of the text on request', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://x/y' } };
    const picture = { ...user([image]), name: 'ann' };
    expect(outline(messagesOf([named, picture, user('b')], { prefixNames: true }))).toEqual([
      ['user', 'ann: hi', 'ann:', '<image>', 'b'],
    ]);
  });

  it('MSG-12 of others is dropped without a word', () => {
    const messages = [user('a'), { ...assistant('b'), name: 'bot' }, user('c')];
    expect(encode({ messages }).warnings).toEqual([]);
  });
});
