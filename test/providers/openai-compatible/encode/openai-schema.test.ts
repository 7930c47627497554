import fc from 'fast-check';
import { toStrictJsonSchema } from 'openai7/lib/transform';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { JsonObject } from '../../../../src/provider-kit/index.ts';
import { openaiStrictSchema } from '../../../../src/providers/openai-compatible/encode/openai-schema.ts';

/** An object with one property `p`, as strict mode wants it. */
const closed = (p: unknown): JsonObject => ({
  type: 'object',
  properties: { p },
  required: ['p'],
  additionalProperties: false,
});
const open = (p: unknown, more: object = {}): JsonObject => ({
  type: 'object',
  properties: { p },
  required: ['p'],
  ...more,
});
const text = { type: 'string' };
const nothing = { type: 'null' };

/** The schema in strict mode; fails when it has a problem. */
function strict(schema: JsonObject): JsonObject {
  const { schema: put, problem } = openaiStrictSchema(schema);
  expect(problem).toBeUndefined();
  return put;
}

const written = (schema: z.ZodType): JsonObject => z.toJSONSchema(schema, { io: 'input' });

describe('a schema in the subset', () => {
  it.each<[string, unknown]>([
    ['types', { type: ['integer', 'null'] }],
    ['enums and constants', { anyOf: [{ enum: ['a', 1, null] }, { const: true }] }],
    ['bounds of numbers', { type: 'number', minimum: 0, exclusiveMaximum: 9, multipleOf: 3 }],
    ['bounds of strings', { type: 'string', minLength: 1, maxLength: 9, pattern: '^[a-z]+(?:-[a-z]+)?$' }],
    ['lists', { type: 'array', items: closed(text), minItems: 1, maxItems: 4 }],
    ['known formats', { type: 'string', format: 'date-time', title: 'When', description: 'In UTC.' }],
    ['references', { $ref: '#' }],
    ['properties named like keywords', closed({ type: 'string', description: 'x' })],
  ])('stays what it is: %s', (_, property) => {
    expect(strict(closed(property))).toEqual(closed(property));
  });

  it('has closed objects at every depth', () => {
    const deep = { type: 'array', items: { anyOf: [open(text), nothing] } };
    expect(strict(open(deep, { additionalProperties: true }))).toEqual(
      closed({ type: 'array', items: { anyOf: [closed(text), nothing] } }),
    );
    expect(strict(open(open(text, { type: undefined })))).toEqual(closed(closed(text)));
    expect(strict({ type: 'object', properties: {} })).toEqual({
      ...{ type: 'object', properties: {}, required: [], additionalProperties: false },
    });
  });

  it('knows one kind of union and one place for definitions', () => {
    const schema = open({ oneOf: [{ $ref: '#/definitions/Name', description: 'lost' }, nothing] });
    expect(strict({ ...schema, definitions: { Name: text } })).toEqual({
      ...closed({ anyOf: [{ $ref: '#/$defs/Name' }, nothing] }),
      $defs: { Name: text },
    });
  });

  it('has a union with null in place of OpenAPI’s `nullable`', () => {
    expect(strict(open({ type: 'string', nullable: true }))).toEqual(closed({ anyOf: [text, nothing] }));
  });

  it.each<[object, object]>([
    [{ format: 'uri' }, { description: '{format: "uri"}' }],
    [{ default: 'x', description: 'A word.' }, { description: 'A word.\n\n{default: "x"}' }],
    [
      { pattern: '^(?!a)b', not: { const: 'b' } },
      { description: '{pattern: "^(?!a)b", not: {"const":"b"}}' },
    ],
    [{ pattern: '(?<=a)b' }, { description: '{pattern: "(?<=a)b"}' }],
    [{ $comment: 'silent' }, {}],
  ])('tells the model in words what a grammar cannot hold: %j', (keywords, told) => {
    expect(strict(open({ ...text, ...keywords }))).toEqual(closed({ ...text, ...told }));
  });

  it('drops what only names the dialect', () => {
    expect(
      strict({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'x', ...open(text) }),
    ).toEqual(closed(text));
  });
});

describe('an optional property', () => {
  const optional = (p: unknown): JsonObject => ({ type: 'object', properties: { p } });

  it.each([
    { type: ['string', 'null'] },
    { anyOf: [text, nothing] },
    { oneOf: [text, { anyOf: [nothing] }] },
    { enum: ['a', null] },
    { const: null },
  ])('that may be null becomes required, for then null says that there is none: %j', (schema) => {
    expect(strict(optional(schema))).toMatchObject({ required: ['p'], properties: { p: {} } });
  });

  it.each([
    text,
    { type: ['string', 'null'], enum: ['a'] },
    { type: 'string', anyOf: [text, nothing] },
    { const: 'null' },
    { $ref: '#' },
  ])('that may not be null would have to be invented: %j', (schema) => {
    expect(openaiStrictSchema(optional(schema))).toEqual({
      schema: optional(schema),
      problem: 'has optional properties that may not be null',
    });
  });
});

describe('a schema outside the subset', () => {
  it.each<[string, JsonObject]>([
    ['has no object at its root', { type: 'array', items: text }],
    ['has no object at its root', { anyOf: [closed(text), closed(nothing)] }],
    ['has no object at its root', { ...closed(text), anyOf: [closed(text)] }],
    ['has no object at its root', { $ref: '#/$defs/a', $defs: { a: closed(text) } }],
    ['describes a map with free keys', open({ type: 'object', additionalProperties: text })],
    ['describes a map with free keys', open({ type: 'object' })],
    ['describes a map with free keys', open({ ...closed(text), patternProperties: { '^x': text } })],
    ['describes a tuple', open({ type: 'array', items: text, prefixItems: [text] })],
    ['joins schemas by allOf', open({ allOf: [closed(text)] })],
    ['joins anyOf and oneOf', open({ anyOf: [text], oneOf: [nothing] })],
    ['has a place where any value is allowed', open({})],
    ['has a place where any value is allowed', open(true)],
    ['has a place where any value is allowed', open({ type: 'array' })],
    ['has a place where any value is allowed', open({ type: 'array', items: [text] })],
    ['has a place where any value is allowed', open({ description: 'Anything.' })],
    ['refers to something outside of it', open({ $ref: 'https://example.com/person.json' })],
    ['refers to something by a dynamic reference', open({ type: 'string', $dynamicRef: '#x' })],
  ])('%s, and is left as it was: %j', (problem, schema) => {
    const found = openaiStrictSchema(schema);
    expect(found.problem).toBe(problem);
    expect(found.schema).toBe(schema);
  });

  it.each([
    ['optional', z.object({ a: z.string().optional() })],
    ['a default', z.object({ a: z.string().default('x') })],
    ['a map', z.object({ a: z.record(z.string(), z.number()) })],
    ['a tuple', z.object({ a: z.tuple([z.string(), z.number()]) })],
    ['anything', z.object({ a: z.unknown() })],
  ])('is what zod makes of %s', (_, schema) => {
    expect(openaiStrictSchema(written(schema)).problem).toBeDefined();
  });
});

describe('by the rules of the official client', () => {
  const Node = z.object({
    name: z.string(),
    get children() {
      return z.array(Node);
    },
  });

  it.each([
    [
      'strings',
      z.object({ mail: z.email(), url: z.url(), id: z.uuid(), day: z.iso.date(), s: z.string().min(2) }),
    ],
    ['numbers', z.object({ n: z.int().min(0).max(9), f: z.number().multipleOf(0.5), b: z.boolean() })],
    ['nullish', z.object({ a: z.string().nullish(), b: z.enum(['x', 'y']).nullable() })],
    ['unions', z.object({ a: z.union([z.string(), z.number()]), l: z.literal('l'), e: z.literal(['a', 1]) })],
    [
      'variants',
      z.object({
        a: z.discriminatedUnion('k', [
          z.object({ k: z.literal('x'), v: z.string() }),
          z.object({ k: z.literal('y') }),
        ]),
      }),
    ],
    ['recursion', Node],
    [
      'intersections',
      z.object({ a: z.intersection(z.object({ b: z.string() }), z.object({ c: z.string() })) }),
    ],
    ['descriptions', z.object({ a: z.array(z.string().describe('One.')).min(1) }).describe('All.')],
  ])('what zod makes of %s is put so that nothing is left to do', (_, schema) => {
    const put = strict(written(schema));
    expect(toStrictJsonSchema(put)).toEqual(put);
  });

  const leaf = fc.constantFrom<JsonObject>(
    ...[
      text,
      nothing,
      { type: 'integer', minimum: 0 },
      { enum: ['a', 'b'] },
      { enum: [1, null] },
      { const: 'x' },
    ],
    ...[{ type: 'string', format: 'uri' }, { type: 'string', default: 'd' }, { type: ['string', 'null'] }],
    ...[{}, { type: 'object' }, { type: 'array' }, { $ref: '#' }, { allOf: [text] }],
  );
  const { node } = fc.letrec<{ node: JsonObject; object: JsonObject }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      { arbitrary: leaf, weight: 3 },
      tie('object'),
      tie('node').map((items) => ({ type: 'array', items })),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf })),
    ),
    object: fc
      .record({
        properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'), { maxKeys: 3 }),
        optional: fc.subarray(['a', 'b', 'c'], { maxLength: 1 }),
        extra: fc.constantFrom(undefined, true, false, {}),
      })
      .map(({ properties, optional, extra }) => ({
        type: 'object',
        properties,
        required: Object.keys(properties).filter((name) => !optional.includes(name)),
        ...(extra !== undefined && { additionalProperties: extra }),
      })),
  }));

  it('any schema is put so that it is accepted, for good, or is left as it was', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b'), node, { minKeys: 1 }), (properties) => {
        const schema = { type: 'object', properties, required: Object.keys(properties) };
        const before = JSON.stringify(schema);
        const { schema: put, problem } = openaiStrictSchema(schema);
        expect(JSON.stringify(schema)).toBe(before);
        if (problem !== undefined) {
          expect(put).toBe(schema);
          return;
        }
        accepted++;
        expect(openaiStrictSchema(put)).toEqual({ schema: put, problem: undefined });
        expect(() => toStrictJsonSchema(put)).not.toThrow();
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
