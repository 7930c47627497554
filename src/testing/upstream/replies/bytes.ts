import type { Frame } from '../frame.ts';
import type { RawReply, StatusReply } from '../reply.ts';
import { encodeFrame, type SseStyle } from '../sse-style.ts';

/**
 * An HTTP status with the wire's own error body, or another (S1 to S22).
 *
 * @example
 * upstream.script(reply.status(429, { headers: { 'retry-after': '2' } }));
 */
export function status(code: number, options: Omit<StatusReply, 'kind' | 'status'> = {}): StatusReply {
  return { kind: 'status', status: code, ...options };
}

/**
 * Bytes as given, one write for each piece unless `split` says otherwise: for whatever has no name of its own
 * yet, such as HTML under status 200 (N1) or a recorded stream.
 */
export function raw(
  pieces: string | Uint8Array | readonly (string | Uint8Array)[],
  options: Omit<RawReply, 'kind' | 'pieces'> = {},
): RawReply {
  const encoder = new TextEncoder();
  const list = typeof pieces === 'string' || pieces instanceof Uint8Array ? [pieces] : pieces;
  const bytes = list.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
  return { kind: 'raw', pieces: bytes, ...options };
}

/** How events of one's own are sent. */
export interface EventsOptions extends Omit<RawReply, 'kind' | 'pieces' | 'split'> {
  readonly style?: SseStyle;
}

/**
 * Events of any content, in any order, in any style: unknown types (V1), hostile indices (V7), missing ends.
 *
 * `framesOf` makes the frames of a good answer to start from.
 */
export function events(frames: readonly Frame[], options: EventsOptions = {}): RawReply {
  const { style = {}, ...rest } = options;
  const pieces = frames.map((frame, index) => encodeFrame(frame, style, index === 0));
  return { kind: 'raw', pieces, split: style.split ?? 'event', ...rest };
}
