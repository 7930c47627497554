import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strictSchema } from '../../../../src/providers/anthropic/encode/strict-schema.ts';
import { deepFreeze } from './encoding.ts';

const closed = (properties: object = {}): object => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

describe('strictSchema', () => {
  it('RF-5 drops what says nothing about the value', () => {
    expect(strictSchema({ $schema: 'x', $id: 'y', $comment: 'z', type: 'string' })).toEqual({
      type: 'string',
    });
  });

  it('RF-5 moves definitions to $defs, with the references', () => {
    const schema = {
      type: 'object',
      properties: { a: { $ref: '#/definitions/A', description: 'gone' } },
      definitions: { A: { type: 'string', minLength: 1 } },
    };
    expect(strictSchema(schema)).toEqual({
      $defs: { A: { type: 'string', description: '{minLength: 1}' } },
      ...closed({ a: { $ref: '#/$defs/A' } }),
    });
  });

  it('RF-5 BUG-59 closes every object, at any depth', () => {
    const schema = { type: 'object', properties: { a: { type: 'array', items: { properties: { b: {} } } } } };
    expect(strictSchema(schema)).toEqual(closed({ a: { type: 'array', items: closed({ b: {} }) } }));
    expect(strictSchema({ type: 'object', additionalProperties: true })).toEqual(closed());
  });

  it('RF-5 keeps what is required', () => {
    expect(strictSchema({ type: 'object', properties: { a: {} }, required: ['a'] })['required']).toEqual([
      'a',
    ]);
    expect(strictSchema({ type: 'object', properties: { a: {} } })).not.toHaveProperty('required');
  });

  it('RF-5 has one spelling of unions and constants', () => {
    expect(strictSchema({ oneOf: [{ type: 'string' }, { const: 1 }] })).toEqual({
      anyOf: [{ type: 'string' }, { enum: [1] }],
    });
    expect(strictSchema({ type: ['string', 'null'] })).toEqual({ type: ['string', 'null'] });
    expect(strictSchema({ anyOf: [{}], oneOf: [{}] })).toEqual({ anyOf: [{}], description: '{oneOf: [{}]}' });
  });

  it('RF-5 keeps a single allOf and merges several objects', () => {
    expect(strictSchema({ allOf: [{ type: 'string' }] })).toEqual({ allOf: [{ type: 'string' }] });
    const schema = {
      $defs: { Base: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
      allOf: [{ $ref: '#/$defs/Base' }, { type: 'object', properties: { n: { type: 'number' } } }],
      properties: { own: {} },
    };
    expect(strictSchema(schema)).toMatchObject({
      type: 'object',
      properties: { id: { type: 'string' }, n: { type: 'number' }, own: {} },
      required: ['id'],
      additionalProperties: false,
    });
    expect(strictSchema({ allOf: [{ type: 'string' }, { minLength: 1 }] })).toEqual({
      allOf: [{ type: 'string' }, { description: '{minLength: 1}' }],
    });
  });

  it.each([
    ['minimum', 1],
    ['maximum', 1],
    ['multipleOf', 2],
    ['minLength', 1],
    ['maxLength', 1],
    ['pattern', '^a$'],
    ['uniqueItems', true],
    ['maxItems', 3],
    ['minItems', 2],
    ['propertyNames', {}],
    ['patternProperties', {}],
    ['not', {}],
    ['if', {}],
    ['then', {}],
    ['default', 1],
    ['examples', [1]],
    ['prefixItems', [{}]],
    ['format', 'regex'],
  ])('RF-5 BUG-58 tells %s in the description', (keyword, value) => {
    expect(strictSchema({ title: 't', description: 'd', [keyword]: value })).toEqual({
      title: 't',
      description: `d\n\n{${keyword}: ${JSON.stringify(value)}}`,
    });
  });

  it.each(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'])(
    'RF-5 keeps format %s',
    (format) => {
      expect(strictSchema({ type: 'string', format })).toEqual({ type: 'string', format });
    },
  );

  it('RF-5 keeps minItems 0 and 1', () => {
    expect([0, 1].map((minItems) => strictSchema({ minItems }))).toEqual([{ minItems: 0 }, { minItems: 1 }]);
  });

  it('RF-5 describes values that are no plain constants', () => {
    expect(strictSchema({ enum: [{ a: 1 }] })).toEqual({ description: '{enum: [{"a":1}]}' });
    expect(strictSchema({ allOf: 'odd', anyOf: 1 })).toEqual({ description: '{allOf: "odd", anyOf: 1}' });
    expect(strictSchema({ const: [1] })).toEqual({ description: '{const: [1]}' });
  });

  it('TL-11 makes unions of nullable and objects of booleans', () => {
    expect(strictSchema({ type: 'string', nullable: true })).toEqual({
      anyOf: [{ type: 'string' }, { type: 'null' }],
    });
    expect(strictSchema({ properties: { a: true } })).toEqual(closed({ a: {} }));
    expect(strictSchema({ type: 'string', nullable: false })).toEqual({ type: 'string' });
  });

  it('takes properties of any name for properties', () => {
    const properties = { $ref: { type: 'string' }, type: { type: 'string' }, allOf: {} };
    expect(strictSchema({ type: 'object', properties })).toEqual(closed(properties));
  });

  it('ends on schemas that go round in circles, also through allOf', () => {
    const node = {
      type: 'object',
      properties: { child: { allOf: [{ $ref: '#/$defs/N' }, { type: 'object', properties: { x: {} } }] } },
    };
    const schema = deepFreeze({ $ref: '#/$defs/N', $defs: { N: node } });
    const once = strictSchema(schema);
    expect(once['$ref']).toBe('#/$defs/N');
    expect(strictSchema(once)).toEqual(once);
  });

  it('ends soon on definitions that multiply', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const both = {
          allOf: [{ $ref: `#/$defs/D${index + 1}` }, { type: 'object', properties: { z: {} } }],
        };
        return [`D${index}`, { type: 'object', properties: { x: both, y: { ...both } } }];
      }),
    );
    const root = { $ref: '#/$defs/D0', $defs: { ...$defs, D40: { type: 'object', properties: {} } } };
    expect(JSON.stringify(strictSchema(root)).length).toBeLessThan(5_000_000);
  });

  const leaf = fc.oneof(
    fc.record(
      { type: fc.constantFrom('string', 'number', 'null'), minimum: fc.nat(), pattern: fc.string() },
      { requiredKeys: [] },
    ),
    fc.record({ $ref: fc.constantFrom('#/$defs/A', '#/definitions/A', '#', '#/$defs/Z') }),
    fc.record({ const: fc.jsonValue({ maxDepth: 1 }) }),
    fc.boolean(),
  );
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.record(
        {
          type: fc.constantFrom('object', ['object', 'null']),
          properties: fc.dictionary(fc.constantFrom('a', 'b', '$ref', 'type'), tie('schema'), { maxKeys: 3 }),
          required: fc.subarray(['a', 'b']),
          additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
          nullable: fc.boolean(),
          description: fc.string(),
          $defs: fc.record({ A: tie('schema') }),
        },
        { requiredKeys: [] },
      ),
      fc.record({ oneOf: fc.array(tie('schema'), { maxLength: 3 }) }),
      fc.record({
        allOf: fc.array(tie('schema'), { maxLength: 3 }),
        definitions: fc.record({ A: tie('schema') }),
      }),
      fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) }),
    ),
  }));

  it('RF-5 is idempotent, changes nothing it is given, and keeps to the subset', () => {
    fc.assert(
      fc.property(schema, (value) => {
        const once = strictSchema(deepFreeze({ properties: { root: value } }));
        expect(strictSchema(once)).toEqual(once);
        expect(keywordsOf(once).filter((keyword) => !SUBSET.has(keyword))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

const SUBSET = new Set(
  '$defs $ref additionalProperties allOf anyOf description enum format items minItems properties required title type'.split(
    ' ',
  ),
);

/** Keywords used anywhere in a schema; names of properties and definitions are none. */
function keywordsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword === 'properties' || keyword === '$defs')
      return [keyword, ...Object.values(value).flatMap(keywordsOf)];
    if (keyword === 'anyOf' || keyword === 'allOf')
      return [keyword, ...(value as unknown[]).flatMap(keywordsOf)];
    return keyword === 'items' ? [keyword, ...keywordsOf(value)] : [keyword];
  });
}
