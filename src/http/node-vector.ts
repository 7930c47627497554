import { Buffer } from 'node:buffer';

/** A vector as `encoding_format: 'base64'` means it: little-endian 32-bit floats, which is what hosts and we run on. */
export function toBase64(vector: readonly number[] | string): string {
  if (typeof vector === 'string') return vector;
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}

/** The same as numbers. */
export function toNumbers(vector: readonly number[] | string): number[] {
  if (typeof vector !== 'string') return [...vector];
  const bytes = Uint8Array.from(Buffer.from(vector, 'base64'));
  return [...new Float32Array(bytes.buffer, 0, Math.floor(bytes.byteLength / 4))];
}
