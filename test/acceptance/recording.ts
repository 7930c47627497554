import { type Answer, type Frame, framesOf, messageOf, reply, type SseStyle } from 'runestone/testing';

/** An answer as the host sends it, in both its forms. */
export interface Recording {
  readonly frames: readonly Frame[];
  /** The event stream. */
  readonly sse: Uint8Array;
  /** The JSON answer. */
  readonly json: Uint8Array;
}

const facts = {
  id: 'msg_recorded',
  model: 'claude-haiku-4-5-20251001',
  input: {
    input_tokens: 5,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  },
};

/** Records an answer in the style given. */
export function recordingOf(answer: Answer, style?: SseStyle): Recording {
  const frames = framesOf(answer, facts);
  const { pieces } = reply.events(frames, { style: { ...style, split: 'event' } });
  return {
    frames,
    sse: joined(pieces),
    json: new TextEncoder().encode(JSON.stringify(messageOf(answer, facts))),
  };
}

/** The whole as one array. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** Headers of a JSON answer. */
export const jsonHeaders = { 'content-type': 'application/json' };
