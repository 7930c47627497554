import type { WireBlock, WireMessage } from './claude-wire.ts';

/** A block, and the path in the caller's request that it came from. */
export interface Entry {
  readonly block: WireBlock;
  readonly from: string;
}

/** One turn while the conversation is being built. */
export interface Turn {
  readonly role: WireMessage['role'];
  readonly entries: Entry[];
  /** Path of a message of this turn that said nothing; a fault unless another message of the turn did (MSG-20). */
  empty?: string;
  /** The turn answers client tools beside server tools: nothing but results may stand in it (TL-R13). */
  resultsOnly?: boolean;
}

/**
 * Adds blocks to the conversation; consecutive turns of one role become one (MSG-16).
 *
 * The API would combine them anyway. Doing it here makes the block indexes of its errors predictable.
 *
 * @returns the turn that holds the blocks
 */
export function appendTurn(turns: Turn[], role: Turn['role'], entries: readonly Entry[]): Turn {
  const last = turns.at(-1);
  if (last?.role === role) {
    for (const entry of entries) last.entries.push(entry);
    return last;
  }
  const turn: Turn = { role, entries: [...entries] };
  turns.push(turn);
  return turn;
}

/** Joins a whole turn to the end of the conversation, with what is noted about it. */
export function appendWhole(turns: Turn[], turn: Turn): void {
  const target = appendTurn(turns, turn.role, turn.entries);
  if (turn.empty !== undefined) target.empty = turn.empty;
  if (turn.resultsOnly) target.resultsOnly = true;
}

/** True for a text block without a visible character. */
export function isBlank(block: WireBlock): boolean {
  return block.type === 'text' && typeof block['text'] === 'string' && !/\S/.test(block['text']);
}

/** True for a text block of no characters at all, which the API refuses wherever it stands (MSG-23). */
export function isEmptyText(block: WireBlock): boolean {
  return block.type === 'text' && block['text'] === '';
}

/** True for a block of reasoning, readable or not. */
export function isThinking(block: WireBlock): boolean {
  return block.type === 'thinking' || block.type === 'redacted_thinking';
}

/** True for the result of a tool that Anthropic ran, such as `web_search_tool_result`. */
export function isServerResult(block: WireBlock): boolean {
  return block.type.endsWith('_tool_result');
}
