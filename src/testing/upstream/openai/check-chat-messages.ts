import { isObject, listOf, objectOf } from '../read-json.ts';
import { checkChatMessage } from './check-chat-message.ts';
import { type Complaint, complain, emptyArray, missing, wrongType } from './complaint.ts';

/**
 * What the API would hold against `messages`, or undefined.
 *
 * Walks them with the calls that still wait for a result: nothing but results may come before the last is in.
 */
export function checkChatMessages(messages: unknown): Complaint | undefined {
  if (messages === undefined) return missing('messages');
  if (!Array.isArray(messages)) return wrongType('messages', 'an array of objects');
  if (messages.length === 0) return emptyArray('messages');
  let open: readonly string[] = [];
  let answerable: readonly string[] = [];
  for (const [index, message] of listOf(messages).entries()) {
    const path = `messages[${index}]`;
    if (!isObject(message)) return wrongType(path, 'an object');
    const complaint = checkChatMessage(message, path);
    if (complaint) return complaint;
    if (message['role'] === 'tool') {
      const id = String(message['tool_call_id']);
      if (!answerable.includes(id)) return astray(path);
      open = open.filter((one) => one !== id);
      continue;
    }
    if (open.length > 0) return unanswered(path, open);
    answerable = open = callIds(message);
  }
  return open.length > 0 ? unanswered(`messages[${messages.length - 1}]`, open) : undefined;
}

function callIds(message: Readonly<Record<string, unknown>>): string[] {
  return listOf(message['tool_calls']).map((call) => String(objectOf(call)['id']));
}

/** A result without its call. The API's own spelling. */
function astray(path: string): Complaint {
  return complain(
    `${path}.role`,
    null,
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
  );
}

/** Calls without their results, told at the message that came in their place. */
function unanswered(path: string, ids: readonly string[]): Complaint {
  return complain(
    `${path}.role`,
    null,
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
  );
}
