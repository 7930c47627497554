import { isRecord } from '../../src/chat/json.ts';

/** One scalar in a JSON value. */
export interface Leaf {
  /** As OpenAI writes paths: `messages[0].content[1].text`. */
  readonly path: string;
  readonly keys: readonly (string | number)[];
  readonly value: string | number | boolean;
}

/** All scalars of a value; `null` says nothing, and is left out. */
export function leavesOf(value: unknown, keys: readonly (string | number)[] = [], path = ''): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return [{ path, keys, value }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => leavesOf(item, [...keys, index], `${path}[${index}]`));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    leavesOf(member, [...keys, key], path === '' ? key : `${path}.${key}`),
  );
}

/** A copy of a value in which one leaf says something else. */
export function withOther<Value>(value: Value, leaf: Leaf): Value {
  const copy = structuredClone(value);
  const last = leaf.keys.at(-1);
  const parent = leaf.keys.slice(0, -1).reduce<unknown>((at, key) => Reflect.get(Object(at), key), copy);
  // Defined, not assigned: a key may be called `__proto__`.
  Object.defineProperty(parent, String(last), {
    value: other(leaf.value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

function other(value: Leaf['value']): Leaf['value'] {
  if (typeof value === 'string') return `${value}q`;
  return typeof value === 'number' ? value + 1 : !value;
}
