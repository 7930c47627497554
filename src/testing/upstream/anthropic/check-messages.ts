import { isObject, listOf, objectOf, textOf } from '../read-json.ts';
import { checkBlock } from './check-block.ts';
import { blocksOf } from './prompt-segments.ts';

type Block = Readonly<Record<string, unknown>>;

/**
 * What the API would hold against `messages`, or undefined.
 *
 * Walks the turns with the calls that the turn before has left open: pairing calls and results is what
 * translations get wrong most often.
 */
export function checkMessages(messages: unknown): string | undefined {
  if (!Array.isArray(messages)) return 'messages: Field required';
  if (messages.length === 0) return 'messages: at least one message is required';
  const seen = new Set<string>();
  let open: readonly string[] = [];
  for (const [index, message] of messages.entries()) {
    const { role, content } = objectOf(message);
    const blocks = blocksOf(content).map(objectOf);
    const complaint =
      checkShape(message, index) ??
      checkResults(role, blocks, open, index) ??
      checkBlocks(role, blocks, index) ??
      checkUnique(blocks, seen, index);
    if (complaint) return complaint;
    open = role === 'assistant' ? idsOf(blocks) : [];
  }
  return open.length > 0 ? unanswered(messages.length - 1, open) : undefined;
}

/** What a message is, before what is in it. */
function checkShape(message: unknown, index: number): string | undefined {
  if (!isObject(message)) return `messages.${index}: Input should be an object`;
  const { role, content, ...rest } = message;
  const extra = Object.keys(rest)[0];
  if (extra !== undefined) return `messages.${index}.${extra}: Extra inputs are not permitted`;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    return `messages.${index}.role: Input should be 'user', 'assistant' or 'system'`;
  }
  if (role === 'system' && index === 0)
    return 'messages.0.role: the first message must not be a system message';
  const isEmpty = typeof content === 'string' ? content === '' : listOf(content).length === 0;
  return isEmpty && role === 'user'
    ? `messages.${index}: user messages must have non-empty content`
    : undefined;
}

/** Every call of the turn before must be answered first thing in this one, and nothing else (TL-R1, TL-R2). */
function checkResults(
  role: unknown,
  blocks: readonly Block[],
  open: readonly string[],
  index: number,
): string | undefined {
  const results = blocks.filter((block) => block['type'] === 'tool_result');
  const ids = results.map((block) => textOf(block['tool_use_id']) ?? '');
  const stray = ids.find((id) => !open.includes(id) || role !== 'user');
  if (stray !== undefined) {
    return `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
  }
  const missing = open.filter((id) => !ids.includes(id));
  if (missing.length > 0) return unanswered(index - 1, missing);
  if (new Set(ids).size < ids.length)
    return `messages.${index}.content: each tool_use must have a single result`;
  const late = blocks.findIndex((block, at) => block['type'] === 'tool_result' && at >= results.length);
  return late < 0 ? undefined : `messages.${index}.content.${late}: tool_result blocks must come first`;
}

/** A call without its result, told at the message that holds the call. */
function unanswered(index: number, ids: readonly string[]): string {
  return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}

/** The first complaint about a block, at its full path. */
function checkBlocks(role: unknown, blocks: readonly Block[], index: number): string | undefined {
  for (const [at, block] of blocks.entries()) {
    const complaint = checkBlock(role, block);
    if (complaint) return `messages.${index}.content.${at}${complaint}`;
  }
  return undefined;
}

/** Ids name calls over the whole conversation, not only over one turn (TL-H7). */
function checkUnique(blocks: readonly Block[], seen: Set<string>, index: number): string | undefined {
  for (const id of idsOf(blocks)) {
    if (seen.has(id)) return `messages.${index}: \`tool_use\` ids must be unique`;
    seen.add(id);
  }
  return undefined;
}

function idsOf(blocks: readonly Block[]): string[] {
  return blocks.filter((block) => block['type'] === 'tool_use').map((block) => textOf(block['id']) ?? '');
}
