import { isRecord } from '../../../provider-kit/index.ts';
import { isCyclic } from './schema-limits.ts';
import { describe, mergeBranches, requiredOf } from './schema-merge.ts';
import { describesObject, type Schema } from './schema-refs.ts';

/** Formats of strings that constrained output understands. */
const FORMATS: ReadonlySet<unknown> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

/** Keywords that say nothing about the value; they vanish without a trace. */
const SILENT: ReadonlySet<string> = new Set(['$schema', '$id', '$comment']);

/** Beyond so many schemas nothing is merged any more: merging copies, and nested copies multiply. */
const MAX_MERGED_NODES = 10_000;

/** One walk over a document. */
interface Walk {
  readonly root: Schema;
  nodes: number;
}

/** What a schema becomes while it is read keyword by keyword. */
interface Draft {
  readonly walk: Walk;
  readonly kept: Record<string, unknown>;
  /** Goes into the description. */
  readonly removed: Record<string, unknown>;
}

/**
 * A schema in the subset that constrained output and strict tools take (RF-5, TL-9).
 *
 * Deterministic and idempotent: what is taken away is told in `description`, and nothing is taken away twice.
 * References are kept, not followed, so that a cyclic schema ends too; whether it can be sent is for
 * `structuralProblem` to say.
 */
export function strictSchema(schema: Schema): Schema {
  return sanitize(schema, { root: schema, nodes: 0 });
}

/**
 * One schema. A reference stands alone, because its siblings are ignored by some readers and refused by
 * others; definitions beside it are kept, for they belong to the document.
 */
function sanitize(schema: unknown, walk: Walk): Schema {
  walk.nodes++;
  // `true` allows everything; `false` has no counterpart and is weakened to it (TL-11).
  if (!isRecord(schema)) return {};
  const defs = schema['$defs'] ?? schema['definitions'];
  const definitions = isRecord(defs) ? { $defs: sanitizeEach(defs, walk) } : {};
  if (typeof schema['$ref'] === 'string') return { ...definitions, $ref: modernRef(schema['$ref']) };
  if (schema['nullable'] === true) {
    const { nullable: _, $defs: __, definitions: ___, ...rest } = schema;
    return { ...definitions, anyOf: [sanitize(rest, walk), { type: 'null' }] };
  }
  const draft: Draft = { walk, kept: { ...definitions }, removed: {} };
  for (const [keyword, value] of Object.entries(schema)) readKeyword(draft, keyword, value, schema);
  if (describesObject(schema) || draft.kept['properties']) closeObject(draft, schema);
  const description = describe(schema['description'], draft.removed);
  return { ...draft.kept, ...(description !== undefined && { description }) };
}

/** Deals with one keyword. */
type Reader = (draft: Draft, value: unknown, schema: Schema) => boolean;

/** By keyword: takes the value over and returns true, or returns false to have it described. */
const READERS: Readonly<Record<string, Reader>> = {
  type: (draft, value) => keep(draft, 'type', value),
  title: (draft, value) => keep(draft, 'title', value),
  enum: (draft, value) => Array.isArray(value) && value.every(isPrimitive) && keep(draft, 'enum', value),
  const: (draft, value) => isPrimitive(value) && keep(draft, 'enum', [value]),
  anyOf: (draft, value) => readUnion(draft, value),
  oneOf: (draft, value, schema) => schema['anyOf'] === undefined && readUnion(draft, value),
  allOf: (draft, value) => readAllOf(draft, value),
  items: (draft, value) => isRecord(value) && keep(draft, 'items', sanitize(value, draft.walk)),
  format: (draft, value) => FORMATS.has(value) && keep(draft, 'format', value),
  minItems: (draft, value) => (value === 0 || value === 1) && keep(draft, 'minItems', value),
  properties: () => true,
  required: () => true,
  additionalProperties: () => true,
  description: () => true,
  nullable: () => true,
  $defs: () => true,
  definitions: () => true,
};

/** What no reader takes over goes into the description: the model may still honour it. */
function readKeyword(draft: Draft, keyword: string, value: unknown, schema: Schema): void {
  if (SILENT.has(keyword) || value === undefined) return;
  const reader = Object.hasOwn(READERS, keyword) ? READERS[keyword] : undefined;
  if (!reader?.(draft, value, schema)) draft.removed[keyword] = value;
}

/** Takes a keyword over, in the caller's order. */
function keep(draft: Draft, keyword: string, value: unknown): true {
  draft.kept[keyword] = value;
  return true;
}

/** True for a value that a grammar can spell out. */
const isPrimitive = (value: unknown): boolean => value === null || typeof value !== 'object';

/** Constrained output knows one kind of union (RF-5). */
function readUnion(draft: Draft, value: unknown): boolean {
  return (
    Array.isArray(value) &&
    keep(
      draft,
      'anyOf',
      value.map((branch) => sanitize(branch, draft.walk)),
    )
  );
}

/** A single branch stays; several become one object, or stay where they are none or go round in circles. */
function readAllOf(draft: Draft, value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const { root, nodes } = draft.walk;
  const mayMerge =
    value.length > 1 && nodes < MAX_MERGED_NODES && !value.some((branch) => isCyclic(root, branch));
  const merged = mayMerge ? mergeBranches(root, value, 'allOf') : undefined;
  if (!merged)
    return keep(
      draft,
      'allOf',
      value.map((branch) => sanitize(branch, draft.walk)),
    );
  draft.kept['type'] ??= 'object';
  draft.kept['properties'] = sanitizeEach(merged.properties, draft.walk);
  return keep(draft, 'required', merged.required);
}

/** Objects are closed: constrained output cannot write a property that the schema does not name. */
function closeObject(draft: Draft, schema: Schema): void {
  const own = isRecord(schema['properties']) ? sanitizeEach(schema['properties'], draft.walk) : {};
  const merged = isRecord(draft.kept['properties']) ? draft.kept['properties'] : {};
  const required = [...new Set([...requiredOf(schema), ...requiredOf(draft.kept)])];
  draft.kept['type'] ??= 'object';
  draft.kept['properties'] = { ...merged, ...own };
  if (required.length > 0 || Array.isArray(schema['required'])) draft.kept['required'] = required;
  else delete draft.kept['required'];
  draft.kept['additionalProperties'] = false;
}

/** Schemas by name; `fromEntries` keeps a name such as `__proto__` a name. */
function sanitizeEach(schemas: Schema, walk: Walk): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, sanitize(schema, walk)]));
}

/** `definitions` moves to `$defs`, and so do the references to it. */
function modernRef(ref: string): string {
  return ref.replace(/^#\/definitions\//, '#/$defs/');
}
