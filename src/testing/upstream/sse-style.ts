import type { Frame } from './frame.ts';
import type { Split } from './step.ts';

/** How a stream of events is written. All of it is legal; clients must not care. */
export interface SseStyle {
  /** @default `event` */
  readonly split?: Split;
  /** Line ends. @default `\n` */
  readonly eol?: '\n' | '\r\n' | '\r';
  /** A byte order mark first. */
  readonly bom?: boolean;
  /** A comment line before every event, and `id:` and `retry:` lines in it. */
  readonly comments?: boolean;
  /** False leaves the `event:` lines out, as some proxies do. @default true */
  readonly eventNames?: boolean;
  /** False writes `data:{}` without the space. @default true */
  readonly space?: boolean;
  /** Each `data:` over several lines, broken where JSON allows it. */
  readonly multiline?: boolean;
}

const encoder = new TextEncoder();

/**
 * One event as bytes.
 *
 * @param first - true for the first event of the stream, which carries the byte order mark
 */
export function encodeFrame(frame: Frame, style: SseStyle = {}, first = false): Uint8Array {
  const eol = style.eol ?? '\n';
  const { event, data, comment } = frame;
  const named = event !== undefined && (style.eventNames ?? true);
  const lines = [
    ...(style.comments ? [': a comment', 'id: 7', 'retry: 1000'] : []),
    ...(comment === undefined ? [] : [`: ${comment}`]),
    ...(named ? [field('event', event, style)] : []),
    ...(data === undefined ? [] : dataLines(data, style).map((line) => field('data', line, style))),
    '',
  ];
  const mark = first && style.bom ? '\uFEFF' : '';
  return encoder.encode(mark + lines.map((line) => line + eol).join(''));
}

function field(name: string, value: string, style: SseStyle): string {
  return `${name}:${(style.space ?? true) ? ' ' : ''}${value}`;
}

/** A line break inside the data starts another `data:` line; a parser joins them again. */
function dataLines(data: unknown, style: SseStyle): string[] {
  const text = typeof data === 'string' ? data : JSON.stringify(data, null, style.multiline ? 1 : undefined);
  return text.split('\n');
}
