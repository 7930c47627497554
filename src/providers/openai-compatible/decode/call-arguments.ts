/**
 * Arguments as JSON text. Some hosts send the value itself where its text belongs (G5); `null` is none.
 *
 * @throws RangeError for a value nested too deeply to be written out
 */
export function argumentText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : '';
}

/** True for the text of one JSON object from its beginning to its end: nothing can follow it. */
export function isWhole(text: string): boolean {
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
