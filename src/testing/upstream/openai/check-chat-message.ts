import { isObject, listOf, objectOf } from '../read-json.ts';
import { type Complaint, complain, emptyArray, missing, unknownKey, wrongType } from './complaint.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Keys of a message by its role (`openai` 7.57, `ChatCompletionMessageParam`). */
const keys: Readonly<Record<string, ReadonlySet<string>>> = {
  developer: new Set(['role', 'content', 'name']),
  system: new Set(['role', 'content', 'name']),
  user: new Set(['role', 'content', 'name']),
  assistant: new Set(['role', 'content', 'name', 'refusal', 'audio', 'tool_calls', 'function_call']),
  // The type has no name, OpenAI's own examples send one.
  tool: new Set(['role', 'content', 'tool_call_id', 'name']),
  function: new Set(['role', 'content', 'name']),
};

/** Kinds of content parts by role. */
const parts: Readonly<Record<string, readonly string[]>> = {
  developer: ['text'],
  system: ['text'],
  user: ['text', 'image_url', 'input_audio', 'file'],
  assistant: ['text', 'refusal'],
  tool: ['text'],
  function: [],
};

/** Longest id of a tool call that the API takes back, in characters. */
const MAX_CALL_ID = 40;

/**
 * What the API would hold against one message by itself.
 *
 * @param path - where it stands, for the complaint's `param`
 */
export function checkChatMessage(message: Fields, path: string): Complaint | undefined {
  const role = String(message['role']);
  const allowed = keys[role];
  if (!allowed) {
    return complain(
      `${path}.role`,
      'invalid_value',
      `Invalid value: '${role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
    );
  }
  return (
    unknownKey(message, allowed, path) ??
    checkContent(message, parts[role] ?? [], path) ??
    checkCalls(message['tool_calls'], `${path}.tool_calls`) ??
    (role === 'tool' && typeof message['tool_call_id'] !== 'string'
      ? missing(`${path}.tool_call_id`)
      : undefined)
  );
}

/** Text, or parts of the kinds that the role may have; nothing only beside calls, audio or a refusal. */
function checkContent(message: Fields, allowed: readonly string[], path: string): Complaint | undefined {
  const { content, role } = message;
  if (typeof content === 'string') return undefined;
  if (content === null || content === undefined) {
    const instead = ['tool_calls', 'function_call', 'audio', 'refusal'].some((key) => message[key]);
    if (role === 'assistant' && instead) return undefined;
    return wrongType(`${path}.content`, 'one of a string or array of objects, but got null instead');
  }
  if (!Array.isArray(content)) return wrongType(`${path}.content`, 'one of a string or array of objects');
  if (content.length === 0) return emptyArray(`${path}.content`);
  for (const [index, part] of listOf(content).entries()) {
    const type = String(objectOf(part)['type']);
    if (!allowed.includes(type)) {
      return complain(
        `${path}.content[${index}].type`,
        'invalid_value',
        `Invalid value: '${type}'. Supported values are: ${allowed.map((one) => `'${one}'`).join(', ')}.`,
      );
    }
    const held = unknownKey(
      objectOf(part),
      new Set(['type', type, 'prompt_cache_breakpoint']),
      `${path}.content[${index}]`,
    );
    if (held) return held;
  }
  return undefined;
}

/** Calls of a turn that comes back: ids, names, and arguments as text. */
function checkCalls(calls: unknown, path: string): Complaint | undefined {
  if (calls === undefined) return undefined;
  if (listOf(calls).length === 0) return emptyArray(path);
  for (const [index, call] of listOf(calls).entries()) {
    const complaint = checkCall(objectOf(call), `${path}[${index}]`);
    if (complaint) return complaint;
  }
  return undefined;
}

function checkCall(call: Fields, path: string): Complaint | undefined {
  const { id, type } = call;
  if (typeof id !== 'string' || id === '') return missing(`${path}.id`);
  if (id.length > MAX_CALL_ID) {
    return complain(
      `${path}.id`,
      'string_above_max_length',
      `Invalid '${path}.id': string too long. Expected a string with maximum length ${MAX_CALL_ID}, but got a string with length ${id.length} instead.`,
    );
  }
  if (type !== 'function' && type !== 'custom') return missing(`${path}.type`);
  const unknown = unknownKey(call, new Set(['id', 'type', type]), path);
  if (unknown) return unknown;
  const body = call[type];
  const text = type === 'function' ? 'arguments' : 'input';
  if (!isObject(body) || typeof body['name'] !== 'string') return missing(`${path}.${type}.name`);
  return typeof body[text] === 'string' ? undefined : wrongType(`${path}.${type}.${text}`, 'a string');
}
