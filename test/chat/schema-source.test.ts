import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as zm from 'zod/mini';
import * as z3 from 'zod/v3';
import { jsonSchemaOf } from '../../src/chat/schema-source.ts';
import type { StandardSchema } from '../../src/chat/standard-schema.ts';
import { InvalidRequestError } from '../../src/errors/index.ts';
import { anything, schemaBy } from './schemas.ts';

function refusal(schema: StandardSchema): InvalidRequestError {
  try {
    jsonSchemaOf(schema);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error;
    throw error;
  }
  return expect.unreachable('was written');
}

const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'number' } },
  required: ['name', 'age'],
};

describe('the JSON schema of a schema', () => {
  it('is what the library’s own converter writes, asked for the newest draft', () => {
    const asked: unknown[] = [];
    const input = (options: unknown) => {
      asked.push(options);
      return person;
    };
    const jsonSchema = { input };
    expect(jsonSchemaOf(schemaBy((value) => ({ value }), { jsonSchema }))).toBe(person);
    expect(asked).toEqual([{ target: 'draft-2020-12' }]);
  });

  it('is asked of the converter before zod’s own function', () => {
    const schema = z.object({ name: z.string() });
    const jsonSchema = { input: () => person };
    const own = { '~standard': { ...schema['~standard'], jsonSchema }, _zod: schema._zod };
    expect(jsonSchemaOf(own)).toBe(person);
  });

  it('comes from zod', () => {
    expect(jsonSchemaOf(z.object({ name: z.string(), age: z.number() }))).toMatchObject(person);
  });

  it('comes from zod mini, whose schemas have no converter', () => {
    const schema = zm.object({ name: zm.string(), age: zm.number() });
    expect(schema['~standard']).not.toHaveProperty('jsonSchema');
    expect(jsonSchemaOf(schema)).toMatchObject(person);
  });

  it('comes from a zod 4 that is too old to have a converter', () => {
    const schema = z.object({ name: z.string(), age: z.number() });
    const { jsonSchema: _, ...standard } = schema['~standard'];
    expect(jsonSchemaOf({ '~standard': standard, _zod: schema._zod } as StandardSchema)).toMatchObject(
      person,
    );
  });

  it('describes what the model writes, not what a transformation makes of it', () => {
    const schema = z.object({
      day: z.string().transform((text) => new Date(text)),
      unit: z.string().default('km'),
    });
    expect(jsonSchemaOf(schema)).toMatchObject({
      properties: { day: { type: 'string' }, unit: { type: 'string', default: 'km' } },
      required: ['day'],
    });
    const mini = zm.object({
      day: zm.pipe(
        zm.string(),
        zm.transform((text: string) => text.length),
      ),
    });
    expect(jsonSchemaOf(mini)).toMatchObject({ properties: { day: { type: 'string' } } });
  });
});

describe('no JSON schema', () => {
  it.each([
    ['valibot', v.object({ name: v.string() })],
    ['zod', z3.object({ name: z3.string() })],
    ['acme', anything],
  ])('can be had of %s without help, and the error says what to do', (vendor, schema) => {
    const error = refusal(schema);
    expect(error).toMatchObject({ param: 'response_format', reason: 'invalid_json_schema' });
    expect(error.message).toMatch(
      new RegExp(`^schemaFormat: schemas of ${vendor} .+; wrap .+ \`jsonSchema\`$`),
    );
  });

  it.each([
    ['with a converter', z.object({ at: z.date() })],
    ['without', zm.object({ at: zm.date() })],
  ])('can say a date, %s: the library’s reason is the cause', (_, schema) => {
    const error = refusal(schema);
    expect(error).toMatchObject({ reason: 'invalid_json_schema', cause: expect.any(Error) });
    expect(error.message).toMatch(/^schemaFormat: zod cannot write this schema/);
  });
});
