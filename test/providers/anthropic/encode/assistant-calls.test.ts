import { describe, expect, it } from 'vitest';
import {
  assistant,
  call,
  calls,
  encode,
  messagesOf,
  refusalOf,
  result,
  user,
  warningsOf,
} from './encoding.ts';

describe('past calls', () => {
  it('TL-H2 BUG-51 carry their arguments as an object', () => {
    const messages = messagesOf([
      user('a'),
      calls(call('1', 'look', '{"x":[1]}'), call('2', 'look', '')),
      result('1'),
      result('2'),
    ]);
    expect(messages[1]?.content.map((block) => block['input'])).toEqual([{ x: [1] }, {}]);
  });

  it('TL-H4 BUG-50 with broken arguments are sent with a warning', () => {
    const encoded = encode({ messages: [user('a'), calls(call('1', 'look', '{"x":')), result('1')] });
    expect(encoded.body.messages[1]?.content[0]?.['input']).toEqual({ _invalid_arguments: '{"x":' });
    expect(warningsOf(encoded)).toEqual([
      'invalid_tool_arguments messages[1].tool_calls[0].function.arguments',
    ]);
  });

  it('TL-12 of custom tools carry their input', () => {
    const custom = { id: '1', type: 'custom', custom: { name: 'sh', input: 'ls' } };
    expect(messagesOf([user('a'), calls(custom), result('1')])[1]?.content).toEqual([
      { type: 'tool_use', id: '1', name: 'sh', input: { input: 'ls' } },
    ]);
  });

  it('of no known kind are refused', () => {
    expect(refusalOf(() => messagesOf([user('a'), calls({ id: '1', type: 'odd' }), result('1')]))).toBe(
      'invalid_value messages[1].tool_calls[0]',
    );
  });
});

describe('legacy calls', () => {
  const legacy = (name: string): Readonly<Record<string, unknown>> =>
    assistant(null, { function_call: { name, arguments: '{"a":1}' } });
  const answer = (name: string, content: string): Readonly<Record<string, unknown>> => ({
    role: 'function',
    name,
    content,
  });

  it('MSG-11 are numbered over the conversation, and answered by name', () => {
    const messages = messagesOf([
      user('q'),
      legacy('f'),
      answer('f', 'one'),
      legacy('g'),
      answer('g', 'two'),
    ]);
    expect(messages[1]?.content).toEqual([{ type: 'tool_use', id: 'fc_1', name: 'f', input: { a: 1 } }]);
    expect(messages[2]?.content).toEqual([{ type: 'tool_result', tool_use_id: 'fc_1', content: 'one' }]);
    expect(messages[3]?.content[0]?.['id']).toBe('fc_2');
    expect(messages[4]?.content[0]).toMatchObject({ tool_use_id: 'fc_2', content: 'two' });
  });

  it('MSG-11 are answered by the closest one of the name', () => {
    const messages = messagesOf([
      user('q'),
      legacy('f'),
      answer('f', 'one'),
      legacy('f'),
      answer('f', 'two'),
    ]);
    expect(messages[4]?.content[0]).toMatchObject({ tool_use_id: 'fc_2', content: 'two' });
  });

  it('MSG-11 TL-R5 drop the result of a call that is not there', () => {
    const encoded = encode({ messages: [user('q'), answer('f', 'one')] });
    expect(encoded.body.messages).toHaveLength(1);
    expect(warningsOf(encoded)).toEqual(['orphan_tool_result messages[1]']);
  });

  it('MSG-11 TH-13 are answered in their native form too', () => {
    const content = [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } }];
    const replayed = { ...legacy('f'), provider_specific_fields: { anthropic: { content } } };
    const messages = messagesOf([user('q'), replayed, answer('f', 'one')]);
    expect(messages[2]?.content[0]).toMatchObject({ tool_use_id: 'toolu_1', content: 'one' });
  });
});
