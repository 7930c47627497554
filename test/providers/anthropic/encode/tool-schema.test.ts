import { describe, expect, it } from 'vitest';
import { inputSchema } from '../../../../src/providers/anthropic/encode/tool-schema.ts';
import { contextOf, deepFreeze, encode, refusalOf, tool, warningsOf } from './encoding.ts';

const sent = (parameters: unknown): unknown =>
  encode({ tools: [tool('f', parameters)] }).body.tools?.[0]?.input_schema;
const refused = (parameters: unknown): string => refusalOf(() => sent(parameters));
const REFUSED = 'invalid_json_schema tools[0].function.parameters';
const EMPTY = { type: 'object', properties: {} };

describe('input_schema', () => {
  it.each([[undefined], [null], [{}], [{ $schema: 'http://json-schema.org/draft-07/schema#' }]])(
    'TL-3 BUG-52 is an empty object for %j',
    (parameters) => {
      expect(sent(parameters)).toEqual(EMPTY);
    },
  );

  it('TL-3 gets the type that its properties imply', () => {
    expect(sent({ properties: { a: {} } })).toEqual({ type: 'object', properties: { a: {} } });
    expect(sent({ type: ['object', 'null'], properties: {} })).toEqual(EMPTY);
    expect(sent({ description: 'anything' })).toEqual({ type: 'object', description: 'anything' });
  });

  it.each([
    [{ type: 'string' }],
    [{ type: 'array', items: {} }],
    [{ type: ['string', 'null'] }],
    [[]],
    ['x'],
  ])('TL-3 is refused for root %j', (parameters) => {
    expect(refused(parameters)).toBe(REFUSED);
  });

  it('TL-3 takes a root that is a reference to an object', () => {
    const $defs = { A: { type: 'object', properties: { a: {} } }, S: { type: 'string' } };
    expect(sent({ $ref: '#/$defs/A', $defs })).toEqual({ $defs, ...$defs.A });
    expect(refused({ $ref: '#/$defs/S', $defs })).toBe(REFUSED);
    expect(refused({ $ref: '#' })).toBe(REFUSED);
  });

  it('TL-7 BUG-53 is one object for several at the root, with a warning', () => {
    const anyOf = [
      { type: 'object', properties: { a: {}, k: {} }, required: ['a', 'k'] },
      { type: 'object', properties: { b: {}, k: {} }, required: ['k'] },
    ];
    const encoded = encode({
      tools: [tool('f', { anyOf, description: 'Either.', properties: { own: {} }, required: ['own'] })],
    });
    expect(encoded.body.tools?.[0]?.input_schema).toEqual({
      type: 'object',
      description: `Either.\n\n{anyOf: ${JSON.stringify(anyOf)}}`,
      properties: { a: {}, k: {}, b: {}, own: {} },
      required: ['own', 'k'],
    });
    expect(warningsOf(encoded)).toEqual(['schema_merged tools[0].function.parameters']);
  });

  it.each([
    [{ anyOf: [{ type: 'string' }] }],
    [{ oneOf: [{ type: 'object', properties: {} }, { type: 'null' }] }],
    [{ oneOf: [{ type: 'object' }], anyOf: [{ type: 'object' }] }],
    [{ type: 'string', allOf: [{ type: 'object' }] }],
  ])('TL-7 is refused for %j', (parameters) => {
    expect(refused(parameters)).toBe(REFUSED);
  });

  it('TL-8 TL-11 BUG-56 keeps every other keyword as it is', () => {
    const parameters = deepFreeze({
      type: 'object',
      properties: {
        a: { $ref: '#/$defs/A', description: 'sibling' },
        b: {
          oneOf: [{ type: 'string', minLength: 2, format: 'regex', default: 'x', examples: ['y'] }, true],
        },
        c: { type: 'integer', nullable: true, multipleOf: 2 },
      },
      additionalProperties: { type: 'string' },
      patternProperties: { '^x': {} },
      $defs: { A: { not: {} } },
    });
    expect(sent({ ...parameters, $schema: 'x' })).toEqual(parameters);
    expect(inputSchema(contextOf(), { type: 'object' }, 'p')).toEqual({ type: 'object' });
  });
});
