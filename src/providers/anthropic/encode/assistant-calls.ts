import type { ChatMessage, ToolCall } from '../../../provider-kit/index.ts';
import type { WireBlock } from './claude-wire.ts';
import type { ConversationState } from './conversation-state.ts';
import { refusal, warn } from './encode-context.ts';
import { parseToolInput } from './tool-arguments.ts';
import { type NewCall, uniqueId } from './tool-calls.ts';

/** A past call, and the block that repeats it. */
export interface PastCallBlock extends NewCall {
  readonly block: WireBlock;
}

/**
 * The `tool_use` blocks of a message's `tool_calls`, or of its legacy `function_call` (TL-H1 to TL-H9).
 *
 * @param known - ids that native blocks of the same message have already brought (PRT-17)
 */
export function pastCalls(
  state: ConversationState,
  message: ChatMessage,
  index: number,
  known: ReadonlySet<string>,
): readonly PastCallBlock[] {
  const path = `messages[${index}]`;
  const blocks: PastCallBlock[] = [];
  for (const [at, call] of (message.tool_calls ?? []).entries()) {
    if (call.id !== undefined && known.has(call.id)) continue;
    blocks.push(callBlock(state, call, `${path}.tool_calls[${at}]`, `tu_m${index}_${at}`));
  }
  const legacy = message.function_call;
  if (legacy) blocks.push(legacyBlock(state, legacy, `${path}.function_call`));
  return blocks;
}

/** A call of a function or of a custom tool, under an id that is unique in the request (TL-H6, TL-H7). */
function callBlock(
  state: ConversationState,
  call: ToolCall,
  from: string,
  fallbackId: string,
): PastCallBlock {
  const source = call.id ?? '';
  const id = uniqueId(state.book, source || fallbackId);
  if (call.custom) {
    return {
      source,
      id,
      from,
      block: toolUse(state, id, call.custom.name, { input: call.custom.input }, from),
    };
  }
  if (!call.function) {
    throw refusal(state.context, from, 'invalid_value', 'expected `function` or `custom`');
  }
  const { name, arguments: raw } = call.function;
  const input = inputOf(state, raw, `${from}.function.arguments`);
  return { source, id, from, block: toolUse(state, id, name, input, from) };
}

/** The legacy form has no ids: the call's number in the conversation is its id (MSG-11). */
function legacyBlock(
  state: ConversationState,
  call: { readonly name: string; readonly arguments: string },
  from: string,
): PastCallBlock {
  const source = `fc_${++state.legacyCount}`;
  state.legacyCalls.set(call.name, source);
  const id = uniqueId(state.book, source);
  const input = inputOf(state, call.arguments, `${from}.arguments`);
  return { source, id, from, block: toolUse(state, id, call.name, input, from) };
}

/**
 * Arguments as the object the API demands. A broken call in the past must not make the whole
 * conversation unusable, so that it is wrapped and told rather than refused (TL-H4).
 */
function inputOf(state: ConversationState, raw: string, param: string): Readonly<Record<string, unknown>> {
  const { input, valid } = parseToolInput(raw);
  if (!valid) {
    warn(
      state.context,
      'invalid_tool_arguments',
      param,
      'not a JSON object; sent as {_invalid_arguments: …}',
    );
  }
  return input;
}

/**
 * The block itself, under the tool's wire name. The tool need not be declared any more: history is not
 * checked against `tools` (TL-H9).
 */
function toolUse(
  state: ConversationState,
  id: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
  from: string,
): WireBlock {
  const wire = state.names.wire(name, from);
  state.calledTools.add(wire);
  return { type: 'tool_use', id, name: wire, input };
}
