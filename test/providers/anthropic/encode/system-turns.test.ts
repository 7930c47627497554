import { describe, expect, it } from 'vitest';
import {
  assistant,
  call,
  calls,
  encode,
  messagesOf,
  outline,
  type RawRequest,
  refusalOf,
  result,
  system,
  text,
  user,
  warningsOf,
} from './encoding.ts';

const MID = { model: 'claude-opus-4-8' };
const NONE = { model: 'claude-sonnet-5' };
const systemOf = (messages: readonly RawRequest[]): unknown => encode({ messages }).body.system;
const placed = (messages: readonly RawRequest[]): unknown => outline(messagesOf(messages, MID));
const reminder = (value: string): string => `<system-reminder>${value}</system-reminder>`;

describe('the leading system messages', () => {
  it('MSG-1 are the system prompt, one block for each part, developers’ too', () => {
    const messages = [
      system('a'),
      { role: 'developer', content: [text('b'), text('c')] },
      system([{ ...text('d'), cache_control: { type: 'ephemeral' } }]),
      user('hi'),
    ];
    expect(systemOf(messages)).toEqual([
      text('a'),
      text('b'),
      text('c'),
      { ...text('d'), cache_control: { type: 'ephemeral' } },
    ]);
  });

  it.each([[''], [' '], [null], [[]], [[text(''), text('\n')]]])(
    'MSG-6 with content %j say nothing',
    (content) => {
      expect(systemOf([system(content), user('hi')])).toBeUndefined();
    },
  );

  it('MSG-6 CA-4 pass the mark of a blank block to the one before', () => {
    const mark = { type: 'ephemeral' };
    expect(systemOf([system([text('a'), { ...text(' '), cache_control: mark }]), user('hi')])).toEqual([
      { ...text('a'), cache_control: mark },
    ]);
  });

  it('MSG-7 hold text only', () => {
    const image = { type: 'image_url', image_url: { url: 'https://x/y' } };
    expect(refusalOf(() => systemOf([system([text('a'), image]), user('hi')]))).toBe(
      'unsupported_content_part messages[0].content[1]',
    );
    expect(refusalOf(() => systemOf([system([{ type: 'tool_addition' }]), user('hi')]))).toContain(
      'unsupported_content_part',
    );
  });
});

describe('later system messages', () => {
  it('MSG-2 BUG-36 stay between a user turn and an answer', () => {
    expect(placed([user('a'), system('s'), assistant('b'), user('c'), system('t')])).toEqual([
      ['user', 'a'],
      ['system', 's'],
      ['assistant', 'b'],
      ['user', 'c'],
      ['system', 't'],
    ]);
  });

  it('MSG-2 are one section when they follow each other', () => {
    const messages = messagesOf(
      [user('a'), system('s'), system([text('t'), text('u')]), assistant('b'), user('c')],
      MID,
    );
    expect(outline(messages)[1]).toEqual(['system', 's', 't', 'u']);
  });

  it('MSG-2 need no beta for text', () => {
    expect(encode({ messages: [user('a'), system('s')] }, MID).betas).toEqual([]);
  });

  it('MSG-2 may follow the result of a server tool', () => {
    const content = [
      { type: 'server_tool_use', id: 's' },
      { type: 'web_search_tool_result', tool_use_id: 's' },
    ];
    const report = { provider_specific_fields: { anthropic: { content, stop_reason: 'pause_turn' } } };
    expect(placed([user('a'), assistant(null, report), system('s'), assistant('b'), user('c')])).toEqual([
      ['user', 'a'],
      ['assistant', '<server_tool_use s>', '<web_search_tool_result s>'],
      ['system', 's'],
      ['assistant', 'b'],
      ['user', 'c'],
    ]);
  });

  it('MSG-3 move behind the user turn that follows', () => {
    expect(placed([system('top'), user('a'), assistant('b'), system('s'), user('c')])).toEqual([
      ['user', 'a'],
      ['assistant', 'b'],
      ['user', 'c'],
      ['system', 's'],
    ]);
  });

  it('MSG-3 BUG-37 never come first', () => {
    expect(placed([user(''), system('s'), user('a')])).toEqual([
      ['user', 'a'],
      ['system', 's'],
    ]);
  });

  it('MSG-4 become text of the user turn where no place is legal', () => {
    expect(placed([user('a'), system('s'), user('b'), system('t'), user('c')])).toEqual([
      ['user', 'a', reminder('s'), 'b', 'c'],
      ['system', 't'],
    ]);
    expect(placed([user('a'), assistant('b'), system('s'), assistant('c'), user('d')])).toEqual([
      ['user', 'a'],
      ['assistant', 'b'],
      ['user', reminder('s')],
      ['assistant', 'c'],
      ['user', 'd'],
    ]);
  });

  it('MSG-4 BUG-36 become text where the model takes no such turn, in place and with a warning', () => {
    const encoded = encode({ messages: [user('a'), system([text('s'), text('t')]), user('b')] }, NONE);
    expect(outline(encoded.body.messages)).toEqual([['user', 'a', reminder('s'), reminder('t'), 'b']]);
    expect(encoded.body.system).toBeUndefined();
    expect(warningsOf(encoded)).toEqual(['system_downgraded messages[1]']);
  });

  it('MSG-4 MSG-5 BUG-37 come after all results of the turn', () => {
    const history = [user('q'), calls(call('1'), call('2')), system('s'), result('1'), result('2')];
    expect(outline(messagesOf(history, NONE))[2]).toEqual([
      'user',
      '<tool_result 1>',
      '<tool_result 2>',
      reminder('s'),
    ]);
    expect(placed(history)).toEqual([
      ['user', 'q'],
      ['assistant', '<tool_use 1>', '<tool_use 2>'],
      ['user', '<tool_result 1>', '<tool_result 2>'],
      ['system', 's'],
    ]);
  });

  it('MSG-6 that are blank leave no trace', () => {
    expect(placed([user('a'), system(' '), user('b')])).toEqual([['user', 'a', 'b']]);
    const blank = system([{ ...text(''), cache_control: { type: 'ephemeral' } }]);
    const encoded = encode({ messages: [user('a'), assistant('b'), blank, assistant('c'), user('d')] }, NONE);
    expect(outline(encoded.body.messages)).toEqual([
      ['user', 'a'],
      ['assistant', 'b', 'c'],
      ['user', 'd'],
    ]);
    expect(encoded.warnings).toEqual([]);
  });

  it('1.10 may change the tools, under a beta, where the API allows it', () => {
    const change = { type: 'tool_addition', tool: { type: 'tool_reference', name: 'f' } };
    const encoded = encode({ messages: [user('a'), system([change])] }, MID);
    expect(encoded.body.messages[1]).toEqual({ role: 'system', content: [change] });
    expect(encoded.betas).toEqual(['mid-conversation-tool-changes-2026-07-01']);
    expect(
      refusalOf(() => messagesOf([user('a'), system([change]), user('b'), user('c'), system('t')], NONE)),
    ).toBe('unsupported_content_part messages[1].content[0]');
    const stuck = [user('a'), assistant('b'), system([change]), assistant('c'), user('d')];
    expect(refusalOf(() => messagesOf(stuck, MID))).toBe('unsupported_content_part messages[2].content[0]');
  });
});
