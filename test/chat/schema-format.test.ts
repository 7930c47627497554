import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { parseRequest } from '../../src/chat/parse-request.ts';
import type { ChatRequest, ResponseFormat } from '../../src/chat/request.ts';
import {
  keepSchema,
  type SchemaFormat,
  type SchemaFormatOptions,
  schemaFormat,
  schemaKey,
  schemaOf,
} from '../../src/chat/schema-format.ts';
import { anything, schemaBy } from './schemas.ts';

const Person = z.object({ name: z.string(), born: z.string().transform((text) => new Date(text)) });
const jsonSchema = { type: 'object', properties: {} };
const messages = [{ role: 'user' as const, content: 'Who?' }];

describe('schemaFormat', () => {
  it('is a `response_format` of the schema, strict and named `response`', () => {
    expect(schemaFormat(Person)).toMatchObject({
      type: 'json_schema',
      json_schema: {
        name: 'response',
        strict: true,
        schema: { type: 'object', properties: { name: { type: 'string' }, born: { type: 'string' } } },
      },
    });
    expect(schemaFormat(Person).json_schema).not.toHaveProperty('description');
  });

  it('takes name, description, `strict` and a JSON schema, which wins over the schema’s own', () => {
    const options = { name: 'a-person_1', description: 'One of us.', strict: false };
    const format = schemaFormat(Person, { ...options, jsonSchema });
    expect(format.json_schema).toEqual({ ...options, schema: jsonSchema });
    expect(format.json_schema.schema).toBe(jsonSchema);
  });

  it('takes a schema of any library, with a JSON schema from elsewhere', () => {
    const schema = v.object({ name: v.string() });
    expect(schemaOf(schemaFormat(schema, { jsonSchema }))).toBe(schema);
  });

  it('takes a schema that is a function, as those of arktype are', () => {
    const { '~standard': standard } = anything;
    const schema = Object.assign(() => true, { '~standard': standard });
    expect(schemaOf(schemaFormat(schema, { jsonSchema }))).toBe(schema);
  });

  it.each(['', 'a b', 'a.b', 'é', 'x'.repeat(65), 'a\n'])('refuses the name %j', (name) => {
    expect(() => schemaFormat(Person, { name })).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'response_format.json_schema.name' }),
    );
  });

  it.each([undefined, null, 'string', {}, [], jsonSchema, { '~standard': {} }, { '~standard': null }])(
    'refuses %j, which is no schema',
    (schema) => {
      expect(() => schemaFormat(schema as never)).toThrow(/^schemaFormat: expected a schema/);
    },
  );
});

describe('the schema in a format', () => {
  const format = schemaFormat(Person, { jsonSchema });

  it('is in no JSON and in no clone', () => {
    const json = { name: 'response', schema: jsonSchema, strict: true };
    expect(JSON.parse(JSON.stringify(format))).toStrictEqual({ type: 'json_schema', json_schema: json });
    expect(structuredClone(format)).toStrictEqual({ type: 'json_schema', json_schema: json });
    expect(Object.keys(format)).toEqual(['type', 'json_schema']);
  });

  it('goes with a copy by spread, as its type says', () => {
    expect(schemaOf({ ...format, json_schema: { ...format.json_schema, name: 'other' } })).toBe(Person);
  });

  it('is found by another copy of this package', () => {
    expect(Reflect.get(format, Symbol.for('runestone.schema'))).toBe(Person);
  });

  it.each([undefined, null, 'text', { type: 'json_object' }, { [schemaKey]: 1 }, { [schemaKey]: {} }])(
    'is not in %j',
    (other) => {
      expect(schemaOf(other)).toBeUndefined();
    },
  );
});

describe('a checked request', () => {
  const request = { messages, response_format: schemaFormat(Person) };

  it.each([true, false])('keeps the schema, streamed: %s', (stream) => {
    const parsed = parseRequest(request, stream);
    expect(schemaOf(parsed.response_format)).toBe(Person);
    expect(parsed.response_format).not.toBe(request.response_format);
    expect(JSON.stringify(parsed.response_format)).toBe(JSON.stringify(request.response_format));
  });

  it('keeps it through a second check, and through copies', () => {
    const again = parseRequest({ ...parseRequest(request, true) }, false);
    expect(schemaOf(again.response_format)).toBe(Person);
  });

  it('has none where there was none', () => {
    const plain = { messages, response_format: JSON.parse(JSON.stringify(request.response_format)) };
    expect(schemaOf(parseRequest(plain, false).response_format)).toBeUndefined();
    expect(keepSchema(null, { messages })).toEqual({ messages });
    expect(schemaOf(keepSchema(request, { messages }))).toBeUndefined();
  });

  it('leaves the caller’s format as it was', () => {
    const frozen = Object.freeze(schemaFormat(Person));
    expect(schemaOf(parseRequest({ messages, response_format: frozen }, false).response_format)).toBe(Person);
  });
});

// Checked by `tsc`.
describe('the types', () => {
  it('know what the schema makes, of every library', () => {
    expectTypeOf(schemaFormat(Person)).toEqualTypeOf<SchemaFormat<{ name: string; born: Date }>>();
    const valibot = v.object({ name: v.pipe(v.string(), v.transform(Number)) });
    expectTypeOf(schemaFormat(valibot, { jsonSchema })).toEqualTypeOf<SchemaFormat<{ name: number }>>();
    const mine = schemaBy<'a' | 'b'>(() => ({ value: 'a' }));
    expectTypeOf(schemaFormat(mine, { jsonSchema })).toEqualTypeOf<SchemaFormat<'a' | 'b'>>();
  });

  it('let a format stand in any request', () => {
    expectTypeOf<SchemaFormat<string>>().toExtend<ResponseFormat>();
    expectTypeOf<{ messages: []; response_format: SchemaFormat<string> }>().toExtend<ChatRequest>();
    expectTypeOf<SchemaFormatOptions>().toExtend<{ strict?: boolean }>();
  });
});
