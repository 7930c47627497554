import { brotliCompressSync, constants, crc32, deflateRawSync } from 'node:zlib';
import { joinBytes, type Step } from '../upstream/step.ts';

/** A content coding that hosts use. */
export type Coding = 'gzip' | 'deflate' | 'br';

/** What no honest host says of its answer. */
export const CHAIN: string = Array.from({ length: 120 }, () => 'gzip').join(', ');

/** RFC 1952: magic number, deflate, no name, no time. */
const GZIP_HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
/** RFC 1950: a window of 32 KiB, default level. */
const ZLIB_HEAD = Uint8Array.of(0x78, 0x9c);
/** An empty block, marked as the last. */
const LAST_BLOCK = Uint8Array.of(3, 0);

/**
 * The body of a response, compressed write by write: each can be read as soon as it is in.
 *
 * Brotli has no such joints, so that its body goes as a whole in the place of its first write.
 *
 * @param options.cut - leaves the end of the compressed data out
 */
export function encoded(
  steps: readonly Step[],
  coding: Coding,
  options: { readonly cut?: boolean } = {},
): Step[] {
  const plain = steps.flatMap((step) => (step.kind === 'bytes' ? [step.bytes] : []));
  const squeeze = coding === 'br' ? wholeBrotli(plain) : (bytes: Uint8Array) => syncFlushed(bytes);
  const head = coding === 'gzip' ? GZIP_HEAD : coding === 'deflate' ? ZLIB_HEAD : new Uint8Array();
  const tail =
    options.cut || coding === 'br' ? new Uint8Array() : joinBytes([LAST_BLOCK, checksum(plain, coding)]);
  return steps.flatMap((step): Step[] => {
    if (step.kind === 'head') return [withoutLength(step), { kind: 'bytes', bytes: head }];
    if (step.kind === 'bytes') return [{ kind: 'bytes', bytes: squeeze(step.bytes) }];
    return step.kind === 'end' ? [{ kind: 'bytes', bytes: tail }, step] : [step];
  });
}

/**
 * Compressed comments that take up far more room than on the wire, as one write over and over.
 *
 * @param mb - size when it is unpacked, in MiB
 */
export function bombSteps(mb: number): Step[] {
  const bytes = syncFlushed(new TextEncoder().encode(`: ${'a'.repeat(1024 * 1024 - 3)}\n`));
  return [
    { kind: 'bytes', bytes: GZIP_HEAD },
    ...Array.from({ length: mb }, (): Step => ({ kind: 'bytes', bytes })),
  ];
}

/** Ends at a byte, without an end of the data, and refers to nothing before it: such pieces may be joined. */
function syncFlushed(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes;
  return deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
}

function wholeBrotli(plain: readonly Uint8Array[]): () => Uint8Array {
  const bodies: Uint8Array[] = [brotliCompressSync(joinBytes(plain))];
  return () => bodies.pop() ?? new Uint8Array();
}

/** What stands behind the data: CRC-32 and length for gzip, Adler-32 for zlib. */
function checksum(plain: readonly Uint8Array[], coding: Coding): Uint8Array {
  const bytes = joinBytes(plain);
  const view = new DataView(new ArrayBuffer(coding === 'gzip' ? 8 : 4));
  if (coding === 'gzip') {
    view.setUint32(0, crc32(bytes), true);
    view.setUint32(4, bytes.length, true);
  } else view.setUint32(0, adler32(bytes));
  return new Uint8Array(view.buffer);
}

/** RFC 1950, section 8.2. */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

function withoutLength(head: Extract<Step, { kind: 'head' }>): Step {
  const { 'content-length': _, ...headers } = head.headers;
  return { ...head, headers };
}
