import { describe, expect, it } from 'vitest';
import {
  call,
  calls,
  encode,
  messagesOf,
  outline,
  PNG,
  refusalOf,
  result,
  text,
  user,
  warningsOf,
} from './encoding.ts';

const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } };
/** The result block that a tool message becomes. */
const blockOf = (content: unknown, extra: object = {}): unknown =>
  messagesOf([user('q'), calls(call('1')), result('1', content, { ...extra })])[2]?.content[0];
const block = (fields: object): object => ({ type: 'tool_result', tool_use_id: '1', ...fields });

describe('a tool message', () => {
  it('MSG-10 TL-R8 passes its text, however much it looks like JSON', () => {
    expect(blockOf('{"a":1}')).toEqual(block({ content: '{"a":1}' }));
  });

  it.each([[''], [null], [[]], [[text('')]]])('MSG-28 with content %j is an empty result', (content) => {
    expect(blockOf(content)).toEqual(block({}));
  });

  it('MSG-28 keeps white space', () => {
    expect(blockOf(' ')).toEqual(block({ content: ' ' }));
  });

  it('TL-R9 BUG-43 may hold texts, images, files and native blocks', () => {
    const search = { type: 'search_result', source: 's', title: 't', content: [text('x')] };
    const reference = { type: 'tool_reference', tool_name: 'f' };
    const file = { type: 'file', file: { file_id: 'file_1' } };
    expect(blockOf([text('a'), image, file, search, reference])).toEqual(
      block({
        content: [
          text('a'),
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          { type: 'document', source: { type: 'file', file_id: 'file_1' } },
          search,
          reference,
        ],
      }),
    );
    expect(refusalOf(() => blockOf([{ type: 'input_audio' }]))).toBe(
      'unsupported_content_part messages[2].content[0]',
    );
  });

  it('TL-R11 marks an error only where the caller does', () => {
    expect(blockOf('Error: no', { is_error: true })).toEqual(block({ content: 'Error: no', is_error: true }));
    expect(blockOf('Error: no', { is_error: 'yes' })).toEqual(block({ content: 'Error: no' }));
  });

  it('TL-R10 holds text only when it is an error', () => {
    const encoded = encode({
      messages: [user('q'), calls(call('1')), result('1', [text('a'), image], { is_error: true })],
    });
    expect(encoded.body.messages[2]?.content[0]).toEqual(block({ content: [text('a')], is_error: true }));
    expect(warningsOf(encoded)).toEqual(['unsupported_value messages[2].content']);
  });

  it('TL-R12 wears the cache mark of itself or of its last part on the outside', () => {
    const mark = { type: 'ephemeral', ttl: '1h' };
    expect(blockOf('a', { cache_control: mark })).toEqual(block({ content: 'a', cache_control: mark }));
    expect(blockOf([text('a'), { ...text('b'), cache_control: mark }])).toEqual(
      block({ content: [text('a'), text('b')], cache_control: mark }),
    );
  });
});

describe('results and their calls', () => {
  it('TL-R1 BUG-38 stand in one turn, in the order of the calls', () => {
    const messages = messagesOf([
      user('q'),
      calls(call('1'), call('2'), call('3')),
      result('3'),
      result('1'),
      result('2'),
    ]);
    expect(outline(messages)[2]).toEqual(['user', '<tool_result 1>', '<tool_result 2>', '<tool_result 3>']);
  });

  it('TL-R2 TL-R14 BUG-39 come before what the user says, with nothing added', () => {
    const messages = messagesOf([user('q'), calls(call('1')), result('1'), user([image, text('and?')])]);
    expect(outline(messages)[2]).toEqual(['user', '<tool_result 1>', '<image>', 'and?']);
  });

  it('TL-R14 are followed by nothing where the user says nothing', () => {
    const messages = messagesOf([user('q'), calls(call('1')), result('1'), calls(call('2')), result('2')]);
    expect(outline(messages).filter(([role]) => role === 'user')).toEqual([
      ['user', 'q'],
      ['user', '<tool_result 1>'],
      ['user', '<tool_result 2>'],
    ]);
  });

  it('TL-R3 are pulled forward between user messages', () => {
    const messages = messagesOf([
      user('q'),
      calls(call('1'), call('2')),
      result('1'),
      user('wait'),
      result('2'),
      user('go'),
    ]);
    expect(outline(messages)[2]).toEqual(['user', '<tool_result 1>', '<tool_result 2>', 'wait', 'go']);
  });

  it('TL-R4 MSG-17 BUG-40 are made up for calls that have none', () => {
    const encoded = encode({
      messages: [user('q'), calls(call('1'), call('2')), result('2'), calls(call('3')), result('3')],
    });
    expect(outline(encoded.body.messages)).toEqual([
      ['user', 'q'],
      ['assistant', '<tool_use 1>', '<tool_use 2>'],
      ['user', '<tool_result 1>', '<tool_result 2>'],
      ['assistant', '<tool_use 3>'],
      ['user', '<tool_result 3>'],
    ]);
    expect(encoded.body.messages[2]?.content[0]).toEqual(
      block({ content: 'No result was provided for this tool call.', is_error: true }),
    );
    expect(warningsOf(encoded)).toEqual(['missing_tool_result messages[1].tool_calls[0]']);
  });

  it('TL-R5 find an earlier call that still waits', () => {
    const encoded = encode({
      messages: [user('q'), calls(call('1')), user('hm'), calls(call('2')), result('2'), result('1', 'late')],
    });
    expect(encoded.body.messages[2]?.content[0]).toEqual(block({ content: 'late' }));
    expect(encoded.warnings).toEqual([]);
  });

  it('TL-R5 BUG-41 are dropped without a call, and an empty turn with them', () => {
    const encoded = encode({ messages: [result('gone'), user('q')] });
    expect(outline(encoded.body.messages)).toEqual([['user', 'q']]);
    expect(warningsOf(encoded)).toEqual(['orphan_tool_result messages[0]']);
  });

  it('TL-R6 BUG-42 are sent once: the last one', () => {
    const encoded = encode({
      messages: [user('q'), calls(call('1')), result('1', 'old'), result('1', 'new')],
    });
    expect(encoded.body.messages[2]?.content).toEqual([block({ content: 'new' })]);
    expect(warningsOf(encoded)).toEqual(['duplicate_tool_result messages[3]']);
  });

  it('TL-R6 T-10 never change a turn that was answered long ago', () => {
    const encoded = encode({
      messages: [
        user('q'),
        calls(call('1')),
        result('1', 'old'),
        calls(call('2')),
        result('2'),
        result('1', 'new'),
      ],
    });
    expect(encoded.body.messages[2]?.content).toEqual([block({ content: 'old' })]);
    expect(warningsOf(encoded)).toEqual(['orphan_tool_result messages[5]']);
  });

  it('PRT-17 may come as native blocks of a user message', () => {
    const native = { type: 'tool_result', tool_use_id: 'x.1', content: 'n', is_error: true };
    const messages = messagesOf([user('q'), calls(call('x.1')), user([text('and'), native])]);
    const id = messages[1]?.content[0]?.['id'];
    expect(messages[2]?.content).toEqual([{ ...native, tool_use_id: id }, text('and')]);
  });
});
