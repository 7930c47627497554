import { isRecord } from '../../../provider-kit/index.ts';
import type { Quirks } from '../quirks.ts';
import type { WireMessage } from './wire-message.ts';

/** A message that stands in for the assistant's turn where a host insists on one. */
const ACKNOWLEDGED: WireMessage = { role: 'assistant', content: 'OK.' };

/**
 * The messages in an order that the host accepts. Each step looks back only, so that a history that grows at its
 * end keeps its beginning (T-10).
 *
 * @param onDowngraded - called with the place of a system message that became a user's
 */
export function orderMessages(
  messages: readonly WireMessage[],
  quirks: Quirks,
  onDowngraded: (index: number) => void,
): readonly WireMessage[] {
  let ordered = messages;
  if (quirks.systemFirst === true) ordered = systemFirst(ordered, onDowngraded);
  if (quirks.mergeSystem === true) ordered = mergeSystem(ordered);
  if (quirks.alternateRoles === true) ordered = joinNeighbours(ordered);
  if (quirks.assistantAfterTool === true) ordered = acknowledgeResults(ordered);
  return ordered;
}

/** Where the run of system messages at the beginning ends. */
export function endOfSystem(messages: readonly WireMessage[]): number {
  const end = messages.findIndex((message) => !isSystem(message));
  return end < 0 ? messages.length : end;
}

/** For hosts that keep the role `developer`, it is one of the same kind (MSG-1). */
function isSystem({ role }: WireMessage): boolean {
  return role === 'system' || role === 'developer';
}

/** MSG-4. One that stands between calls and their results waits until after the results (MSG-5). */
function systemFirst(
  messages: readonly WireMessage[],
  onDowngraded: (index: number) => void,
): readonly WireMessage[] {
  const start = endOfSystem(messages);
  const ordered = messages.slice(0, start);
  let waiting: WireMessage[] = [];
  for (const [offset, message] of messages.slice(start).entries()) {
    if (isSystem(message)) {
      onDowngraded(start + offset);
      waiting.push(asReminder(message));
      continue;
    }
    const between = message['role'] === 'tool' && waiting.length > 0;
    if (!between) {
      ordered.push(...waiting);
      waiting = [];
    }
    ordered.push(message);
  }
  return [...ordered, ...waiting];
}

/** The mark tells the model that this is no word of the user's (MSG-4). */
function asReminder({ content }: WireMessage): WireMessage {
  return { role: 'user', content: `<system-reminder>${textOf(content)}</system-reminder>` };
}

/** Quirk `mergeSystem`. Joined by a blank line, as a reader would write them one under the other. */
function mergeSystem(messages: readonly WireMessage[]): readonly WireMessage[] {
  const end = endOfSystem(messages);
  const [first] = messages;
  if (first === undefined || end < 2) return messages;
  const content = messages
    .slice(0, end)
    .map((message) => textOf(message['content']))
    .join('\n\n');
  return [{ ...first, content }, ...messages.slice(end)];
}

/** Quirk `alternateRoles`. A run of system messages stays: Perplexity takes several at the beginning. */
function joinNeighbours(messages: readonly WireMessage[]): readonly WireMessage[] {
  const joined: WireMessage[] = [];
  for (const message of messages) {
    const before = joined.at(-1);
    if (before && canJoin(before, message)) {
      joined[joined.length - 1] = { ...before, content: joinContent(before['content'], message['content']) };
    } else {
      joined.push(message);
    }
  }
  return joined;
}

/** Calls belong to their own message, and to the results that follow it. */
function canJoin(before: WireMessage, message: WireMessage): boolean {
  const { role } = message;
  if (role !== before['role'] || (role !== 'user' && role !== 'assistant')) return false;
  return !('tool_calls' in before) && !('tool_calls' in message);
}

/** Texts stay texts; where either has parts, both become parts, for an image has no place in a text. */
function joinContent(before: unknown, content: unknown): unknown {
  if (typeof before === 'string' && typeof content === 'string') return `${before}\n\n${content}`;
  return [...partsOf(before), ...partsOf(content)];
}

function partsOf(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content;
  return typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : [];
}

/** Quirk `assistantAfterTool`: "Unexpected role 'user' after role 'tool'" is the answer to any other order. */
function acknowledgeResults(messages: readonly WireMessage[]): readonly WireMessage[] {
  return messages.flatMap((message, index) => {
    const afterTool = message['role'] === 'user' && messages[index - 1]?.['role'] === 'tool';
    return afterTool ? [ACKNOWLEDGED, message] : [message];
  });
}

/** System messages hold text, whole or in parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const texts = partsOf(content).map((part) => (isRecord(part) ? part['text'] : undefined));
  return texts.filter((text) => typeof text === 'string').join('\n\n');
}
