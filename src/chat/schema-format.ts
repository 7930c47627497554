import { InvalidRequestError } from '../errors/index.ts';
import type { ForeignChatRequest } from './foreign-request.ts';
import { isRecord, type JsonObject } from './json.ts';
import type { ChatRequest } from './request.ts';
import { jsonSchemaOf } from './schema-source.ts';
import type { StandardSchema } from './standard-schema.ts';

/**
 * Under which a format carries its schema. A symbol, because neither JSON nor `structuredClone` sees it: nothing of
 * the schema's code can reach a wire. Of the registry, so that another copy of this package finds it too.
 */
export const schemaKey: unique symbol = Symbol.for('runestone.schema');

/** A `response_format` with the schema that reads the answer. Made by `schemaFormat`. */
export interface SchemaFormat<Output> {
  readonly type: 'json_schema';
  readonly json_schema: {
    readonly name: string;
    readonly description?: string;
    readonly schema: JsonObject;
    readonly strict: boolean;
  };
  readonly [schemaKey]: StandardSchema<Output>;
}

/** A request whose answer is read by a schema. */
export type SchemaRequest<Output> = (ChatRequest | ForeignChatRequest) & {
  readonly response_format: SchemaFormat<Output>;
};

/** What `schemaFormat` can be told. */
export interface SchemaFormatOptions {
  /** Letters, digits, `_` and `-`; at most 64. The model sees it. @default 'response' */
  readonly name?: string;
  /** What the answer is for. The model sees it. */
  readonly description?: string;
  /** False: rather take an unconstrained answer than none, where a provider cannot keep to the schema. @default true */
  readonly strict?: boolean;
  /** For a schema whose library has no converter, or in place of what it would write. @default the schema's own */
  readonly jsonSchema?: JsonObject;
}

/**
 * A `response_format` of any Standard Schema (zod, valibot, arktype…). The answer then has a typed
 * `choices[0].message.parsed`.
 *
 * @throws InvalidRequestError for a schema that JSON schema cannot express, or a bad name
 *
 * @example
 * const Person = z.object({ name: z.string(), age: z.int() });
 * const answer = await pool.request({ messages, response_format: schemaFormat(Person) });
 * answer.choices[0]?.message.parsed?.age;
 */
export function schemaFormat<Output>(
  schema: StandardSchema<Output>,
  options: SchemaFormatOptions = {},
): SchemaFormat<Output> {
  const { name = 'response', description, strict = true, jsonSchema } = options;
  if (!isStandardSchema(schema)) {
    throw refused(
      'expected a schema with `~standard`: of zod, valibot, arktype or another library',
      undefined,
    );
  }
  // OpenAI's rule; other hosts have no wider one.
  if (!/^[\w-]{1,64}$/.test(name)) throw refused('`name` must be 1 to 64 letters, digits, _ or -', 'name');
  return {
    type: 'json_schema',
    json_schema: {
      name,
      ...(description !== undefined && { description }),
      schema: jsonSchema ?? jsonSchemaOf(schema),
      strict,
    },
    [schemaKey]: schema,
  };
}

/** The schema a format carries; `undefined` for a format that was not made by `schemaFormat`. */
export function schemaOf(format: unknown): StandardSchema | undefined {
  const carried: unknown = isRecord(format) ? Reflect.get(format, schemaKey) : undefined;
  return isStandardSchema(carried) ? carried : undefined;
}

/**
 * Hands the schema on to the checked copy of a request, which a copy of JSON data would leave behind.
 *
 * @param to - fresh, and nobody else's
 */
export function keepSchema(from: unknown, to: ChatRequest): ChatRequest {
  const format = to.response_format;
  const schema = format && isRecord(from) ? schemaOf(from['response_format']) : undefined;
  if (format && schema) Object.assign(format, { [schemaKey]: schema });
  return to;
}

function isStandardSchema(value: unknown): value is StandardSchema {
  // Schemas of arktype are functions.
  if (typeof value !== 'function' && !isRecord(value)) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  return isRecord(standard) && typeof standard['validate'] === 'function';
}

function refused(problem: string, field: string | undefined): InvalidRequestError {
  return new InvalidRequestError(`schemaFormat: ${problem}`, {
    param: field === undefined ? 'response_format' : `response_format.json_schema.${field}`,
    reason: 'invalid_value',
  });
}
