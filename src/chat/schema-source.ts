import * as z from 'zod';
import { InvalidRequestError } from '../errors/index.ts';
import type { JsonObject } from './json.ts';
import type { StandardSchema } from './standard-schema.ts';

/**
 * The JSON schema of what a model has to write so that the schema accepts it: of its input, not its output, which
 * a transformation may have made of it.
 *
 * The library's own converter comes first (Standard Schema 1.1: zod since 4.2, arktype, others by a wrapper), then
 * zod's `toJSONSchema`, which also reads older zod 4 and zod mini.
 *
 * @throws InvalidRequestError when the library has no converter, or the schema says what JSON schema cannot
 */
export function jsonSchemaOf(schema: StandardSchema): JsonObject {
  const { jsonSchema, vendor } = schema['~standard'];
  try {
    if (jsonSchema) return jsonSchema.input({ target: 'draft-2020-12' });
    if (isZod4(schema)) return z.toJSONSchema(schema, { io: 'input' });
  } catch (cause) {
    throw new InvalidRequestError(
      `schemaFormat: ${vendor} cannot write this schema as JSON schema (see cause); pass one as \`jsonSchema\``,
      { param: 'response_format', reason: 'invalid_json_schema', cause },
    );
  }
  throw new InvalidRequestError(
    `schemaFormat: schemas of ${vendor} cannot write themselves as JSON schema; wrap this one in its library's ` +
      'converter (such as toStandardJsonSchema of @valibot/to-json-schema), or pass one as `jsonSchema`',
    { param: 'response_format', reason: 'invalid_json_schema' },
  );
}

/** True for schemas of zod 4, of whichever copy: all of them keep what they are under this key. */
function isZod4(schema: StandardSchema): schema is StandardSchema & z.core.$ZodType {
  return '_zod' in schema;
}
