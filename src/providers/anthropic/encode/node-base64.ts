/** The text behind base64, read as UTF-8; broken sequences become U+FFFD. */
export function utf8FromBase64(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

/** Base64 of a text's UTF-8 bytes. */
export function base64FromUtf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** The first bytes behind base64, for telling a file's kind; the rest is not decoded. */
export function firstBytes(base64: string, count: number): Uint8Array {
  return Buffer.from(base64.slice(0, Math.ceil(count / 3) * 4), 'base64').subarray(0, count);
}

/** Base64 of a percent-encoded text, whose `%XX` are bytes and need not be UTF-8 (RFC 2397). */
export function base64FromPercent(text: string): string {
  const pieces = text.split(/%([0-9a-f]{2})/i);
  // `split` with a group alternates: plain text, two hex digits, plain text, …
  const bytes = pieces.map((piece, index) => Buffer.from(piece, index % 2 ? 'hex' : 'utf8'));
  return Buffer.concat(bytes).toString('base64');
}
