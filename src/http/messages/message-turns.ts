import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ChatMessage, ContentPart, MessageContent } from '../../chat/request.ts';
import { assistantMessage } from './assistant-message.ts';
import { type Block, cacheMark, isBlock, partOf } from './message-parts.ts';

/** The messages of a chat for the system prompt and the turns of a Messages request. */
export function chatMessages(system: unknown, turns: readonly unknown[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const prompt = contentOf(system ?? '');
  if (prompt.length > 0) messages.push({ role: 'system', content: prompt });
  for (const [index, turn] of turns.entries()) {
    if (isRecord(turn)) messages.push(...messagesOf(turn, index === turns.length - 1));
  }
  return messages;
}

/** The messages for one turn: several where it brings results. */
function messagesOf({ role, content }: JsonObject, isLast: boolean): readonly ChatMessage[] {
  if (role === 'assistant') return [assistantMessage(content, isLast)];
  if (role === 'system') return [{ role, content: contentOf(content) }];
  return userMessages(content);
}

/** Text, or parts one for each block: every block may be the end of a cached prefix (MSG-1). */
function contentOf(content: unknown): MessageContent {
  return typeof content === 'string' ? content : blocksOf(content).map(partOf);
}

/**
 * A user turn: first a message for each result that it brings, as OpenAI has it and Claude demands (TL-R2), then the
 * rest, if there is any.
 */
function userMessages(content: unknown): readonly ChatMessage[] {
  const blocks = blocksOf(content);
  const results = blocks.filter(({ type }) => type === 'tool_result').map(resultMessage);
  const rest = blocks.filter(({ type }) => type !== 'tool_result');
  if (results.length > 0 && rest.length === 0) return results;
  return [...results, { role: 'user', content: typeof content === 'string' ? content : rest.map(partOf) }];
}

/** A result as a message of its own (MSG-10). Whether it is an error is said, never guessed (TL-R11). */
function resultMessage(block: Block): ChatMessage {
  const { tool_use_id: id, content, is_error: isError } = block;
  return {
    role: 'tool',
    tool_call_id: String(id),
    content: resultContent(content),
    ...(isError === true && { is_error: true }),
    ...cacheMark(block),
  };
}

/** One text as a string, since many hosts take no parts there; to Claude it is the same. */
function resultContent(content: unknown): MessageContent {
  if (!Array.isArray(content)) return String(content ?? '');
  const parts = blocksOf(content).map(resultPart);
  const [first] = parts;
  const isPlain = parts.length === 1 && first?.type === 'text' && Object.keys(first).length === 2;
  return isPlain ? String(first['text']) : parts;
}

/** PDFs in a result stay Claude's own blocks: OpenAI takes no file there. */
function resultPart(block: Block): ContentPart {
  return block.type === 'document' ? block : partOf(block);
}

/** A text is no list of blocks; the callers deal with it. */
function blocksOf(content: unknown): readonly Block[] {
  return Array.isArray(content) ? content.filter(isBlock) : [];
}
