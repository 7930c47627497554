import { describe, expect, it } from 'vitest';
import { assistantMessage } from '../../../src/http/messages/assistant-message.ts';

const text = (said: string) => ({ type: 'text', text: said });
const call = { type: 'tool_use', id: 't1', name: 'look', input: { at: 'x' } };
const thinking = { type: 'thinking', thinking: 'hm', signature: 'sig' };
const search = { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} };

describe('assistantMessage', () => {
  it('TH-13 keeps the blocks as they came, and says them in OpenAI’s words too', () => {
    const content = [thinking, text('I '), text('look.'), call];
    expect(assistantMessage(content, false)).toEqual({
      role: 'assistant',
      content: 'I look.',
      tool_calls: [{ id: 't1', type: 'function', function: { name: 'look', arguments: '{"at":"x"}' } }],
      provider_specific_fields: { anthropic: { content } },
    });
  });

  it('RES-7 leaves out a caller that goes without saying, and keeps any other', () => {
    const code = { type: 'code_execution_20260521', tool_id: 's' };
    const content = [
      { ...call, caller: { type: 'direct' } },
      { ...call, caller: code },
      { ...search, caller: { type: 'direct' } },
    ];
    expect(assistantMessage(content, false)['provider_specific_fields']).toEqual({
      anthropic: { content: [call, { ...call, caller: code }, { ...search, caller: { type: 'direct' } }] },
    });
  });

  it('TH-14 marks a plain text as Claude’s own, so that the reasoning before it stays valid', () => {
    expect(assistantMessage('Hello.', false)).toEqual({
      role: 'assistant',
      content: 'Hello.',
      provider_specific_fields: { anthropic: {} },
    });
  });

  it.each([
    ['a call alone', [call], null],
    ['reasoning alone', [thinking], ''],
    ['nothing', [], ''],
    ['an empty text and a call', [text(''), call], ''],
  ])('the text of %s is %j', (_, content, expected) => {
    expect(assistantMessage(content, false).content).toBe(expected);
  });

  it.each([
    ['a search at the end', [text('I look.'), search], true, 'pause_turn'],
    [
      'its result',
      [search, { type: 'web_search_tool_result', tool_use_id: 's1', content: [] }, text('so')],
      true,
      'pause_turn',
    ],
    ['an MCP call', [{ type: 'mcp_tool_use', id: 'm' }], true, 'pause_turn'],
    ['a search before the end', [search], false, undefined],
    ['a search beside an open call', [search, call], true, undefined],
    ['a beginning to go on from', [text('The answer is (')], true, undefined],
  ])('MSG-19 %s', (_, content, isLast, expected) => {
    const { provider_specific_fields: fields } = assistantMessage(content, isLast);
    expect(Object(fields).anthropic.stop_reason).toBe(expected);
  });
});
