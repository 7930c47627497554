import type { Point } from '../frame.ts';
import type { AnswerReply, Fault, SilentReply } from '../reply.ts';
import type { Ending } from '../step.ts';

/** Where a fault strikes, and the answer it strikes. */
export interface FaultOptions {
  /** @default 1: after the first event of content */
  readonly after?: Point;
  /** The answer that is damaged; it may have faults already. @default one made up from the request */
  readonly answer?: AnswerReply;
}

/**
 * An answer that breaks off. `eof` by default: the cut that looks like an end.
 *
 * Covers T20 to T23 (`after: 'head'` and 0), T30 to T38 and T39 (`after: 'stop', how: 'hang'`).
 *
 * @example
 * upstream.script(reply.cut({ after: 2, how: 'reset', answer: reply.text('one two three') }));
 */
export function cut(
  options: FaultOptions & { readonly how?: Ending; readonly midEvent?: boolean } = {},
): AnswerReply {
  const { after = 1, how = 'eof', midEvent = false } = options;
  return damaged(options, { kind: 'end', after, how, midEvent });
}

/**
 * An answer that falls silent for `ms`, by default for ever, and then goes on.
 *
 * Covers T22 and T24 (`after: 'head'` and 0), T40, T41 and T43.
 */
export function stall(
  options: FaultOptions & { readonly ms?: number; readonly midEvent?: boolean } = {},
): AnswerReply {
  const { after = 1, ms = Number.POSITIVE_INFINITY, midEvent = false } = options;
  return damaged(options, { kind: 'stall', after, ms, midEvent });
}

/** An answer that sends nothing but pings for `ms`, by default for ever, and then goes on (T42). */
export function pings(
  options: FaultOptions & { readonly everyMs?: number; readonly ms?: number } = {},
): AnswerReply {
  const { after = 1, everyMs = 20, ms = Number.POSITIVE_INFINITY } = options;
  return damaged(options, { kind: 'pings', after, everyMs, ms });
}

/**
 * An `error` event inside a stream that began with status 200. A JSON answer gets the HTTP status instead.
 *
 * Covers B1 (`after: 'head'`), B2 (0), B3, B4 (`how: 'hang'`), B5 and B7 (by `type`).
 */
export function errorEvent(
  options: FaultOptions & { readonly type?: string; readonly message?: string; readonly how?: Ending } = {},
): AnswerReply {
  const { after = 1, type = 'overloaded_error', message = 'Overloaded', how = 'eof' } = options;
  return damaged(options, { kind: 'error_event', after, type, message, how });
}

/** Takes the request and never says a word (T12). */
export function hangBeforeHeaders(): SilentReply {
  return { kind: 'silent', how: 'hang' };
}

/** Takes the request and drops the connection (T9, T10), at once or after a while. */
export function dropBeforeHeaders(how: 'reset' | 'close' = 'reset', firstMs = 0): SilentReply {
  return { kind: 'silent', how, firstMs };
}

/** One more fault on top of those the answer has. */
function damaged({ answer }: FaultOptions, fault: Fault): AnswerReply {
  return { kind: 'answer', ...answer, faults: [...(answer?.faults ?? []), fault] };
}
