import type { WireBlock } from './claude-wire.ts';
import { sha256Hex } from './node-digest.ts';
import { appendTurn, type Turn } from './turns.ts';

/** A client tool's call in history, and the place that its result will take. */
export interface PastCall {
  /** The caller's id; empty when there was none. */
  readonly source: string;
  /** The id on the wire, unique in the request. */
  readonly id: string;
  readonly from: string;
  /** Which assistant message made it. */
  readonly message: number;
  /** The turn that holds its result, and the block's place in it. */
  readonly turn: Turn;
  readonly slot: number;
  answered: boolean;
}

/** All calls of a conversation so far. */
export interface CallBook {
  readonly calls: PastCall[];
  /** By the caller's id, oldest first: servers that restart at `call_0` each turn use one id many times. */
  readonly bySource: Map<string, PastCall[]>;
  readonly usedIds: Set<string>;
  /** How often each wire id was asked for, for the number of the next one. */
  readonly uses: Map<string, number>;
}

/** An empty book. */
export function createCallBook(): CallBook {
  return { calls: [], bySource: new Map(), usedIds: new Set(), uses: new Map() };
}

/**
 * An id as the API takes it: `[a-zA-Z0-9_-]+`, at most 128 long (TL-H6).
 *
 * Others become a hash, not a clean-up: `a.b` and `a_b` must stay two ids.
 */
export function wireId(source: string): string {
  return /^[a-zA-Z0-9_-]{1,128}$/.test(source) ? source : `tu_${sha256Hex(source).slice(0, 40)}`;
}

/** The id of the next call with this source id: the second and later ones get `-2`, `-3`, … (TL-H7). */
export function uniqueId(book: CallBook, source: string): string {
  const base = wireId(source);
  let use = (book.uses.get(base) ?? 0) + 1;
  let id = use === 1 ? base : `${base}-${use}`;
  while (book.usedIds.has(id)) id = `${base}-${++use}`;
  book.uses.set(base, use);
  book.usedIds.add(id);
  return id;
}

/** A call as the assistant turn brings it. */
export interface NewCall {
  readonly source: string;
  readonly id: string;
  readonly from: string;
}

/** Static, so that a conversation is translated the same way in every later turn (T-10). */
const NO_RESULT = 'No result was provided for this tool call.';

/**
 * Opens the user turn that answers these calls: one result block for each, in the order of the calls (TL-R1),
 * before anything else the turn will hold (TL-R2, TL-R3).
 *
 * Until a result arrives its place is taken by an error result (TL-R4), so that no call is ever left unanswered.
 */
export function openResults(
  book: CallBook,
  turns: Turn[],
  calls: readonly NewCall[],
  message: number,
  resultsOnly: boolean,
): void {
  const turn = appendTurn(
    turns,
    'user',
    calls.map(({ id, from }) => ({ block: missingResult(id), from })),
  );
  if (resultsOnly) turn.resultsOnly = true;
  for (const [slot, { source, id, from }] of calls.entries()) {
    const call: PastCall = { source, id, from, message, turn, slot, answered: false };
    book.calls.push(call);
    const same = book.bySource.get(source);
    if (same) same.push(call);
    else book.bySource.set(source, [call]);
  }
}

/** An error rather than an empty result: the model should not take the call for done. */
function missingResult(id: string): WireBlock {
  return { type: 'tool_result', tool_use_id: id, content: NO_RESULT, is_error: true };
}

/**
 * The call that a result answers: the nearest assistant message with an unanswered call of this id, and of that
 * message's calls the first (TL-H7, TL-R5); else a call of the latest message that already has a result (TL-R6).
 */
export function callFor(book: CallBook, source: string): PastCall | undefined {
  const same = book.bySource.get(source);
  if (!same) return undefined;
  let found: PastCall | undefined;
  for (let index = same.length - 1; index >= 0; index--) {
    const call = same[index];
    if (!call || (found && call.message !== found.message)) break;
    if (!call.answered) found = call;
  }
  if (found) return found;
  const last = same.at(-1);
  return last?.message === book.calls.at(-1)?.message ? last : undefined;
}
