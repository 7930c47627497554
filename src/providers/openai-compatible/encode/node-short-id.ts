import { createHash } from 'node:crypto';

/**
 * An id made from a text: the same for the same text, letters and digits only.
 *
 * Of a hash and not of the text's own characters, so that `a.b` and `a_b` stay apart (TL-H6).
 *
 * @param length - in characters, at most 32
 */
export function shortId(text: string, length: number): string {
  const digest = createHash('sha256').update(text, 'utf16le').digest('base64');
  return digest.replace(/[^A-Za-z0-9]/g, '').slice(0, length);
}
