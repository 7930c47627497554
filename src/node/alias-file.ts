import * as yaml from 'yaml';
import * as z from 'zod';
import { ConfigError, type RouteTarget } from '../index.ts';

/** The aliases of a pool, as its option `models` takes them. */
export type Aliases = Readonly<Record<string, readonly RouteTarget[]>>;

const target: z.ZodType<RouteTarget> = z.union([
  z.string(),
  z.strictObject({
    target: z.string(),
    tier: z.number().exactOptional(),
    weight: z.number().exactOptional(),
  }),
]);

const file = z.strictObject({ models: z.record(z.string().min(1), z.array(target).min(1)) });

/** References of a YAML file to other parts of it, which could blow it up. */
const MAX_REFERENCES = 100;

/** Keys that mean something to JavaScript and nothing in a file (I1). */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads aliases: `{ "models": { "fast": ["provider/model"] } }`, in JSON where the name ends so, else in YAML.
 * Data alone: a tag of YAML that nobody knows is refused.
 *
 * @param name - of the file, for errors
 * @throws ConfigError that says what is wrong, and where
 */
export function parseAliases(text: string, name: string): Aliases {
  const content = read(text, name);
  const key = forbiddenIn(content);
  if (key !== undefined) throw new ConfigError(`${name}: no key may be named "${key}"`);
  const parsed = file.safeParse(content);
  if (parsed.success) return parsed.data.models;
  const [fault] = parsed.error.issues;
  const path = fault && z.core.toDotPath(fault.path);
  const what = fault?.message.replace(/^Invalid input: /, '');
  throw new ConfigError(`${name}: ${path ? `${path}: ` : ''}${what}`);
}

function read(text: string, name: string): unknown {
  try {
    if (name.endsWith('.json')) return JSON.parse(text);
    const document = yaml.parseDocument(text, { schema: 'core' });
    // Of a tag that nobody knows it would only warn.
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) throw fault;
    return document.toJS({ maxAliasCount: MAX_REFERENCES });
  } catch (error) {
    const what = error instanceof Error ? error.message.split('\n')[0] : 'it cannot be read';
    throw new ConfigError(`${name}: ${what}`, { cause: error });
  }
}

/** Anywhere in it, since what is copied key by key may stumble anywhere. */
function forbiddenIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = FORBIDDEN.has(key) ? key : forbiddenIn(member);
    if (found !== undefined) return found;
  }
  return undefined;
}
