import { describe, expect, it } from 'vitest';
import { finishTurns, settleMarks } from '../../../../src/providers/anthropic/encode/finish-turns.ts';
import type { Entry, Turn } from '../../../../src/providers/anthropic/encode/turns.ts';
import {
  assistant,
  call,
  contextOf,
  encode,
  messagesOf,
  outline,
  refusalOf,
  result,
  text,
  thought,
  user,
  warningsOf,
} from './encoding.ts';

const MARK = { type: 'ephemeral' };
const entry = (block: Entry['block']): Entry => ({ block, from: 'x' });

describe('TL-R13: results after server and client tools', () => {
  const content = [
    { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
    { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
    { type: 'tool_use', id: '1', name: 'look', input: {} },
  ];
  const mixed = assistant(null, {
    tool_calls: [call('1')],
    provider_specific_fields: { anthropic: { content } },
  });

  it('stand alone; what the user adds goes into the last one', () => {
    const encoded = encode({
      messages: [user('q'), mixed, result('1', 'found'), user([{ ...text('and?'), cache_control: MARK }])],
    });
    expect(encoded.body.messages[2]?.content).toEqual([
      { type: 'tool_result', tool_use_id: '1', content: [text('found'), text('and?')] },
    ]);
    expect(warningsOf(encoded)).toEqual(['moved_into_tool_result messages[3].content[0]']);
  });

  it('take over what the user adds to an empty result', () => {
    const messages = messagesOf([user('q'), mixed, result('1', ''), user('and?')]);
    expect(messages[2]?.content[0]?.['content']).toEqual([text('and?')]);
  });

  it.each(['server_tool_use', 'mcp_tool_use'])('stand alone too while a %s has no result yet', (type) => {
    const pending = [{ type, id: 's', name: 'x', input: {} }, content[2]];
    const answer = { ...mixed, provider_specific_fields: { anthropic: { content: pending } } };
    const messages = messagesOf([user('q'), answer, result('1', ''), user('and?')]);
    expect(messages[2]?.content).toEqual([
      { type: 'tool_result', tool_use_id: '1', content: [text('and?')] },
    ]);
  });

  it('need no change without additions', () => {
    const encoded = encode({ messages: [user('q'), mixed, result('1', 'found')] });
    expect(encoded.body.messages[2]?.content[0]?.['content']).toBe('found');
    expect(encoded.warnings).toEqual([]);
  });
});

describe('settleMarks', () => {
  it('CA-4 moves a mark from reasoning and empty texts to the block before', () => {
    const settled = settleMarks([
      entry(text('a')),
      entry({ ...text(''), cache_control: MARK }),
      entry({ ...thought('s'), cache_control: MARK }),
      entry(text('b')),
    ]);
    expect(settled.map(({ block }) => block)).toEqual([
      { ...text('a'), cache_control: MARK },
      thought('s'),
      text('b'),
    ]);
  });

  it('CA-4 moves a mark to the nearest block, not to the first', () => {
    const settled = settleMarks([
      entry(text('a')),
      entry(text('b')),
      entry({ ...text(''), cache_control: MARK }),
    ]);
    expect(settled.map(({ block }) => block)).toEqual([text('a'), { ...text('b'), cache_control: MARK }]);
  });

  it('CA-4 drops a mark that has no block before it, or one that is marked', () => {
    const hour = { ...text('a'), cache_control: { type: 'ephemeral', ttl: '1h' } };
    expect(settleMarks([entry({ ...thought('s'), cache_control: MARK })]).map(({ block }) => block)).toEqual([
      thought('s'),
    ]);
    expect(
      settleMarks([entry(hour), entry({ ...text(''), cache_control: MARK })]).map(({ block }) => block),
    ).toEqual([hour]);
  });
});

describe('MSG-15: an assistant turn first', () => {
  const history = [assistant('hello'), user('hi')];

  it('passes to the API', () => {
    expect(outline(messagesOf(history))[0]).toEqual(['assistant', 'hello']);
  });

  it('BUG-81 gets a user turn in front on request', () => {
    expect(outline(messagesOf(history, { requireUserFirst: true }))[0]).toEqual(['user', '.']);
    expect(messagesOf([user('hi')], { requireUserFirst: true })).toHaveLength(1);
  });
});

describe('limits', () => {
  const image = { type: 'image', source: { type: 'url', url: 'https://x/y.png' } };

  it('PRT-8 allows 600 images, 100 in a window of 200k, those in results counted', () => {
    const images = (count: number): unknown[] => [user(Array.from({ length: count }, () => image))];
    expect(messagesOf(images(600))[0]?.content).toHaveLength(600);
    expect(refusalOf(() => messagesOf(images(601)))).toBe('array_above_max_length messages');
    expect(refusalOf(() => messagesOf(images(101), { model: 'claude-haiku-4-5' }))).toBe(
      'array_above_max_length messages',
    );
    const withText = [...images(100), assistant(null, { tool_calls: [call('1')] }), result('1', [text('a')])];
    expect(messagesOf(withText, { model: 'claude-haiku-4-5' })).toHaveLength(3);
    const inResult = [...images(100), assistant(null, { tool_calls: [call('1')] }), result('1', [image])];
    expect(refusalOf(() => messagesOf(inResult, { model: 'claude-haiku-4-5' }))).toContain(
      'array_above_max_length',
    );
  });

  it('REQ-1 allows 100,000 messages', () => {
    const turns = (count: number): Turn[] =>
      Array.from({ length: count }, (_, index) => ({
        role: index % 2 ? 'assistant' : 'user',
        entries: [entry(text('x'))],
      }));
    expect(finishTurns(contextOf(), turns(100_000))).toHaveLength(100_000);
    expect(refusalOf(() => finishTurns(contextOf(), turns(100_001)))).toBe('array_above_max_length messages');
  });
});
