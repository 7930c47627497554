import { describe, expect, it } from 'vitest';
import { checkFunctions } from '../../../../src/testing/upstream/openai/check-functions.ts';
import { functionTool as tool } from './chat.ts';

const custom = { type: 'custom', custom: { name: 'shell', description: 'd' } };
const named = (name: string) => ({ type: 'function', function: { name } });

describe('checkFunctions', () => {
  it.each<[Record<string, unknown>]>([
    [{}],
    [{ tools: null, tool_choice: null }],
    [{ tool_choice: 'none' }],
    [{ tools: [tool('a'), custom], tool_choice: 'required', parallel_tool_calls: true }],
    [{ tools: [tool('a')], tool_choice: named('a') }],
    [{ tools: [custom], tool_choice: { type: 'custom', custom: { name: 'shell' } } }],
    [{ tools: [{ type: 'function', function: { name: 'no_parameters' } }] }],
  ])('lets %j pass', (body) => {
    expect(checkFunctions(body)).toBeUndefined();
  });

  it.each<[Record<string, unknown>, string, string | null]>([
    [{ tools: [] }, 'tools', 'empty_array'],
    [{ tool_choice: 'auto' }, 'tool_choice', null],
    [{ parallel_tool_calls: false }, 'parallel_tool_calls', null],
    [{ tools: [{ name: 'a', input_schema: {} }] }, 'tools[0].type', 'invalid_value'],
    [{ tools: [{ ...tool('a'), cache_control: {} }] }, 'tools[0].cache_control', 'unknown_parameter'],
    [{ tools: [tool('a'), tool('b', { odd: 1 })] }, 'tools[1].function.odd', 'unknown_parameter'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name', 'missing_required_parameter'],
    [{ tools: [tool('a.b')] }, 'tools[0].function.name', 'invalid_value'],
    [{ tools: [tool('x'.repeat(65))] }, 'tools[0].function.name', 'invalid_value'],
    [
      { tools: [tool('a', { parameters: { type: 'string' } })] },
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ],
    [
      { tools: [tool('a', { parameters: {} })] },
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ],
    [{ tools: [tool('a', { strict: true })] }, 'tools[0].function.parameters', 'invalid_function_parameters'],
    [{ tools: [tool('a')], tool_choice: named('b') }, 'tool_choice', null],
  ])('refuses %j', (body, param, code) => {
    expect(checkFunctions(body)).toMatchObject({ param, code });
  });
});
