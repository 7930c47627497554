/** A JSON object of any content. */
export type JsonObject = { readonly [key: string]: unknown };

/** True for a plain or null-prototype object: not an array, not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nesting at which a value is refused. Real requests stay under 50 levels; recursion is safe to a few thousand. */
export const MAX_JSON_DEPTH = 500;

/** Why a value is not JSON, and where. */
export class JsonCopyError extends Error {
  readonly path: string;
  constructor(path: string, problem: string) {
    super(problem);
    this.path = path;
  }
}

/**
 * A deep copy of JSON data that shares nothing mutable with the original, so that a caller who changes the
 * request afterwards changes nothing that is sent.
 *
 * `undefined` members are left out, as `JSON.stringify` does. Keys such as `__proto__` are copied as data and
 * never reach a prototype.
 *
 * @throws JsonCopyError for functions, symbols, bigints, NaN, class instances, cycles, throwing getters, and
 *   more than `MAX_JSON_DEPTH` levels
 */
export function copyJson(value: unknown, path = '', depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new JsonCopyError(path, 'is not a finite number');
      return value;
    case 'object':
      if (value === null) return null;
      // A cycle ends here too: it is nothing but endless depth.
      if (depth >= MAX_JSON_DEPTH)
        throw new JsonCopyError(path, `is nested deeper than ${MAX_JSON_DEPTH} levels`);
      return Array.isArray(value) ? copyArray(value, path, depth) : copyObject(value, path, depth);
    default:
      throw new JsonCopyError(path, `is a ${typeof value}, which JSON cannot carry`);
  }
}

function copyArray(value: readonly unknown[], path: string, depth: number): unknown[] {
  const copy: unknown[] = new Array(value.length);
  for (let index = 0; index < value.length; index++) {
    const item = read(value, index, path);
    copy[index] = typeof item === 'string' ? item : copyJson(item ?? null, at(path, index), depth + 1);
  }
  return copy;
}

function copyObject(value: object, path: string, depth: number): Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new JsonCopyError(path, `is a ${value.constructor?.name ?? 'class'} instance, not plain data`);
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = read(value, key, path);
    if (member === undefined) continue;
    const copied = typeof member === 'string' ? member : copyJson(member, at(path, key), depth + 1);
    // `__proto__` would set a prototype; and where prototypes are frozen, no name of theirs can be assigned.
    if (key in copy) {
      Object.defineProperty(copy, key, {
        value: copied,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else copy[key] = copied;
  }
  return copy;
}

function read(value: object, key: string | number, path: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    throw new JsonCopyError(at(path, key), 'could not be read');
  }
}

/** The path of a member: `messages[3].content`. */
function at(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path ? `${path}.${key}` : key;
}
