import { RecordHeaders, type WireResponse } from '../../src/provider-kit/wire.ts';

/** A network read: chunks that came together. */
export type Read = readonly (string | Uint8Array)[];

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A response whose reads are given, ended by an end, an error, or silence. */
export function responseOf(
  reads: readonly Read[],
  ending: 'end' | 'silence' | Error = 'end',
  status = 200,
): WireResponse & { readonly finished: () => number; readonly pulls: () => number } {
  let at = 0;
  let finished = 0;
  return {
    status,
    headers: new RecordHeaders({}),
    async read() {
      const read = reads[at++];
      if (read) return read.map((chunk) => (typeof chunk === 'string' ? utf8(chunk) : chunk));
      if (ending instanceof Error) throw ending;
      return ending === 'end' ? undefined : new Promise(() => {});
    },
    finish() {
      finished++;
    },
    finished: () => finished,
    pulls: () => at,
  };
}

/** Cuts bytes at the given places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ordered = [...new Set(places)].filter((place) => place > 0 && place < bytes.length);
  ordered.sort((a, b) => a - b);
  return [0, ...ordered].map((start, index) => bytes.subarray(start, ordered[index] ?? bytes.length));
}
