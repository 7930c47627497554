import type { EncodeContext } from './encode-context.ts';
import type { Replay } from './replay.ts';
import { type CallBook, createCallBook } from './tool-calls.ts';
import type { ToolNames } from './tool-names.ts';
import type { Entry, Turn } from './turns.ts';

/** What grows while the messages are read, first to last. */
export interface ConversationState {
  readonly context: EncodeContext;
  readonly names: ToolNames;
  /** By the index of the assistant's message. */
  readonly replays: ReadonlyMap<number, Replay>;
  /** So far, with system turns where the caller put them; their final place depends on what follows (MSG-3). */
  readonly turns: Turn[];
  /** The top-level system prompt: the leading run of system messages, and nothing later (MSG-1). */
  readonly system: Entry[];
  /** Calls and the places of their results. */
  readonly book: CallBook;
  /** Wire names of the tools called so far, in order of appearance (TL-H10). */
  readonly calledTools: Set<string>;
  /** Source id of the latest legacy `function_call` of each name (MSG-11). */
  readonly legacyCalls: Map<string, string>;
  /** How many legacy calls there were. */
  legacyCount: number;
}

/** The state before the first message. */
export function createConversationState(
  context: EncodeContext,
  names: ToolNames,
  replays: ReadonlyMap<number, Replay>,
): ConversationState {
  return {
    context,
    names,
    replays,
    turns: [],
    system: [],
    book: createCallBook(),
    calledTools: new Set(),
    legacyCalls: new Map(),
    legacyCount: 0,
  };
}
