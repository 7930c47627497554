/** Deepest level that is copied. Our payloads need five; a host's own figures inside `usage` may hold anything. */
const MAX_DEPTH = 12;

/**
 * A copy of plain data that nobody can change, at any level (H6).
 *
 * A copy, because freezing the original would reach into objects that a provider still writes to. What lies
 * deeper than `MAX_DEPTH` is left out; class instances pass as they are.
 */
export function frozenCopy<Value>(value: Value): Value;
export function frozenCopy(value: unknown, depth?: number): unknown;
export function frozenCopy(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => frozenCopy(item, depth + 1)));
  if (!isPlain(value)) return value;
  // Built from entries, so that a key named `__proto__` stays a key.
  const entries = Object.entries(value).map(([key, member]) => [key, frozenCopy(member, depth + 1)]);
  return Object.freeze(Object.fromEntries(entries));
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
