import { isRecord } from '../../../provider-kit/index.ts';

/** A JSON schema that is an object, as opposed to `true` and `false`. */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * What a local reference (`#/$defs/Name`, `#`) points to.
 *
 * @returns `undefined` for a reference out of the document or into nothing
 */
export function resolveRef(root: Schema, ref: string): Schema | undefined {
  if (!ref.startsWith('#')) return undefined;
  let target: unknown = root;
  for (const token of ref.slice(1).split('/').filter(Boolean)) {
    const key = decodeToken(token);
    if (!isRecord(target) && !Array.isArray(target)) return undefined;
    if (!Object.hasOwn(target, key)) return undefined;
    target = Reflect.get(target, key);
  }
  return isRecord(target) ? target : undefined;
}

/** A JSON pointer escapes `/` and `~`; in a fragment it may be percent-encoded too. */
function decodeToken(token: string): string {
  return token
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

/**
 * The schema itself, or what it refers to, over any number of references; `undefined` when they lead
 * nowhere.
 */
export function dereference(root: Schema, schema: Schema): Schema | undefined {
  const seen = new Set<Schema>();
  let current: Schema | undefined = schema;
  while (current !== undefined && typeof current['$ref'] === 'string') {
    if (seen.has(current)) return undefined;
    seen.add(current);
    current = resolveRef(root, current['$ref']);
  }
  return current;
}

/** True for a schema that describes objects, by its type or, without one, by its properties. */
export function describesObject(schema: Schema): boolean {
  const { type, properties } = schema;
  if (type === undefined) return isRecord(properties);
  return type === 'object' || (Array.isArray(type) && type.includes('object'));
}

/**
 * The schemas directly inside a schema, each with the key it stands under. Data (`enum`, `default`) is not
 * looked into.
 */
export function childSchemas(schema: Schema): readonly Schema[] {
  const children: Schema[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (SCHEMA_MAPS.has(keyword) && isRecord(value)) children.push(...Object.values(value).filter(isRecord));
    else if (SCHEMA_LISTS.has(keyword) && Array.isArray(value)) children.push(...value.filter(isRecord));
    else if (SCHEMA_VALUES.has(keyword) && isRecord(value)) children.push(value);
  }
  return children;
}

/** Keywords whose values are schemas by name. */
const SCHEMA_MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions', 'patternProperties']);
/** Keywords whose values are lists of schemas. */
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
/** Keywords whose value is one schema. */
const SCHEMA_VALUES: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
]);
