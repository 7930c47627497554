import type { ChatMessage } from '../../../provider-kit/index.ts';
import { cacheMark, markLast } from './cache-marks.ts';
import { contentEntries, textEntry } from './content-parts.ts';
import type { ConversationState } from './conversation-state.ts';
import { warnOnce } from './encode-context.ts';
import { isNativePart } from './native-parts.ts';
import { addNativeResult } from './tool-results.ts';
import { appendTurn, type Entry, isBlank } from './turns.ts';

/** Adds a user message (MSG-8, MSG-12, MSG-20 to MSG-23). */
export function addUser(state: ConversationState, message: ChatMessage, index: number): void {
  const { context } = state;
  const path = `messages[${index}]`;
  let results = 0;
  const entries = contentEntries(context, message.content, `${path}.content`, 'user', (part, from) => {
    if (part.type !== 'tool_result' || !isNativePart(context, part.type, 'user')) return false;
    addNativeResult(state, part, from);
    results++;
    return true;
  });
  markLast(entries, cacheMark(context, message, path));
  if (entries.every(({ block }) => isBlank(block))) {
    addNothing(state, entries, results > 0 ? undefined : `${path}.content`);
    return;
  }
  appendTurn(state.turns, 'user', named(state, message, entries, path));
}

/**
 * A message without a visible character adds no block, whatever its white space. It is a fault only if nothing
 * else stands in its turn, which is known at the end (MSG-20, MSG-21).
 */
function addNothing(state: ConversationState, entries: readonly Entry[], path: string | undefined): void {
  const marks = entries.flatMap((entry) =>
    entry.block['cache_control'] === undefined ? [] : [{ ...entry, block: { ...entry.block, text: '' } }],
  );
  if (path === undefined && marks.length === 0) return;
  const turn = appendTurn(state.turns, 'user', marks);
  if (path !== undefined) turn.empty ??= path;
}

/** The API knows no names; on request the name goes in front of the text (MSG-12). */
function named(state: ConversationState, message: ChatMessage, entries: Entry[], path: string): Entry[] {
  const { name } = message;
  if (!name) return entries;
  if (!state.context.options.prefixNames) {
    warnOnce(state.context, 'name_dropped', `${path}.name`, 'Claude knows no participant names; not sent');
    return entries;
  }
  const [first, ...rest] = entries;
  if (first?.block.type !== 'text') return [textEntry(`${name}:`, path), ...entries];
  return [{ ...first, block: { ...first.block, text: `${name}: ${String(first.block['text'])}` } }, ...rest];
}
