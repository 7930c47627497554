import { isRecord, MAX_JSON_DEPTH } from '../../../provider-kit/index.ts';

/** Methods of ES2024 that Node 20 has and the ES2023 type library does not list. */
interface WellFormedText {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Looked up once: a request holds thousands of texts. */
const ENGINE_HAS_METHODS = 'isWellFormed' in String.prototype;

/** Tells the compiler what the engine was found to have. */
function hasMethods(_text: string): _text is string & WellFormedText {
  return ENGINE_HAS_METHODS;
}

/** True for a text without lone surrogates; true also where the engine cannot tell. */
export function isWellFormed(text: string): boolean {
  return !hasMethods(text) || text.isWellFormed();
}

/** The text with every lone surrogate replaced by U+FFFD; NUL and all else stay (MSG-30). */
export function toWellFormed(text: string): string {
  return hasMethods(text) ? text.toWellFormed() : text;
}

/**
 * The same JSON value with well-formed texts and keys. Shares everything that needs no change: a value without
 * lone surrogates is returned itself. Never changes its argument.
 */
export function wellFormedJson<Value>(value: Value): Value;
export function wellFormedJson(value: unknown): unknown {
  if (typeof value === 'string') return isWellFormed(value) ? value : toWellFormed(value);
  if (Array.isArray(value)) return wellFormedArray(value);
  return isRecord(value) ? wellFormedObject(value) : value;
}

/** Copies on the first change only; most lists have none. */
function wellFormedArray(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    const clean = wellFormedJson(item);
    if (clean === item) continue;
    copy ??= [...list];
    copy[index] = clean;
  }
  return copy ?? list;
}

/** Keys are texts too, and a key of a tool's input can hold anything. */
function wellFormedObject(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let changed: Map<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    const clean = wellFormedJson(value);
    if (clean === value && isWellFormed(key)) continue;
    changed ??= new Map();
    changed.set(key, clean);
  }
  if (!changed) return object;
  // `fromEntries` defines members, so that a key such as `__proto__` stays data.
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [toWellFormed(key), changed.get(key) ?? value]),
  );
}

/** True when a JSON value is nested deeper than the house allows, so that recursion over it is not safe. */
export function isTooDeep(value: unknown, levels: number = MAX_JSON_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isTooDeep(member, levels - 1));
}
