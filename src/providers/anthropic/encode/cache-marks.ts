import { isRecord } from '../../../provider-kit/index.ts';
import type { CacheControl, WireBlock } from './claude-wire.ts';
import { type EncodeContext, warn } from './encode-context.ts';
import { type Entry, isEmptyText, isThinking } from './turns.ts';

/** Anything of the caller's that may carry a mark: a message, a part, a tool, the request. */
type Marked = Readonly<Record<string, unknown>>;

/**
 * The cache breakpoint that a message, part or tool asks for, in Anthropic's or in OpenAI's words (CA-1, CA-2).
 *
 * @param path - of the carrier, for warnings
 */
export function cacheMark(context: EncodeContext, carrier: Marked, path: string): CacheControl | undefined {
  const native = carrier['cache_control'];
  if (native !== undefined && native !== null) return nativeMark(context, native, path);
  const breakpoint = carrier['prompt_cache_breakpoint'];
  return isRecord(breakpoint) ? breakpointMark(context, breakpoint, path) : undefined;
}

/**
 * Anthropic's own spelling, rebuilt field by field: a mark with anything else in it is a 400, and dropping it
 * costs money but changes no answer.
 */
function nativeMark(context: EncodeContext, mark: unknown, path: string): CacheControl | undefined {
  if (isRecord(mark) && mark['type'] === 'ephemeral') {
    const ttl = mark['ttl'];
    if (ttl === '5m' || ttl === '1h') return { type: 'ephemeral', ttl };
    if (ttl === undefined || ttl === null) return { type: 'ephemeral' };
  }
  const param = `${path ? `${path}.` : ''}cache_control`;
  warn(context, 'unsupported_parameter', param, 'must be {type: "ephemeral", ttl?: "5m" | "1h"}; ignored');
  return undefined;
}

/** OpenAI promises at least 30 minutes or 12 hours; an hour is the longest that Anthropic keeps. */
function breakpointMark(context: EncodeContext, breakpoint: Marked, path: string): CacheControl {
  const options = context.request['prompt_cache_options'];
  const ttl = breakpoint['ttl'] ?? (isRecord(options) ? options['ttl'] : undefined);
  if (ttl !== '30m' && ttl !== '12h') return { type: 'ephemeral' };
  if (ttl === '12h') {
    warn(context, 'clamped', `${path}.prompt_cache_breakpoint.ttl`, 'cached for 1 h, the longest there is');
  }
  return { type: 'ephemeral', ttl: '1h' };
}

/** True where a breakpoint may stand (CA-4). */
export function isCacheable(block: WireBlock): boolean {
  return !isThinking(block) && !isEmptyText(block) && block.type !== 'tool_reference';
}

/** The block with this breakpoint in place of its own; the block itself when nothing changes. */
export function withMark(block: WireBlock, mark: CacheControl | undefined): WireBlock {
  if (mark !== undefined) return { ...block, cache_control: mark };
  if (block['cache_control'] === undefined) return block;
  const { cache_control: _, ...rest } = block;
  return { ...rest, type: block.type };
}

/** Puts a message's own mark on its last cacheable block that has none (CA-1). */
export function markLast(entries: Entry[], mark: CacheControl | undefined): void {
  if (!mark) return;
  const index = entries.findLastIndex(({ block }) => isCacheable(block));
  const entry = entries[index];
  if (entry && entry.block['cache_control'] === undefined) {
    entries[index] = { ...entry, block: withMark(entry.block, mark) };
  }
}
