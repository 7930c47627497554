import { isObject, listOf, textOf } from '../read-json.ts';
import { isForged } from '../signature.ts';

/** The API's own pattern for `tool_use.id` and `tool_use_id` (TL-H6). */
const ID = /^[a-zA-Z0-9_-]+$/;

/** What the API would hold against one block, as the rest of a path and a message, or undefined. */
export function checkBlock(role: unknown, block: Readonly<Record<string, unknown>>): string | undefined {
  const check = checks[String(block['type'])];
  return check?.(block, role);
}

type Check = (block: Readonly<Record<string, unknown>>, role: unknown) => string | undefined;

/** By block type. What is not listed passes: the API knows more types than a test upstream need. */
const checks: Readonly<Record<string, Check>> = {
  undefined: () => '.type: Field required',

  text: ({ text, citations }, role) => {
    if (typeof text !== 'string') return '.text: Input should be a valid string';
    if (text === '') return ': text content blocks must be non-empty';
    const cites = role === 'user' && listOf(citations).length > 0;
    return cites ? '.citations: not permitted in user messages (T-2)' : undefined;
  },

  image: ({ source }) => (isObject(source) ? undefined : '.source: Field required'),

  document: ({ source }, role) => {
    if (role === 'assistant') return ': document blocks are not permitted in assistant messages (T-2)';
    return isObject(source) ? undefined : '.source: Field required';
  },

  thinking: ({ thinking, signature }, role) => {
    if (role !== 'assistant') return ': thinking blocks are only permitted in assistant messages';
    if (typeof thinking !== 'string') return '.thinking: Field required';
    if (typeof signature !== 'string' || signature === '') return '.thinking.signature: Field required';
    return isForged(thinking, signature) ? ': Invalid `signature` in `thinking` block' : undefined;
  },

  tool_use: ({ id, name, input }, role) => {
    if (role !== 'assistant') return ': `tool_use` blocks can only be in `assistant` messages';
    if (!ID.test(textOf(id) ?? '')) return `.tool_use.id: String should match pattern '${ID.source}'`;
    if (!textOf(name)) return '.tool_use.name: Field required';
    return isObject(input) ? undefined : '.tool_use.input: Input should be a valid dictionary';
  },

  tool_result: ({ content, is_error: isError }) => {
    const blocks = listOf(content).filter(isObject);
    const textOnly = blocks.every((block) => block['type'] === 'text');
    return isError === true && !textOnly ? '.tool_result: error results must be text only' : undefined;
  },
};
