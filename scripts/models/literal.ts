import { isRecord } from '../../src/chat/json.ts';

/** A TypeScript literal on one line, without what is undefined. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string') return `'${value.replaceAll(/['\\]/g, '\\$&')}'`;
  return isRecord(value) ? `{ ${members(value)} }` : String(value);
}

/** The members of an object literal, without its braces. */
export function members(object: Readonly<Record<string, unknown>>): string {
  return Object.entries(object)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${key}: ${literal(member)}`)
    .join(', ');
}
