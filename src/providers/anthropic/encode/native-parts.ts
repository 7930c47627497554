import { isRecord } from '../../../provider-kit/index.ts';
import { requireBeta } from './beta-names.ts';
import { cacheMark, withMark } from './cache-marks.ts';
import type { WireBlock } from './claude-wire.ts';
import { type EncodeContext, refusal } from './encode-context.ts';

/** Where a native block stands; each place takes other types (PRT-17). */
export type Place = 'user' | 'assistant' | 'tool' | 'system';

/**
 * Anthropic's own block types by place, after the SDK's unions of request blocks.
 *
 * Images and documents of an assistant turn are missing on purpose: a 400 since 2026-10-21 (PRT-15).
 */
const ALLOWED: Readonly<Record<Place, ReadonlySet<string>>> = {
  user: new Set(['image', 'document', 'search_result', 'container_upload', 'tool_result']),
  tool: new Set(['image', 'document', 'search_result', 'tool_reference', 'browser_state']),
  system: new Set(['tool_addition', 'tool_removal']),
  assistant: new Set([
    'thinking',
    'redacted_thinking',
    'tool_use',
    'server_tool_use',
    'web_search_tool_result',
    'web_fetch_tool_result',
    'code_execution_tool_result',
    'bash_code_execution_tool_result',
    'text_editor_code_execution_tool_result',
    'tool_search_tool_result',
    'advisor_tool_result',
    'mcp_tool_use',
    'mcp_tool_result',
    'mcp_tool_listing',
    'container_upload',
    'compaction',
    'fallback',
  ]),
};

/** True for a part that is one of Anthropic's own blocks and may stand here. */
export function isNativePart(context: EncodeContext, type: string, place: Place): boolean {
  return (context.options.acceptNativeParts ?? true) && ALLOWED[place].has(type);
}

/**
 * Passes one of Anthropic's own blocks through (PRT-17).
 *
 * @throws ProviderError `invalid_request` for a type that may not stand here, or that nobody knows (PRT-9, PRT-15, PRT-18)
 */
export function nativeBlock(context: EncodeContext, part: WireBlock, path: string, place: Place): WireBlock {
  if (!isNativePart(context, part.type, place)) {
    throw refusal(
      context,
      path,
      'unsupported_content_part',
      `a part of this type cannot be sent to Claude in ${place === 'assistant' ? 'an' : 'a'} ${place} message`,
    );
  }
  requireBeta(context, 'block', part.type);
  const clean = place === 'assistant' ? part : withoutCitations(part);
  return clean['cache_control'] === undefined ? clean : withMark(clean, cacheMark(context, clean, path));
}

/**
 * The block without citations on texts inside it: a user turn may ask for citations, not bring any (T-2).
 * Blocks without such texts are returned themselves.
 */
export function withoutCitations(block: WireBlock): WireBlock {
  const inner = block['content'];
  if (!Array.isArray(inner) || !inner.some(mayCite)) return block;
  return { ...block, content: inner.map((item) => (isBlock(item) ? uncited(item) : item)) };
}

/** True for an item that could hold citations, directly or one level down. */
function mayCite(item: unknown): boolean {
  return isRecord(item) && (Array.isArray(item['citations']) || Array.isArray(item['content']));
}

/** The block without its own citations; `citations: {enabled}` is a request for them and stays. */
function uncited(block: WireBlock): WireBlock {
  if (!Array.isArray(block['citations'])) return withoutCitations(block);
  const { citations: _, ...rest } = block;
  return withoutCitations({ ...rest, type: block.type });
}

/** True for an object that can be a block: it has a type. */
export function isBlock(value: unknown): value is WireBlock {
  return isRecord(value) && typeof value['type'] === 'string';
}
