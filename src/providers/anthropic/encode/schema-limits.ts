import { isRecord } from '../../../provider-kit/index.ts';
import { requiredOf } from './schema-merge.ts';
import { childSchemas, resolveRef, type Schema } from './schema-refs.ts';

/** Properties that may be missing, in all schemas of a request together. */
export const MAX_OPTIONAL = 24;

/** Properties that may have several types, in all schemas of a request together. */
export const MAX_UNIONS = 16;

/** What counts against the limits of constrained output. */
export interface SchemaLoad {
  readonly optional: number;
  readonly unions: number;
}

/**
 * Why the structure of a schema cannot be represented in constrained output (RF-6), in words that finish
 * "the schema …".
 *
 * @returns `undefined` when it can
 */
export function structuralProblem(schema: Schema): string | undefined {
  return walk(schema, schema, new Set(), new Set());
}

/**
 * Why a request's schemas together are too much for constrained output, in words that finish "the schema
 * …".
 */
export function loadProblem({ optional, unions }: SchemaLoad): string | undefined {
  if (optional > MAX_OPTIONAL) return `has more than ${MAX_OPTIONAL} optional properties`;
  return unions > MAX_UNIONS ? `has more than ${MAX_UNIONS} properties of several types` : undefined;
}

/** Also tells a cycle from the other problems, see `isCyclic`. */
const CYCLE = 'refers to itself';

/** True for a schema from which references lead round in a circle. */
export function isCyclic(root: Schema, schema: unknown): boolean {
  return isRecord(schema) && walk(root, schema, new Set(), new Set(), true) === CYCLE;
}

/**
 * Depth first over children and references: an open schema met again is a cycle, a finished one is not
 * looked at twice.
 */
function walk(
  root: Schema,
  schema: Schema,
  open: Set<Schema>,
  done: Set<Schema>,
  onlyCycles = false,
): string | undefined {
  if (open.has(schema)) return CYCLE;
  if (done.has(schema)) return undefined;
  const extra = schema['additionalProperties'];
  const isMap = isRecord(extra) && Object.keys(extra).length > 0;
  if (isMap && !onlyCycles) return 'describes a map with free keys';
  open.add(schema);
  const ref = schema['$ref'];
  const target = typeof ref === 'string' ? resolveRef(root, ref) : undefined;
  if (typeof ref === 'string' && !target && !onlyCycles) return 'refers to something outside of it';
  for (const child of target ? [...childSchemas(schema), target] : childSchemas(schema)) {
    const problem = walk(root, child, open, done, onlyCycles);
    if (problem) return problem;
  }
  open.delete(schema);
  done.add(schema);
  return undefined;
}

/** Counts a schema's optional properties and union types, each definition once. */
export function schemaLoad(schema: Schema): SchemaLoad {
  let { optional, unions } = ownLoad(schema);
  for (const child of childSchemas(schema)) {
    const load = schemaLoad(child);
    optional += load.optional;
    unions += load.unions;
  }
  return { optional, unions };
}

/** What one schema adds by itself, its children aside. */
function ownLoad(schema: Schema): SchemaLoad {
  const { properties, type, anyOf, oneOf } = schema;
  const required = new Set(requiredOf(schema));
  const names = isRecord(properties) ? Object.keys(properties) : [];
  const isUnion = Array.isArray(anyOf) || Array.isArray(oneOf) || (Array.isArray(type) && type.length > 1);
  return { optional: names.filter((name) => !required.has(name)).length, unions: isUnion ? 1 : 0 };
}
