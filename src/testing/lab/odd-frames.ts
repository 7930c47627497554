import { type Frame, indexAfter, type Point } from '../upstream/frame.ts';
import { objectOf } from '../upstream/read-json.ts';
import type { AnswerReply } from '../upstream/reply.ts';
import type { WireName } from '../upstream/wire-of.ts';
import type { LabAsk } from './lab-fault.ts';

/** A change of an answer's events. */
export type FrameEdit = (frames: readonly Frame[]) => readonly Frame[];

/** The events of an answer, changed in the way of its wire. */
export function withFrames(
  ask: LabAsk,
  edits: Readonly<Record<WireName, FrameEdit>> | FrameEdit,
  answer: AnswerReply = ask.said(),
): AnswerReply {
  const frames = typeof edits === 'function' ? edits : edits[ask.wire];
  return { ...answer, edit: { ...answer.edit, frames } };
}

/** Puts further events in at a point; a function may make them from those that are there. */
export function insert(point: Point, odd: readonly Frame[] | FrameEdit): FrameEdit {
  return (frames) => {
    const at = indexAfter(frames, point);
    const added = typeof odd === 'function' ? odd(frames) : odd;
    return [...frames.slice(0, at), ...added, ...frames.slice(at)];
  };
}

/** Changes the data of events; returning `undefined` leaves one out. */
export function mapData(
  change: (data: Readonly<Record<string, unknown>>, frame: Frame) => unknown,
): FrameEdit {
  return (frames) =>
    frames.flatMap((frame) => {
      if (typeof frame.data !== 'object' || frame.data === null) return [frame];
      const data = change(objectOf(frame.data), frame);
      return data === undefined ? [] : [{ ...frame, data }];
    });
}

/** A chunk that belongs to the answer of these, with other choices. */
export function chunkLike(frames: readonly Frame[], fields: Readonly<Record<string, unknown>>): Frame {
  return { data: { ...objectOf(frames[0]?.data), ...fields } };
}

/** An event of the Messages wire. */
export function event(type: string, fields: Readonly<Record<string, unknown>> = {}): Frame {
  return { event: type, data: { type, ...fields } };
}

/** A piece of text for a block, as the Messages wire sends it. */
export function textDelta(index: unknown, text: string): Frame {
  return event('content_block_delta', { index, delta: { type: 'text_delta', text } });
}
