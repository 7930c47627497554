import { describe, expect, it } from 'vitest';
import { encode, refusalOf, warningsOf } from './encoding.ts';

const custom = (fields: object): object => ({ type: 'custom', custom: { name: 'sh', ...fields } });
const SCHEMA = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
};

describe('custom tools', () => {
  it.each([[{}], [{ format: { type: 'text' } }], [{ format: null }]])(
    'TL-12 are functions of one text: %j',
    (fields) => {
      const encoded = encode({ tools: [custom({ description: 'Runs.', ...fields })] });
      expect(encoded.body.tools).toEqual([{ name: 'sh', description: 'Runs.', input_schema: SCHEMA }]);
      expect(warningsOf(encoded)).toEqual(['custom_tool_emulated tools[0]']);
      expect(encoded.reading.customTools).toEqual(new Set(['sh']));
    },
  );

  it('TL-12 are known to the reader by their wire name', () => {
    const { body, reading } = encode({ tools: [custom({ name: 'a.b' })] });
    expect(reading.customTools).toEqual(new Set([body.tools?.[0]?.name]));
  });

  it('TL-12 TL-17 keep a cache mark', () => {
    const tool = { ...custom({}), cache_control: { type: 'ephemeral' } };
    expect(encode({ tools: [tool] }).body.tools?.[0]?.['cache_control']).toEqual({ type: 'ephemeral' });
  });

  it.each([
    [{ syntax: 'lark', definition: 'start: "a"' }],
    [{ grammar: { syntax: 'lark', definition: 'start: "a"' } }],
  ])('TL-13 refuse a grammar, or describe it on request: %j', (grammar) => {
    const tool = custom({ description: 'Runs.', format: { type: 'grammar', ...grammar } });
    expect(refusalOf(() => encode({ tools: [tool] }))).toBe('unsupported_value tools[0].custom.format');
    const { body } = encode({ tools: [tool] }, { emulateGrammar: true });
    expect(body.tools?.[0]?.description).toBe(
      'Runs.\n\nThe input must follow this lark grammar:\nstart: "a"',
    );
  });

  it('need a name', () => {
    expect(refusalOf(() => encode({ tools: [{ type: 'custom' }] }))).toBe(
      'missing_required_parameter tools[0].custom.name',
    );
  });
});
