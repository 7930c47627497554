import type { Provider } from '../provider-kit/provider.ts';
import type { PoolOptions } from './options.ts';

/**
 * What differs between two sets of options, by name: `providers.acme`, `models.fast`, or the section. No values, for
 * some are secret.
 */
export function changesBetween(before: PoolOptions, after: PoolOptions): readonly string[] {
  const { providers: hadProviders, models: hadModels = {}, ...had } = before;
  const { providers, models = {}, ...has } = after;
  return [
    // Another object is another provider, whatever is in it.
    ...namesOf('providers.', byName(hadProviders), byName(providers), Object.is),
    ...namesOf('models.', hadModels, models),
    ...namesOf('', had, has),
  ];
}

function byName(providers: readonly Provider[]): Record<string, Provider> {
  return Object.fromEntries(providers.map((provider) => [provider.name, provider]));
}

function namesOf(
  path: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  isEqual: (one: unknown, other: unknown) => boolean = isSame,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isEqual(before[name], after[name])).map((name) => `${path}${name}`);
}

/** Options are not nested deeper; what is may go round in circles. */
const MAX_DEPTH = 8;

/** Whether two values say the same: plain data by what is in it, all else by identity. */
export function isSame(one: unknown, other: unknown): boolean {
  return isSameTo(MAX_DEPTH, one, other);
}

function isSameTo(depth: number, one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (depth === 0 || !isPlain(one) || !isPlain(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSameTo(depth - 1, Reflect.get(one, name), Reflect.get(other, name)));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
