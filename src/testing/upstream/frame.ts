/** One server-sent event, before it is text. */
export interface Frame {
  /** The `event:` line. Left out: none is written, as on OpenAI's wire. */
  readonly event?: string;
  /** The `data:` line: a value to be written as JSON, or text to be written as it is. */
  readonly data?: unknown;
  /** A comment line in place of the data: parsers skip it, so that only the connection is kept alive. */
  readonly comment?: string;
  /** Carries content: what a fault counts, and what waits for its pace. */
  readonly content?: boolean;
  /** Carries the stop reason. @default true for an event named `message_delta` */
  readonly finish?: boolean;
}

/**
 * A place in a stream where something happens.
 *
 * A number counts events of content, so 0 is before the first of them, when the opening events are out; more
 * than there are means after the last. `head` is before any event, `content` after the last block, `finish`
 * after the stop reason, `stop` after the end marker.
 */
export type Point = number | 'head' | 'content' | 'finish' | 'stop';

/** Index of the frame that follows a point; the number of frames when none does. */
export function indexAfter(frames: readonly Frame[], point: Point): number {
  if (point === 'head') return 0;
  if (point === 'stop') return frames.length;
  if (typeof point === 'number') return afterContent(frames, point);
  const finish = frames.findIndex((frame) => frame.finish ?? frame.event === 'message_delta');
  if (finish < 0) return frames.length;
  return point === 'content' ? finish : finish + 1;
}

function afterContent(frames: readonly Frame[], count: number): number {
  const places = [...frames.keys()].filter((index) => frames[index]?.content);
  const last = places[Math.min(count, places.length) - 1];
  // Just behind it: the end of its block is not yet out.
  if (last !== undefined) return last + 1;
  return places[0] ?? indexAfter(frames, 'content');
}
