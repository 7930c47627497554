import { isRecord, MAX_JSON_DEPTH } from '../../../provider-kit/index.ts';
import { isTooDeep } from './well-formed.ts';

/** What the arguments of a past call became. */
export interface ToolInput {
  readonly input: Readonly<Record<string, unknown>>;
  /** False when the text was no JSON object and stands in `_invalid_arguments` instead (TL-H4). */
  readonly valid: boolean;
}

/**
 * The `input` object behind the arguments of a call in history (TL-H2 to TL-H5).
 *
 * Nothing, white space and `null` mean no arguments. Arguments that were encoded twice are decoded twice. What
 * cannot be an object is wrapped: the call is in the past, and its result follows.
 */
export function parseToolInput(raw: string): ToolInput {
  if (!/\S/.test(raw)) return { input: {}, valid: true };
  const value = parse(raw);
  if (value === null) return { input: {}, valid: true };
  if (isInput(value, raw)) return { input: value, valid: true };
  const inner = typeof value === 'string' ? parse(value) : undefined;
  if (isInput(inner, raw)) return { input: inner, valid: true };
  return { input: { _invalid_arguments: raw }, valid: false };
}

/** `undefined` is no JSON value, so that it can stand for a failure. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Depth is bounded because the body is walked recursively; a short text cannot be deep. */
function isInput(value: unknown, raw: string): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && !(raw.length > MAX_JSON_DEPTH && isTooDeep(value));
}
