import { isRecord } from '../../../provider-kit/index.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { type Combinator, describe, mergeBranches, requiredOf } from './schema-merge.ts';
import { dereference, describesObject, type Schema } from './schema-refs.ts';

/** What the API refuses at the root of a tool schema, and only there. */
const COMBINATORS: readonly Combinator[] = ['anyOf', 'oneOf', 'allOf'];

/**
 * The `input_schema` of a tool: an object at the root (TL-3), no combinator there (TL-7), all else as it came (TL-8).
 *
 * @param path - of the caller's `parameters`
 * @throws ProviderError `invalid_request` when the root cannot be an object
 */
export function inputSchema(context: EncodeContext, parameters: unknown, path: string): Schema {
  if (parameters === undefined || parameters === null) return { type: 'object', properties: {} };
  if (!isRecord(parameters))
    throw refusal(context, path, 'invalid_json_schema', 'expected a JSON schema object');
  const { $schema: _, ...schema } = parameters;
  if (Object.keys(schema).length === 0) return { type: 'object', properties: {} };
  const combinator = COMBINATORS.find((keyword) => Array.isArray(schema[keyword]));
  if (combinator) return withoutCombinator(context, schema, combinator, path);
  return objectRoot(context, schema, path);
}

/** "input_schema.type: Field required" is the API's answer to a root without a type (TL-3). */
function objectRoot(context: EncodeContext, schema: Schema, path: string): Schema {
  if (schema['type'] === 'object') return schema;
  if (typeof schema['$ref'] === 'string') return inlinedRoot(context, schema, path);
  if (schema['type'] !== undefined && !describesObject(schema)) {
    throw refusal(context, path, 'invalid_json_schema', 'the root of a tool schema must be an object');
  }
  return { type: 'object', ...withoutType(schema) };
}

/** A list of types with `object` in it still describes an object. */
function withoutType(schema: Schema): Schema {
  const { type: _, ...rest } = schema;
  return rest;
}

/** The API wants `type` at the root and does not look behind a reference for it. */
function inlinedRoot(context: EncodeContext, schema: Schema, path: string): Schema {
  const target = dereference(schema, schema);
  if (!target || !describesObject(target)) {
    throw refusal(context, path, 'invalid_json_schema', 'the root of a tool schema must be an object');
  }
  const { $ref: _, ...rest } = schema;
  return { ...rest, ...target, type: 'object' };
}

/** "input_schema does not support oneOf, allOf, or anyOf at the top level": merged where that is possible. */
function withoutCombinator(
  context: EncodeContext,
  schema: Schema,
  combinator: Combinator,
  path: string,
): Schema {
  const { [combinator]: branches, description, required: _, ...rest } = schema;
  const merged = Array.isArray(branches) ? mergeBranches(schema, branches, combinator) : undefined;
  const hasMore = COMBINATORS.some((keyword) => keyword !== combinator && schema[keyword] !== undefined);
  if (!merged || hasMore || (schema['type'] !== undefined && !describesObject(schema))) {
    throw refusal(
      context,
      path,
      'invalid_json_schema',
      `${combinator} at the root cannot be sent; use one object`,
    );
  }
  warn(context, 'schema_merged', path, `${combinator} at the root is sent as one object with all properties`);
  const own = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = [...new Set([...requiredOf(schema), ...merged.required])];
  return {
    ...rest,
    type: 'object',
    description: describe(description, { [combinator]: branches }),
    properties: { ...merged.properties, ...own },
    ...(required.length > 0 && { required }),
  };
}
