import { describe, expect, it } from 'vitest';
import { chatMessages } from '../../../src/http/responses/input-items.ts';
import { refusalOf } from '../frames.ts';

const user = (content: string) => ({ role: 'user', content });
const said = (content: string) => ({ type: 'message', role: 'assistant', content });
const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
const output = (id: string, told: unknown = 'done') => ({
  type: 'function_call_output',
  call_id: id,
  output: told,
});
const reference = (id: string) => ({ type: 'item_reference', id });
/** Roles, with what is in them. */
const outline = (input: unknown, instructions?: unknown): string[] =>
  chatMessages(instructions, input).map(({ role, content, tool_calls: calls, tool_call_id: id }) => {
    const ids = (calls ?? []).map((each) => each.id).join('+');
    return [role, content || undefined, ids || undefined, id].filter((each) => each !== undefined).join(' ');
  });

describe('chatMessages', () => {
  it.each<[string, unknown, unknown, string[]]>([
    ['text', 'hi', undefined, ['user hi']],
    ['instructions', 'hi', 'Be kind.', ['system Be kind.', 'user hi']],
    ['no instructions', 'hi', '', ['user hi']],
    [
      'every role',
      [
        { role: 'system', content: 'a' },
        { role: 'developer', content: 'b' },
        { type: 'message', ...user('c') },
      ],
      null,
      ['system a', 'developer b', 'user c'],
    ],
    [
      'a loop of tools',
      [
        user('hi'),
        said('I look.'),
        call('t1'),
        call('t2'),
        output('t1'),
        output('t2'),
        said('So.'),
        user('ok'),
      ],
      undefined,
      ['user hi', 'assistant I look. t1+t2', 'tool done t1', 'tool done t2', 'assistant So.', 'user ok'],
    ],
    [
      'calls one after the other',
      [user('hi'), call('t1'), output('t1'), call('t2'), output('t2')],
      undefined,
      ['user hi', 'assistant t1', 'tool done t1', 'assistant t2', 'tool done t2'],
    ],
    ['a turn at the end', [user('hi'), said('a'), said('b')], undefined, ['user hi', 'assistant ab']],
  ])('%s', (_, input, instructions, expected) => {
    expect(outline(input, instructions)).toEqual(expected);
  });

  it('TL-R9 a result may be of parts', () => {
    const image = { type: 'input_image', image_url: 'https://e.com/a.png', detail: 'auto' };
    const [, message] = chatMessages(undefined, [
      call('t'),
      output('t', [{ type: 'input_text', text: 'a' }, image]),
    ]);
    expect(message).toEqual({
      role: 'tool',
      tool_call_id: 't',
      content: [
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: { url: 'https://e.com/a.png', detail: 'auto' } },
      ],
    });
  });

  it('custom tools have results too', () => {
    const input = [
      { type: 'custom_tool_call', call_id: 'c', name: 'g', input: 'x' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'y' },
    ];
    expect(outline(input)).toEqual(['assistant c', 'tool y c']);
  });
});

describe('references', () => {
  it.each<[string, object[], string[]]>([
    [
      'to reasoning',
      [user('hi'), reference('rs_1'), said('a'), user('b')],
      ['user hi', 'assistant a', 'user b'],
    ],
    [
      'to the words before a call',
      [user('hi'), reference('rs_1'), reference('msg_1'), call('t'), output('t')],
      ['user hi', 'assistant t', 'tool done t'],
    ],
  ])('%s can be missed', (_, input, expected) => {
    expect(outline(input)).toEqual(expected);
  });

  it.each<[string, object[], string]>([
    ['to an answer', [user('hi'), reference('msg_1'), user('and?')], 'input[1].id'],
    ['to a call', [user('hi'), call('t'), output('t'), reference('fc_1')], 'input[3].id'],
    ['at the end', [user('hi'), reference('msg_1')], 'input[1].id'],
  ])('%s stands for what was said, and is refused', (_, input, param) => {
    expect(refusalOf(() => outline(input))).toBe(`unsupported_parameter ${param}`);
  });
});

describe('items that others run', () => {
  it.each([
    'web_search_call',
    'file_search_call',
    'computer_call',
    'mcp_call',
    'image_generation_call',
    'compaction',
  ])('%s is refused by name', (type) => {
    const run = (): unknown => outline([user('hi'), { type, id: 'x' }]);
    expect(refusalOf(run)).toBe('unsupported_value input[1].type');
    expect(run).toThrow(type);
  });

  it('a name that is none is not repeated', () => {
    expect(() => outline([{ type: 'secret words of the user' }])).toThrow(
      /^input\[0\]\.type: items of type this kind are/,
    );
  });
});
