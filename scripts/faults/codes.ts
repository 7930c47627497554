import type { ErrorCode } from 'runestone';
import type { Lesson, Next } from './row.ts';

/** What follows from a code where a row says nothing else. */
interface Consequence {
  readonly next: Next;
  readonly lesson: Lesson;
}

const then = (next: Next, lesson: Lesson): Consequence => ({ next, lesson });

/**
 * The error table once more, in the catalogue's terms. Written down a second time on purpose: a matrix that asked
 * the library would agree with it.
 */
const consequences: Partial<Record<ErrorCode, Consequence>> = {
  invalid_request: then('no', 'none'),
  request_too_large: then('no', 'none'),
  context_overflow: then('no', 'none'),
  authentication: then('F', 'key_out'),
  permission: then('F', 'key_out'),
  quota_exhausted: then('F', 'key_out'),
  model_not_found: then('F', 'none'),
  rate_limited: then('W', 'cooldown'),
  overloaded: then('R', 'failure'),
  server_error: then('R', 'failure'),
  conflict: then('R', 'none'),
  connection: then('R', 'failure'),
  // Of our own timers; a 408 or 504 says `R` in its row.
  timeout: then('F', 'failure'),
  stream_truncated: then('R', 'failure'),
  bad_response: then('F', 'failure'),
  redirect: then('F', 'failure'),
  // Of the whole request: whoever is left still gets a share of its time.
  deadline_exceeded: then('F', 'none'),
};

/** Codes for which an equal that is free is asked before a further try at the same target. */
const busy: ReadonlySet<string> = new Set(['rate_limited', 'overloaded']);

/** What follows from a code. */
export function consequenceOf(code: ErrorCode): Consequence {
  return consequences[code] ?? then('no', 'none');
}

/** How many requests one target gets before an equal is asked. */
export function triesBeforeFailover(code: ErrorCode, next: Next): number {
  if (next === 'again') return 2;
  return next === 'R' && !busy.has(code) ? 2 : 1;
}
