import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ChatMessage, ToolCall } from '../../chat/request.ts';
import { type Block, isBlock } from './message-parts.ts';

/**
 * An assistant turn in both forms: text and calls for whoever can read no more, and beside them the blocks as they
 * came, which Claude is sent verbatim, signatures, order and all (TH-13).
 *
 * Even a plain text is marked as Claude's own: a message without reasoning then never had any, and the reasoning
 * before it stays valid (TH-14).
 *
 * @param isLast - the conversation ends here, so that a turn which Anthropic paused is to be gone on with (MSG-19)
 */
export function assistantMessage(content: unknown, isLast: boolean): ChatMessage {
  if (!Array.isArray(content)) {
    return { role: 'assistant', content: String(content), provider_specific_fields: { anthropic: {} } };
  }
  const blocks = content.filter(isBlock).map(withoutDirectCaller);
  const calls = blocks.filter(({ type }) => type === 'tool_use').map(callOf);
  const texts = blocks.flatMap(({ type, text }) =>
    type === 'text' && typeof text === 'string' ? [text] : [],
  );
  const paused = isLast && calls.length === 0 && blocks.some(isServerSide);
  const native: JsonObject = { content: blocks, ...(paused && { stop_reason: 'pause_turn' }) };
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    ...(calls.length > 0 && { tool_calls: calls }),
    provider_specific_fields: { anthropic: native },
  };
}

function callOf({ id, name, input }: Block): ToolCall {
  return {
    id: String(id),
    type: 'function',
    function: { name: String(name), arguments: JSON.stringify(input) },
  };
}

/**
 * A call without the word that the model made it itself, which goes without saying: hosts of the older version do not
 * know the field, and clients send back what this door told them.
 */
function withoutDirectCaller(block: Block): Block {
  const { caller, ...rest } = block;
  return block.type === 'tool_use' && isRecord(caller) && caller['type'] === 'direct'
    ? { ...rest, type: block.type }
    : block;
}

/** What Anthropic's own tools leave in a turn: only such a turn is ever paused (FIN-8). */
function isServerSide({ type }: Block): boolean {
  return type === 'server_tool_use' || type === 'mcp_tool_use' || type.endsWith('_tool_result');
}
