import { describe, expect, it } from 'vitest';
import { checkChatMessage } from '../../../../src/testing/upstream/openai/check-chat-message.ts';

const call = (more: object = {}) => ({
  id: 'c1',
  type: 'function',
  function: { name: 'f', arguments: '{}' },
  ...more,
});
const assistant = (more: object) => ({ role: 'assistant', content: null, ...more });
const user = (...content: object[]) => ({ role: 'user', content });

describe('checkChatMessage', () => {
  it.each<[Record<string, unknown>]>([
    [{ role: 'system', content: 'Be kind.' }],
    [{ role: 'developer', content: [{ type: 'text', text: 'Be kind.' }], name: 'dev' }],
    [user({ type: 'text', text: 'a' }, { type: 'image_url', image_url: { url: 'https://x/y.png' } })],
    [{ role: 'user', content: '' }],
    [assistant({ content: 'a', refusal: null })],
    [assistant({ tool_calls: [call()] })],
    [assistant({ refusal: 'no' })],
    [assistant({ tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: 'x' } }] })],
    [{ role: 'tool', content: 'r', tool_call_id: 'c1', name: 'f' }],
  ])('lets %j pass', (message) => {
    expect(checkChatMessage(message, 'm')).toBeUndefined();
  });

  it.each<[Record<string, unknown>, string, string]>([
    [{ role: 'robot', content: 'a' }, 'm.role', 'invalid_value'],
    [{ content: 'a' }, 'm.role', 'invalid_value'],
    [assistant({ content: 'a', reasoning_content: 'r' }), 'm.reasoning_content', 'unknown_parameter'],
    [assistant({ content: 'a', thinking_blocks: [] }), 'm.thinking_blocks', 'unknown_parameter'],
    [assistant({ content: 'a', annotations: [] }), 'm.annotations', 'unknown_parameter'],
    [{ role: 'user', content: 'a', cache_control: {} }, 'm.cache_control', 'unknown_parameter'],
    [{ role: 'user', content: null }, 'm.content', 'invalid_type'],
    [assistant({}), 'm.content', 'invalid_type'],
    [{ role: 'user', content: 7 }, 'm.content', 'invalid_type'],
    [{ role: 'user', content: [] }, 'm.content', 'empty_array'],
    [{ role: 'system', content: [{ type: 'image_url' }] }, 'm.content[0].type', 'invalid_value'],
    [user({ type: 'text', text: 'a', cache_control: {} }), 'm.content[0].cache_control', 'unknown_parameter'],
    [assistant({ tool_calls: [] }), 'm.tool_calls', 'empty_array'],
    [assistant({ content: 'a', tool_calls: [] }), 'm.tool_calls', 'empty_array'],
    [assistant({ tool_calls: [call({ id: '' })] }), 'm.tool_calls[0].id', 'missing_required_parameter'],
    [
      assistant({ tool_calls: [call({ id: 'x'.repeat(41) })] }),
      'm.tool_calls[0].id',
      'string_above_max_length',
    ],
    [
      assistant({ tool_calls: [call({ type: undefined })] }),
      'm.tool_calls[0].type',
      'missing_required_parameter',
    ],
    [assistant({ tool_calls: [call({ index: 0 })] }), 'm.tool_calls[0].index', 'unknown_parameter'],
    [
      assistant({ tool_calls: [call({ function: {} })] }),
      'm.tool_calls[0].function.name',
      'missing_required_parameter',
    ],
    [
      assistant({ tool_calls: [call({ function: { name: 'f', arguments: {} } })] }),
      'm.tool_calls[0].function.arguments',
      'invalid_type',
    ],
    [{ role: 'tool', content: 'r' }, 'm.tool_call_id', 'missing_required_parameter'],
  ])('refuses %j', (message, param, code) => {
    const found = checkChatMessage(message, 'm');
    expect(found).toMatchObject({ param, code });
  });
});
