import type { ChatMessage } from '../../../provider-kit/index.ts';
import { cacheMark, withMark } from './cache-marks.ts';
import type { CacheControl, WireBlock } from './claude-wire.ts';
import { contentEntries } from './content-parts.ts';
import type { ConversationState } from './conversation-state.ts';
import { type EncodeContext, warn } from './encode-context.ts';
import { nativeBlock } from './native-parts.ts';
import { callFor } from './tool-calls.ts';

/** Adds the result that a `tool` message brings (MSG-10). */
export function addToolResult(state: ConversationState, message: ChatMessage, index: number): void {
  const path = `messages[${index}]`;
  fillSlot(state, message.tool_call_id ?? '', resultBlock(state.context, message, path), path);
}

/** Adds the result of a legacy `function` message: it answers the closest call of the same name (MSG-11). */
export function addFunctionResult(state: ConversationState, message: ChatMessage, index: number): void {
  const path = `messages[${index}]`;
  const source = state.legacyCalls.get(message.name ?? '');
  if (source === undefined) orphan(state.context, path);
  else fillSlot(state, source, resultBlock(state.context, message, path), path);
}

/** Adds one of Anthropic's own result blocks out of a user message (PRT-17). */
export function addNativeResult(state: ConversationState, part: WireBlock, path: string): void {
  const source = typeof part['tool_use_id'] === 'string' ? part['tool_use_id'] : '';
  fillSlot(state, source, nativeBlock(state.context, part, path, 'user'), path);
}

/** Puts a result where its call left room for it. Later results of one call replace earlier ones (TL-R6). */
function fillSlot(state: ConversationState, source: string, block: WireBlock, from: string): void {
  const call = callFor(state.book, source);
  if (!call) {
    orphan(state.context, from);
    return;
  }
  if (call.answered) {
    warn(state.context, 'duplicate_tool_result', from, 'the call has another result; the last one is sent');
  }
  call.answered = true;
  call.turn.entries[call.slot] = { block: { ...block, tool_use_id: call.id }, from };
}

/** A result whose call was trimmed from the history is a 400 (TL-R5). */
function orphan(context: EncodeContext, param: string): void {
  warn(context, 'orphan_tool_result', param, 'the conversation has no open call of this id; not sent');
}

/**
 * The block of a tool message. Whether it is an error is never guessed from its text (TL-R11), and no content
 * at all is legal (MSG-28).
 */
function resultBlock(context: EncodeContext, message: ChatMessage, path: string): WireBlock {
  const isError = message['is_error'] === true;
  const { content, mark } = resultContent(context, message, path, isError);
  const block: WireBlock = {
    type: 'tool_result',
    // Fixed here, filled in by the call: the API's errors are easier to read with the id in front.
    tool_use_id: '',
    ...(content.length > 0 && { content }),
    ...(isError && { is_error: true }),
  };
  return withMark(block, cacheMark(context, message, path) ?? mark);
}

/** What goes into a result, and what goes onto it. */
interface ResultContent {
  /** Text is never parsed, however much it looks like JSON (TL-R8). */
  readonly content: string | readonly WireBlock[];
  /** A breakpoint of a part belongs on the result, not inside it (TL-R12). */
  readonly mark: CacheControl | undefined;
}

/**
 * The parts of a result. Error results hold text only; whether images would pass is not established
 * (TL-R10).
 */
function resultContent(
  context: EncodeContext,
  message: ChatMessage,
  path: string,
  isError: boolean,
): ResultContent {
  if (typeof message.content === 'string') return { content: message.content, mark: undefined };
  const parts = message.content ?? [];
  const marks = parts.map((part, index) => cacheMark(context, part, `${path}.content[${index}]`));
  const blocks = contentEntries(context, parts, `${path}.content`, 'tool')
    .map(({ block }) => withMark(block, undefined))
    .filter((block) => block['text'] !== '');
  const texts = blocks.filter((block) => block.type === 'text');
  if (isError && texts.length < blocks.length) {
    warn(
      context,
      'unsupported_value',
      `${path}.content`,
      'an error result holds text only; the rest is left out',
    );
  }
  return { content: isError ? texts : blocks, mark: marks.findLast((mark) => mark !== undefined) };
}
