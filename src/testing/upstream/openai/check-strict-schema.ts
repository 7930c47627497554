import { isObject, listOf, objectOf } from '../read-json.ts';

/**
 * What strict mode would hold against a schema, worded as the API words it, or undefined.
 *
 * Objects are closed and require all they have (OpenAI's guide to structured outputs). Only these two rules are
 * checked: they are the ones that ordinary schemas break.
 */
export function checkStrictSchema(schema: unknown, path: readonly string[] = []): string | undefined {
  const { type, properties, required, additionalProperties, items, anyOf } = objectOf(schema);
  const context = `In context=(${path.map((step) => `'${step}'`).join(', ')})`;
  if (type === 'object' || isObject(properties)) {
    if (additionalProperties !== false) {
      return `${context}, 'additionalProperties' is required to be supplied and to be false.`;
    }
    const missing = Object.keys(objectOf(properties)).find((key) => !listOf(required).includes(key));
    if (missing !== undefined) {
      return `${context}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
    }
  }
  const inner: (readonly [unknown, readonly string[]])[] = [
    ...Object.entries(objectOf(properties)).map(([key, one]) => [one, [...path, 'properties', key]] as const),
    ...(items === undefined ? [] : [[items, [...path, 'items']] as const]),
    ...listOf(anyOf).map((one, index) => [one, [...path, 'anyOf', String(index)]] as const),
  ];
  for (const [one, at] of inner) {
    const found = checkStrictSchema(one, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
