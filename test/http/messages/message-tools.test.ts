import { describe, expect, it } from 'vitest';
import { toolChoiceOf, toolOf } from '../../../src/http/messages/message-tools.ts';

const schema = { type: 'object', properties: {} };

describe('toolOf', () => {
  it.each([
    ['a tool', { name: 'f', input_schema: schema }, { name: 'f', parameters: schema }],
    ['a typed one', { type: 'custom', name: 'f', input_schema: schema }, { name: 'f', parameters: schema }],
    [
      'all of it',
      { name: 'f', description: 'd', input_schema: schema, strict: true },
      { name: 'f', description: 'd', parameters: schema, strict: true },
    ],
  ])('TL-1 %s is a function', (_, tool, definition) => {
    expect(toolOf(tool)).toEqual({ type: 'function', function: definition });
  });

  it('TL-17 keeps Claude’s settings beside the function', () => {
    const more = { cache_control: { type: 'ephemeral' }, defer_loading: true, allowed_callers: ['direct'] };
    expect(toolOf({ name: 'f', input_schema: schema, ...more })).toMatchObject({ type: 'function', ...more });
  });

  it('TL-16 hands on Anthropic’s own tools', () => {
    const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 3 };
    expect(toolOf(search)).toEqual(search);
  });
});

describe('toolChoiceOf', () => {
  it.each([
    ['TC-1', undefined, {}],
    ['TC-3', { type: 'auto' }, { tool_choice: 'auto' }],
    ['TC-4', { type: 'none' }, { tool_choice: 'none' }],
    ['TC-5', { type: 'any' }, { tool_choice: 'required' }],
    ['TC-6', { type: 'tool', name: 'f' }, { tool_choice: { type: 'function', function: { name: 'f' } } }],
    [
      'TC-2',
      { type: 'auto', disable_parallel_tool_use: true },
      { tool_choice: 'auto', parallel_tool_calls: false },
    ],
    ['TC-3', { type: 'auto', disable_parallel_tool_use: false }, { tool_choice: 'auto' }],
  ])('%s %j', (_, choice, expected) => {
    expect(toolChoiceOf(choice)).toEqual(expected);
  });
});
