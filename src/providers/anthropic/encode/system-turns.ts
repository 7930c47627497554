import type { ChatMessage } from '../../../provider-kit/index.ts';
import { cacheMark, markLast } from './cache-marks.ts';
import type { WireBlock } from './claude-wire.ts';
import { textBlock, textEntry } from './content-parts.ts';
import type { ConversationState } from './conversation-state.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { isNativePart, nativeBlock } from './native-parts.ts';
import {
  appendTurn,
  appendWhole,
  type Entry,
  isBlank,
  isEmptyText,
  isServerResult,
  type Turn,
} from './turns.ts';

/**
 * Adds a system or developer message; both roles are equal.
 *
 * The leading run is the top-level system prompt, one block for each part (MSG-1). A later one becomes a turn of
 * its own, whose final place `placeSystemTurns` decides.
 */
export function addSystem(state: ConversationState, message: ChatMessage, index: number): void {
  const isLeading = state.turns.length === 0;
  const entries = systemEntries(state.context, message, `messages[${index}]`, isLeading);
  if (isLeading) state.system.push(...entries);
  else if (!entries.every(({ block }) => isEmptyText(block))) appendTurn(state.turns, 'system', entries);
}

/** Only text is allowed (MSG-7), and blank text is not (MSG-6); a blank block may stay as a cache mark. */
function systemEntries(
  context: EncodeContext,
  message: ChatMessage,
  path: string,
  isLeading: boolean,
): Entry[] {
  const from = `${path}.content`;
  const content = message.content ?? [];
  const entries =
    typeof content === 'string'
      ? [textEntry(content, from)]
      : content.map((part, at) => {
          const partPath = `${from}[${at}]`;
          if (part.type === 'text') return { block: textBlock(context, part, partPath), from: partPath };
          const mayPass = !isLeading && context.model.midSystem && isNativePart(context, part.type, 'system');
          if (mayPass) return { block: nativeBlock(context, part, partPath, 'system'), from: partPath };
          throw refusal(context, partPath, 'unsupported_content_part', 'a system message holds text only');
        });
  markLast(entries, cacheMark(context, message, path));
  return entries.flatMap((entry) => {
    if (!isBlank(entry.block)) return [entry];
    return entry.block['cache_control'] === undefined
      ? []
      : [{ ...entry, block: { ...entry.block, text: '' } }];
  });
}

/**
 * Gives later system turns their place: where they stand if the API allows it (MSG-2), behind the user turn that
 * follows if that helps (MSG-3), else as marked text of the user turn around them (MSG-4).
 *
 * Never hoisted into the top-level prompt: that would change the prefix of everything said before (T-10).
 */
export function placeSystemTurns(context: EncodeContext, turns: readonly Turn[]): Turn[] {
  const placed: Turn[] = [];
  for (let index = 0; index < turns.length; index++) {
    const turn = turns[index];
    if (!turn) continue;
    const next = turns[index + 1];
    if (turn.role !== 'system') appendWhole(placed, turn);
    else if (context.model.midSystem && mayFollow(placed.at(-1)) && mayPrecede(next)) placed.push(turn);
    else if (context.model.midSystem && next?.role === 'user' && mayPrecede(turns[index + 2])) {
      appendWhole(placed, next);
      placed.push(turn);
      index++;
    } else appendTurn(placed, 'user', downgraded(context, turn));
  }
  return placed;
}

/** A system turn follows a user turn, or an assistant turn that ends in the result of a server tool. */
function mayFollow(previous: Turn | undefined): boolean {
  const last = previous?.entries.at(-1);
  return (
    previous?.role === 'user' || (previous?.role === 'assistant' && !!last && isServerResult(last.block))
  );
}

/** A system turn stands right before an answer, given or awaited. */
const mayPrecede = (next: Turn | undefined): boolean => next === undefined || next.role === 'assistant';

/** The turn's texts as a user's. Marked, since the user did not say them, and told, since they weigh less. */
function downgraded(context: EncodeContext, turn: Turn): readonly Entry[] {
  const param = turn.entries[0]?.from.replace(/\.content.*$/, '') ?? 'messages';
  warn(context, 'system_downgraded', param, 'sent as marked text in a user turn, which weighs less');
  return turn.entries.map((entry) => ({ ...entry, block: reminder(context, entry) }));
}

/** One marked text. Changes of the tool list have no such form. */
function reminder(context: EncodeContext, { block, from }: Entry): WireBlock {
  const text = block['text'];
  if (typeof text !== 'string') {
    throw refusal(context, from, 'unsupported_content_part', 'cannot stand between these messages');
  }
  return text === '' ? block : { ...block, text: `<system-reminder>${text}</system-reminder>` };
}
