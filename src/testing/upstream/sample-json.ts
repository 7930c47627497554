import { isObject, listOf, objectOf } from './read-json.ts';

/** Deeper levels of a schema, and what its `$ref`s point to, are answered with null. */
const MAX_DEPTH = 8;

/**
 * A value that a JSON schema describes, made without chance: what a model could have answered.
 *
 * @param word - stands where a string is wanted and nothing says which
 */
export function sampleJson(schema: unknown, word: string, depth = 0): unknown {
  const { enum: allowed, const: fixed, anyOf, default: preset, type } = objectOf(schema);
  if (fixed !== undefined) return fixed;
  if (preset !== undefined) return preset;
  if (Array.isArray(allowed)) return allowed[0];
  if (Array.isArray(anyOf)) return sampleJson(anyOf[0], word, depth + 1);
  if (depth > MAX_DEPTH) return null;
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return word;
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [sampleJson(objectOf(schema)['items'], word, depth + 1)];
    case 'object':
      return sampleObject(objectOf(schema), word, depth);
    default:
      return isObject(objectOf(schema)['properties']) ? sampleObject(objectOf(schema), word, depth) : null;
  }
}

/** Required properties only, where the schema says which those are. */
function sampleObject(
  { properties, required }: Readonly<Record<string, unknown>>,
  word: string,
  depth: number,
): Record<string, unknown> {
  const wanted = Array.isArray(required) ? listOf(required) : Object.keys(objectOf(properties));
  const entries = Object.entries(objectOf(properties)).filter(([key]) => wanted.includes(key));
  return Object.fromEntries(entries.map(([key, schema]) => [key, sampleJson(schema, word, depth + 1)]));
}
