import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ChatMessage } from '../../chat/request.ts';
import { AssistantItems } from './assistant-items.ts';
import { contentOf } from './input-parts.ts';
import { unsupported } from './responses-refusals.ts';

/**
 * The messages of a chat for instructions and input.
 *
 * @throws InvalidRequestError for items of tools that are run by OpenAI, and for what would have to be stored here
 */
export function chatMessages(instructions: unknown, input: unknown): ChatMessage[] {
  const messages: ChatMessage[] = [];
  if (typeof instructions === 'string' && instructions !== '') {
    messages.push({ role: 'system', content: instructions });
  }
  if (typeof input === 'string') return [...messages, { role: 'user', content: input }];
  // What the assistant says in several items is one message, until somebody else has the word.
  let turn = new AssistantItems();
  const endTurn = (): void => {
    const message = turn.message();
    if (message) messages.push(message);
    turn = new AssistantItems();
  };
  const items = Array.isArray(input) ? input.filter(isRecord) : [];
  for (const [index, item] of items.entries()) {
    const path = `input[${index}]`;
    if (isForgotten(item, items.slice(index + 1)) || turn.add(item, path)) continue;
    endTurn();
    messages.push(messageOf(item, path));
  }
  endTurn();
  return messages;
}

/**
 * A reference to an item that can be missed: to reasoning, or to the words before a call, which is there itself. The
 * AI SDK sends them in every loop of tools unless it is told `store: false`. Any other reference stands for what was
 * said, and is refused.
 */
function isForgotten({ type, id }: JsonObject, following: readonly JsonObject[]): boolean {
  if (type !== 'item_reference' || typeof id !== 'string') return false;
  const next = following.find((item) => item['type'] !== 'item_reference' && item['type'] !== 'reasoning');
  return id.startsWith('rs_') || next?.['type'] === 'function_call' || next?.['type'] === 'custom_tool_call';
}

const ROLES = ['user', 'system', 'developer'] as const;

/** One item that is no assistant's. */
function messageOf(item: JsonObject, path: string): ChatMessage {
  const { type = 'message', role, content, call_id: id, output } = item;
  switch (type) {
    case 'message':
    case null: {
      const known = ROLES.find((each) => each === role) ?? 'user';
      return { role: known, content: contentOf(content, `${path}.content`) };
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { role: 'tool', tool_call_id: String(id), content: contentOf(output, `${path}.output`) };
    case 'item_reference':
      throw unsupported(
        `${path}.id`,
        'items are not stored here; send the item itself, as with `store: false`',
      );
    default:
      throw unsupported(
        `${path}.type`,
        `items of type ${shown(type)} are not supported`,
        'unsupported_value',
      );
  }
}

/** Types are words; anything else is not repeated. */
const shown = (type: unknown): string => (/^\w{1,40}$/.test(String(type)) ? `\`${type}\`` : 'this kind');
