import { describe, expect, it } from 'vitest';
import { assistant, call, encode, result, system, tool, user } from './encoding.ts';

const { blockMap } = encode(
  {
    messages: [
      system([
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ]),
      user([
        { type: 'text', text: '' },
        { type: 'text', text: 'hi' },
      ]),
      assistant('', { tool_calls: [call('x'), call('y')] }),
      result('y'),
      system('late'),
      result('x'),
      user('go on'),
    ],
    tools: [tool('look')],
    web_search_options: {},
    max_tokens: 9,
  },
  { model: 'claude-sonnet-5' },
);

describe('blockMap', () => {
  it.each([
    ['system.1.text', 'messages[0].content[1]'],
    ['messages.0.content.0.text', 'messages[1].content[1]'],
    ['messages.1.content.0.tool_use.id', 'messages[2].tool_calls[0]'],
    ['messages.1.content.1', 'messages[2].tool_calls[1]'],
    ['messages.2.content.0.tool_result.content', 'messages[5]'],
    ['messages.2.content.1', 'messages[3]'],
    ['messages.2.content.2', 'messages[4].content'],
    ['messages.2.content.3', 'messages[6].content'],
    ['messages.1', 'messages[2]'],
    ['tools.0.custom.input_schema', 'tools[0]'],
    ['tools.1', 'web_search_options'],
    ['tools', 'tools'],
    ['max_tokens', 'max_tokens'],
    ['stop_sequences.0', 'stop'],
    ['thinking.budget_tokens', 'reasoning_effort'],
    ['output_config.format.schema', 'response_format'],
    ['tool_choice.name', 'tool_choice'],
  ])('ERR-62 finds the caller’s path of %s', (wire, caller) => {
    expect(blockMap.callerPath(wire)).toBe(caller);
  });

  it.each(['messages.9', 'messages.x.content.0', 'system.7', 'tools.9', ''])(
    'finds nothing behind %j',
    (wire) => {
      expect(blockMap.callerPath(wire)).toBeUndefined();
    },
  );
});
