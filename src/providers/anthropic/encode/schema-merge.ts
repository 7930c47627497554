import { isRecord } from '../../../provider-kit/index.ts';
import { dereference, describesObject, type Schema } from './schema-refs.ts';

/** The three keywords that combine schemas. */
export type Combinator = 'anyOf' | 'oneOf' | 'allOf';

/** What the branches of a combinator say together about an object. */
export interface Merged {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}

/**
 * One object schema out of several (TL-7, RF-5): the properties of all; required is what every branch requires,
 * and under `allOf`, where every branch holds, what any of them requires.
 *
 * @returns `undefined` when a branch is no object
 */
export function mergeBranches(
  root: Schema,
  branches: readonly unknown[],
  combinator: Combinator,
): Merged | undefined {
  const objects: Schema[] = [];
  for (const branch of branches) {
    const target = isRecord(branch) ? dereference(root, branch) : undefined;
    if (!target || !describesObject(target)) return undefined;
    objects.push(target);
  }
  const lists = objects.map(requiredOf);
  const [first = [], ...others] = lists;
  const required =
    combinator === 'allOf'
      ? [...new Set(lists.flat())]
      : first.filter((name) => others.every((list) => list.includes(name)));
  return { properties: uniteProperties(objects, combinator), required };
}

/** Names in `required` that are names. */
export function requiredOf(schema: Schema): readonly string[] {
  const { required } = schema;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

/** A property that branches describe differently may be any of them, or must be all of them under `allOf`. */
function uniteProperties(objects: readonly Schema[], combinator: Combinator): Merged['properties'] {
  const versions = new Map<string, Map<string, unknown>>();
  for (const { properties } of objects) {
    if (!isRecord(properties)) continue;
    for (const [name, schema] of Object.entries(properties)) {
      const known = versions.get(name) ?? new Map<string, unknown>();
      known.set(JSON.stringify(schema), schema);
      versions.set(name, known);
    }
  }
  const keyword = combinator === 'allOf' ? 'allOf' : 'anyOf';
  return Object.fromEntries(
    [...versions].map(([name, known]) => {
      const [only, ...more] = [...known.values()];
      return [name, more.length === 0 ? only : { [keyword]: [only, ...more] }];
    }),
  );
}

/** Adds to a schema's description what the schema itself can no longer say (RF-5). */
export function describe(
  description: unknown,
  removed: Readonly<Record<string, unknown>>,
): string | undefined {
  const text = typeof description === 'string' ? description : '';
  const told = Object.entries(removed).map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`);
  if (told.length === 0) return text === '' ? undefined : text;
  return `${text === '' ? '' : `${text}\n\n`}{${told.join(', ')}}`;
}
