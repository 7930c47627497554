import { InvalidRequestError } from '../index.ts';
import { isRecord } from '../provider-kit/index.ts';

/** The client's name for one of its chats, sent back with all that belongs to it. */
export type ChatRef = string | number | undefined;

/** One message of a client. Which events there are is not looked at here. */
export interface ClientFrame {
  readonly event: string;
  readonly ref: ChatRef;
  readonly payload: unknown;
}

/** The longest ref, in characters: it is repeated in every frame. */
const MAX_REF = 128;

/**
 * Reads a message of a client.
 *
 * @throws InvalidRequestError for what is no frame
 */
export function readFrame(text: string): ClientFrame {
  const frame = parsed(text);
  if (!isRecord(frame) || typeof frame['event'] !== 'string') {
    throw new InvalidRequestError('a frame is `{"event": …, "payload": …}`', { reason: 'invalid_frame' });
  }
  const { event, ref, payload } = frame;
  if (!isRef(ref)) {
    throw new InvalidRequestError(`a ref is a number, or a string of up to ${MAX_REF} characters`, {
      reason: 'invalid_frame',
      param: 'ref',
    });
  }
  return { event, ref: ref ?? undefined, payload };
}

/** A message to a client, as text. Without a ref it has no such key. */
export function writeFrame(event: string, payload: unknown, ref: ChatRef): string {
  return JSON.stringify({ event, ref, payload });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidRequestError('a frame must be JSON', { reason: 'invalid_json' });
  }
}

function isRef(ref: unknown): ref is ChatRef | null {
  if (ref === undefined || ref === null || typeof ref === 'number') return true;
  return typeof ref === 'string' && ref.length <= MAX_REF;
}
