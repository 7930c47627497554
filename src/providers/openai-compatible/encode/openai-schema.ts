import { isRecord, type JsonObject } from '../../../provider-kit/index.ts';

/** A schema as OpenAI's strict mode takes it, or the same schema and why it cannot be put so. */
export interface StrictSchema {
  readonly schema: JsonObject;
  /** Finishes "the schema …". When it is set, `schema` is untouched and can only be sent without `strict`. */
  readonly problem: string | undefined;
}

/** One walk over a document. */
interface Walk {
  problem: string | undefined;
}

/**
 * Puts a schema into the subset of OpenAI's strict mode, where that is possible without asking for anything that the
 * schema does not allow. Source: https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas
 *
 * Objects are closed and `oneOf` becomes `anyOf`; what a grammar cannot hold moves to `description`, for the model
 * to honour and the reader of the answer to check. An optional property becomes required where it may be null, for
 * then null says that there is none. Where it may not, the model would have to invent a value, so that the schema is
 * a problem, as are maps, tuples, intersections and free values.
 *
 * Pure and idempotent. How much a schema may hold (depth, properties, values of enums) is left to the host to say.
 */
export function openaiStrictSchema(schema: JsonObject): StrictSchema {
  const walk: Walk = { problem: undefined };
  const strict = subset(schema, walk);
  if (strict['type'] !== 'object' || strict['anyOf'] !== undefined) report(walk, 'has no object at its root');
  return walk.problem === undefined
    ? { schema: strict, problem: undefined }
    : { schema, problem: walk.problem };
}

/** Keywords that are taken as they are. */
const KEPT: ReadonlySet<string> = new Set([
  ...['type', 'title', 'enum', 'const', 'multipleOf', 'minimum', 'maximum', 'exclusiveMinimum'],
  ...['exclusiveMaximum', 'minLength', 'maxLength', 'minItems', 'maxItems'],
]);

/** Keywords that other code deals with, or that say nothing about the value. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...['properties', 'required', 'additionalProperties', 'description', '$defs', 'definitions', 'nullable'],
  ...['$schema', '$id', '$comment'],
]);

/** Keywords without which a schema is another one. */
const VITAL: Readonly<Record<string, string>> = {
  allOf: 'joins schemas by allOf',
  prefixItems: 'describes a tuple',
  patternProperties: 'describes a map with free keys',
  $dynamicRef: 'refers to something by a dynamic reference',
};

/** "'uri' is not a valid format" is the answer to any other. */
const FORMATS: ReadonlySet<unknown> = new Set([
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'],
]);

/** "regex lookaround is not supported": zod writes one for an e-mail address. */
const LOOKAROUND = /\(\?<?[=!]/;

const FREE = 'has a place where any value is allowed';

function subset(schema: unknown, walk: Walk): JsonObject {
  if (!isRecord(schema)) return report(walk, FREE);
  const definitions = schema['$defs'] ?? schema['definitions'];
  const draft: Record<string, unknown> = isRecord(definitions) ? { $defs: each(definitions, walk) } : {};
  // What stands beside a reference is refused.
  if (typeof schema['$ref'] === 'string') return { ...draft, $ref: localRef(schema['$ref'], walk) };
  if (schema['nullable'] === true) {
    const { nullable: _, $defs: __, definitions: ___, ...rest } = schema;
    return { ...draft, anyOf: [subset(rest, walk), { type: 'null' }] };
  }
  const removed: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const kept = readKeyword(keyword, value, walk);
    if (kept) draft[kept[0]] = kept[1];
    else if (!ELSEWHERE.has(keyword)) removed.push(`${keyword}: ${JSON.stringify(value)}`);
  }
  if (isRecord(schema['properties']) || isOf('object', schema)) close(draft, schema, walk);
  if (isOf('array', schema) && draft['items'] === undefined) report(walk, FREE);
  if (!['type', 'enum', 'const', 'anyOf'].some((keyword) => keyword in draft)) report(walk, FREE);
  if ('anyOf' in schema && 'oneOf' in schema) report(walk, 'joins anyOf and oneOf');
  return described(draft, schema['description'], removed);
}

/** A keyword as it is sent, with its value; `undefined` for one that is not sent. */
function readKeyword(
  keyword: string,
  value: unknown,
  walk: Walk,
): readonly [keyword: string, value: unknown] | undefined {
  if (Object.hasOwn(VITAL, keyword)) report(walk, VITAL[keyword] ?? keyword);
  if (KEPT.has(keyword)) return [keyword, value];
  switch (keyword) {
    case 'items':
      return Array.isArray(value) ? undefined : [keyword, subset(value, walk)];
    case 'anyOf':
    case 'oneOf':
      return Array.isArray(value) ? ['anyOf', value.map((branch) => subset(branch, walk))] : undefined;
    case 'format':
      return FORMATS.has(value) ? [keyword, value] : undefined;
    case 'pattern':
      return typeof value === 'string' && !LOOKAROUND.test(value) ? [keyword, value] : undefined;
    default:
      return undefined;
  }
}

/** Closes an object: every property is named and required, and there are no others. */
function close(draft: Record<string, unknown>, schema: JsonObject, walk: Walk): void {
  const { properties, required, additionalProperties: extra } = schema;
  const named = isRecord(properties) ? properties : {};
  const isMap = isRecord(extra) && Object.keys(extra).length > 0;
  const isFree = !isRecord(properties) && extra !== false;
  if (isMap || isFree) report(walk, 'describes a map with free keys');
  const demanded = new Set<unknown>(Array.isArray(required) ? required : []);
  for (const [name, property] of Object.entries(named)) {
    if (!demanded.has(name) && !allowsNull(property))
      report(walk, 'has optional properties that may not be null');
  }
  draft['type'] ??= 'object';
  draft['properties'] = each(named, walk);
  draft['required'] = Object.keys(named);
  draft['additionalProperties'] = false;
}

/** `fromEntries` keeps a name such as `__proto__` a name. */
function each(schemas: JsonObject, walk: Walk): JsonObject {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, subset(schema, walk)]));
}

/** True only where every keyword that could forbid null allows it. */
function allowsNull(schema: unknown): boolean {
  if (!isRecord(schema)) return false;
  const { type, enum: values, anyOf, oneOf, nullable } = schema;
  const words = [
    type === undefined ? undefined : isOf('null', schema),
    Array.isArray(values) ? values.includes(null) : undefined,
    'const' in schema ? schema['const'] === null : undefined,
    ...[anyOf, oneOf].map((branches) => (Array.isArray(branches) ? branches.some(allowsNull) : undefined)),
  ];
  return nullable === true || (words.includes(true) && !words.includes(false));
}

function isOf(type: string, schema: JsonObject): boolean {
  const { type: types } = schema;
  return types === type || (Array.isArray(types) && types.includes(type));
}

function localRef(ref: string, walk: Walk): string {
  if (!ref.startsWith('#')) report(walk, 'refers to something outside of it');
  return ref.replace(/^#\/definitions\//, '#/$defs/');
}

/** The draft with its description, and in it what the draft cannot say. */
function described(draft: JsonObject, description: unknown, removed: readonly string[]): JsonObject {
  const text = typeof description === 'string' ? description : '';
  const told = removed.length > 0 ? `{${removed.join(', ')}}` : '';
  const both = [text, told].filter(Boolean).join('\n\n');
  return both === '' ? draft : { ...draft, description: both };
}

/** Notes why the schema cannot be sent as strict; the first reason stands. */
function report(walk: Walk, problem: string): JsonObject {
  walk.problem ??= problem;
  return {};
}
