import { createHash } from 'node:crypto';
import { isWellFormed } from './well-formed.ts';

/**
 * SHA-256 of a text's UTF-8 bytes, as 64 lower-case hex digits.
 *
 * A text with lone surrogates has no UTF-8 form; it is hashed over its UTF-16 units, so that two different
 * texts never meet in the replacement character (TL-H6 must stay injective).
 */
export function sha256Hex(text: string): string {
  return createHash('sha256')
    .update(text, isWellFormed(text) ? 'utf8' : 'utf16le')
    .digest('hex');
}
