import { describe, expect, it } from 'vitest';
import { encode, tool, warningsOf } from './encoding.ts';

const object = (properties: object, ...required: readonly string[]): object => ({
  type: 'object',
  properties,
  required,
});
const optional = (count: number): object =>
  object(Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { type: 'string' }])));
const strict = (name: string, parameters: unknown = object({})): object =>
  tool(name, parameters, { strict: true });
/** Which tools are strict, and what was said. */
function strictNames(tools: readonly unknown[], setting: object = {}): unknown[] {
  const encoded = encode({ tools }, setting);
  const names = encoded.body.tools?.filter((each) => each.strict).map(({ name }) => name);
  return [names, warningsOf(encoded).filter((warning) => !warning.startsWith('model_'))];
}

describe('strict tools', () => {
  it('TL-9 are sent with a schema in the subset', () => {
    const { body } = encode({ tools: [strict('a', object({ n: { type: 'integer', minimum: 1 } }, 'n'))] });
    expect(body.tools).toEqual([
      {
        name: 'a',
        strict: true,
        input_schema: {
          type: 'object',
          properties: { n: { type: 'integer', description: '{minimum: 1}' } },
          required: ['n'],
          additionalProperties: false,
        },
      },
    ]);
  });

  it.each([[false], [null], [undefined]])('TL-10 strict %j is left out', (value) => {
    const { body } = encode({ tools: [tool('a', object({}), { strict: value })] });
    expect(body.tools?.[0]).not.toHaveProperty('strict');
  });

  it('TL-9 are not strict on models without structured outputs', () => {
    expect(strictNames([strict('a')], { model: 'claude-3-7-sonnet' })).toEqual([
      [],
      ['strict_dropped tools[0].function.strict'],
    ]);
  });

  it('TL-9 RF-6 are not strict when the schema cannot be', () => {
    const map = { type: 'object', additionalProperties: { type: 'string' } };
    const encoded = encode({ tools: [strict('a', map), strict('b')] });
    expect(encoded.body.tools?.[0]).toEqual({ name: 'a', input_schema: map });
    expect(encoded.body.tools?.[1]?.strict).toBe(true);
    expect(warningsOf(encoded)).toEqual(['strict_dropped tools[0].function.strict']);
  });

  it('TL-9 are twenty at most; the last ones give way', () => {
    const tools = Array.from({ length: 22 }, (_, index) => strict(`t${index}`));
    const [names, warnings] = strictNames(tools);
    expect(names).toEqual(Array.from({ length: 20 }, (_, index) => `t${index}`));
    expect(warnings).toEqual([
      'strict_dropped tools[21].function.strict',
      'strict_dropped tools[20].function.strict',
    ]);
  });

  it('TL-9 BUG-60 have 24 optional parameters at most, all together', () => {
    expect(strictNames([strict('a', optional(24))])).toEqual([['a'], []]);
    expect(
      strictNames([strict('a', optional(20)), strict('b', optional(5)), tool('c', optional(9))]),
    ).toEqual([['a'], ['strict_dropped tools[1].function.strict']]);
    expect(strictNames([strict('a', optional(25)), strict('b')])[0]).toEqual([]);
  });

  it('TL-9 have 16 parameters of several types at most', () => {
    const unions = (count: number): object => {
      const names = Array.from({ length: count }, (_, index) => `p${index}`);
      return object(Object.fromEntries(names.map((name) => [name, { type: ['string', 'null'] }])), ...names);
    };
    expect(strictNames([strict('a', unions(16))])).toEqual([['a'], []]);
    expect(strictNames([strict('a', unions(9)), strict('b', unions(8))])[0]).toEqual(['a']);
  });

  it('TL-9 that give way keep their own schema', () => {
    const loose = optional(30);
    expect(encode({ tools: [strict('a', loose)] }).body.tools?.[0]?.input_schema).toEqual(loose);
  });
});
