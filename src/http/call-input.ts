import { isRecord, type JsonObject } from '../chat/json.ts';

/**
 * The arguments of a call as the object they are; `undefined` for text that is none, or not all of one.
 *
 * No text at all is an empty object: hosts leave out the arguments of a function that takes none.
 */
export function callInput(text: string): JsonObject | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True when nothing can follow in the arguments of a call. Hosts may tell several calls at once, piece by piece. */
export function isWholeInput(text: string): boolean {
  return text.trimEnd().endsWith('}') && callInput(text) !== undefined;
}
