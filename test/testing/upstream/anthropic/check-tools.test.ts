import { describe, expect, it } from 'vitest';
import { checkTools } from '../../../../src/testing/upstream/anthropic/check-tools.ts';

const tool = (name: string, more: object = {}) => ({ name, input_schema: { type: 'object' }, ...more });

describe('checkTools', () => {
  it.each<[string, unknown, unknown]>([
    ['no tools', undefined, undefined],
    ['two tools', [tool('a'), tool('b')], { type: 'auto' }],
    ['a typed custom tool', [tool('a', { type: 'custom' })], { type: 'any' }],
    ['a tool of the API', [{ type: 'web_search_20250305', name: 'web_search' }], undefined],
    ['a choice of a tool that is there', [tool('a')], { type: 'tool', name: 'a' }],
    ['a choice of none without tools', undefined, { type: 'none' }],
    ['a long name', [tool('a'.repeat(128))], undefined],
  ])('has nothing against %s', (_, tools, choice) => {
    expect(checkTools(tools, choice)).toBeUndefined();
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ['a name with a dot (TL-4)', [tool('a'), tool('a.b')], undefined, /^tools\.1\.custom\.name/],
    ['a name that is too long', [tool('a'.repeat(129))], undefined, /name/],
    ['no name', [{ input_schema: { type: 'object' } }], undefined, /name/],
    ['OpenAI’s shape', [{ type: 'custom', function: { name: 'a' } }], undefined, /name/],
    ['no schema', [{ name: 'a' }], undefined, /input_schema: Field required/],
    [
      'a schema of no object',
      [{ name: 'a', input_schema: { type: 'string' } }],
      undefined,
      /input_schema\.type/,
    ],
    ['two of one name', [tool('a'), tool('a')], undefined, /unique/],
    ['a choice without tools', [], { type: 'any' }, /^tool_choice/],
    ['a choice of a tool that is not there', [tool('a')], { type: 'tool', name: 'b' }, /Tool 'b' not found/],
  ])('complains about %s', (_, tools, choice, expected) => {
    expect(checkTools(tools, choice)).toMatch(expected);
  });
});
