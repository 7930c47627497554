import fc from 'fast-check';
import { anyText } from './texts.ts';

type Schema = Record<string, unknown>;

const known = fc.constantFrom<Schema>(
  {},
  { type: 'object' },
  { type: 'object', properties: { a: { type: 'string', minLength: 1, format: 'email', default: 'x' } } },
  { $schema: 'https://json-schema.org/draft/2020-12/schema', properties: { a: { const: 1 } } },
  { type: 'object', properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: ['string', 'null'] } } },
  {
    $ref: '#/definitions/Node',
    definitions: { Node: { type: 'object', properties: { n: { type: 'number' } } } },
  },
  {
    anyOf: [
      { type: 'object', properties: { a: {} } },
      { type: 'object', properties: { b: {} }, required: ['b'] },
    ],
  },
  { type: 'object', allOf: [{ type: 'object', properties: { a: { enum: [1, 'b', null] } } }] },
  { type: 'object', additionalProperties: { type: 'string' } },
  { type: 'object', properties: { list: { type: 'array', items: { type: 'object' }, minItems: 2 } } },
  { type: 'object', properties: { any: true, none: false, maybe: { type: 'string', nullable: true } } },
);

/** Refers to itself, which constrained output cannot. */
const recursive: Schema = {
  type: 'object',
  properties: { child: { $ref: '#' }, name: { type: 'string' } },
  required: ['name'],
};

/** More optional properties than constrained output takes. */
const crowded: Schema = {
  type: 'object',
  properties: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`p${index}`, { type: 'number' }])),
};

/** Roots that no tool and no answer format can have. */
const impossible = fc.constantFrom<Schema>(
  { type: 'string' },
  { oneOf: [{ type: 'number' }, { type: 'object' }] },
);

/** Objects of random properties, three levels deep at most. */
const random = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'xsmall', maxDepth: 3 },
    fc.constantFrom<Schema>({ type: 'integer', minimum: 0 }, { type: 'boolean' }, { enum: ['a', 'b'] }),
    anyText.map((description) => ({ type: 'string', description })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    objectOf(tie('schema')),
  ),
})).schema;

function objectOf(schema: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc
    .dictionary(fc.constantFrom('a', 'b', 'c d', '__proto__', ''), schema, { maxKeys: 3 })
    .map((properties) => ({ type: 'object', properties, required: Object.keys(properties).slice(0, 1) }));
}

/** The schema of a tool's parameters or of an answer. */
export const anySchema: fc.Arbitrary<Schema> = fc.oneof(
  { weight: 12, arbitrary: known },
  { weight: 2, arbitrary: fc.constantFrom(recursive, crowded) },
  { weight: 1, arbitrary: impossible },
  { weight: 6, arbitrary: objectOf(random) },
);
