import type { ChatMessage } from '../../../provider-kit/index.ts';
import { isRecord } from '../../../provider-kit/index.ts';
import type { WireBlock } from './claude-wire.ts';
import { parseToolInput } from './tool-arguments.ts';
import type { ToolNames } from './tool-names.ts';

/**
 * True when a message still says what its native content says (TH-13): same text, same calls.
 *
 * Calls before the last `fallback` block were void when they were made (STR-12d); the message may list them or not.
 */
export function isConsistent(message: ChatMessage, native: readonly WireBlock[], names: ToolNames): boolean {
  if (textOf(native) !== contentText(message)) return false;
  const live = liveCalls(native);
  const liveIds = new Set(live.map((block) => block['id']));
  const voided = new Set(
    native
      .filter((block) => block.type === 'tool_use' && !liveIds.has(block['id']))
      .map((block) => block['id']),
  );
  const told = toldCalls(message).filter((call) => !voided.has(call.id));
  return told.length === live.length && told.every((call, index) => isSameCall(call, live[index], names));
}

/** The client calls of native content that count: those after the last server-side fallback. */
export function liveCalls(native: readonly WireBlock[]): readonly WireBlock[] {
  const start = native.findLastIndex((block) => block.type === 'fallback') + 1;
  return native.slice(start).filter((block) => block.type === 'tool_use');
}

/**
 * Texts joined without a separator, as the answer was (RES-5): citations cut one sentence into many blocks.
 */
const textOf = (blocks: readonly WireBlock[]): string =>
  blocks
    .map((block) => (block.type === 'text' && typeof block['text'] === 'string' ? block['text'] : ''))
    .join('');

/** What the message says now, whichever form its content has. */
function contentText(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content;
  return textOf(message.content ?? []);
}

/** A call as the message tells it, in the terms of a `tool_use` block. */
interface ToldCall {
  /** Absent for the legacy `function_call`, which has none. */
  readonly id: string | undefined;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The calls of all three forms: functions, custom tools and the legacy single call. */
function toldCalls(message: ChatMessage): readonly ToldCall[] {
  const { tool_calls: calls, function_call: legacy } = message;
  if (legacy) return [{ id: undefined, name: legacy.name, input: parseToolInput(legacy.arguments).input }];
  return (calls ?? []).map((call) => ({
    id: call.id ?? '',
    name: call.custom?.name ?? call.function?.name ?? '',
    input: call.custom ? { input: call.custom.input } : parseToolInput(call.function?.arguments ?? '').input,
  }));
}

/**
 * Names are compared on both sides of the alias (TL-4). Arguments are compared as values: newer models
 * escape JSON differently from `JSON.stringify` (TL-H5).
 */
function isSameCall(told: ToldCall, block: WireBlock | undefined, names: ToolNames): boolean {
  if (!block || (told.id !== undefined && told.id !== block['id'])) return false;
  const name = block['name'];
  return (
    (name === told.name || name === names.peek(told.name)) && deepEqual(told.input, block['input'] ?? {})
  );
}

/** Equality of JSON values; the order of keys does not matter. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => deepEqual(item, right[index]));
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && deepEqual(left[key], right[key]))
  );
}
