import { describe, expect, it } from 'vitest';
import { toolFields } from '../../../src/http/responses/response-tools.ts';
import { refusalOf } from '../frames.ts';

const parameters = { type: 'object', properties: {} };
const grammar = { syntax: 'lark', definition: 'start: "x"' };

describe('tools', () => {
  it.each<[string, object, object]>([
    [
      'TL-1 a function',
      { type: 'function', name: 'f', description: 'd', parameters, strict: true },
      { type: 'function', function: { name: 'f', description: 'd', parameters, strict: true } },
    ],
    [
      'without parameters',
      { type: 'function', name: 'f', parameters: null, strict: null },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      'TL-17 with a breakpoint, and without what is OpenAI’s own',
      {
        type: 'function',
        name: 'f',
        cache_control: { type: 'ephemeral' },
        defer_loading: true,
        async: false,
      },
      { type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral' } },
    ],
    [
      'TL-12 a custom tool',
      { type: 'custom', name: 'g', description: 'd', format: { type: 'text' } },
      { type: 'custom', custom: { name: 'g', description: 'd', format: { type: 'text' } } },
    ],
    [
      'TL-13 with a grammar',
      { type: 'custom', name: 'g', format: { type: 'grammar', ...grammar } },
      { type: 'custom', custom: { name: 'g', format: { type: 'grammar', grammar } } },
    ],
    [
      'nested already',
      { type: 'custom', name: 'g', format: { type: 'grammar', grammar } },
      { type: 'custom', custom: { name: 'g', format: { type: 'grammar', grammar } } },
    ],
  ])('%s', (_, tool, expected) => {
    expect(toolFields({ tools: [tool] })).toEqual({ tools: [expected] });
  });

  it.each([
    'web_search',
    'file_search',
    'code_interpreter',
    'computer',
    'mcp',
    'image_generation',
    'local_shell',
    'namespace',
  ])('%s is refused by name', (type) => {
    const run = (): unknown => toolFields({ tools: [{ type: 'function', name: 'f' }, { type }] });
    expect(refusalOf(run)).toBe('unsupported_value tools[1].type');
    expect(run).toThrow(type);
  });
});

describe('tool_choice', () => {
  const named = { type: 'function', name: 'f' };

  it.each<[unknown, unknown]>([
    ['none', 'none'],
    ['auto', 'auto'],
    ['required', 'required'],
    [named, { type: 'function', function: { name: 'f' } }],
    [
      { type: 'custom', name: 'g' },
      { type: 'custom', custom: { name: 'g' } },
    ],
    [
      { type: 'allowed_tools', mode: 'required', tools: [named] },
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
    ],
    [
      { type: 'allowed_tools', mode: 'auto' },
      { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } },
    ],
  ])('%j', (choice, expected) => {
    expect(toolFields({ tool_choice: choice })).toEqual({ tool_choice: expected });
  });

  it.each<[unknown, string]>([
    [{ type: 'web_search' }, 'unsupported_value tool_choice.type'],
    [
      { type: 'allowed_tools', tools: [named, { type: 'mcp' }] },
      'unsupported_value tool_choice.tools[1].type',
    ],
  ])('%j is refused', (choice, expected) => {
    expect(refusalOf(() => toolFields({ tool_choice: choice }))).toBe(expected);
  });

  it('is nothing where nothing is said', () => {
    expect(toolFields({ tools: null, tool_choice: null })).toEqual({});
  });
});
