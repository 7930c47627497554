import type { ContentPart, MessageContent } from '../../../provider-kit/index.ts';
import { cacheMark, withMark } from './cache-marks.ts';
import type { WireBlock } from './claude-wire.ts';
import { fileBlock } from './documents.ts';
import { type EncodeContext, refusal } from './encode-context.ts';
import { imageBlock } from './images.ts';
import { nativeBlock, type Place } from './native-parts.ts';
import type { Entry } from './turns.ts';

/**
 * The blocks of a user or tool message, in the caller's order (PRT-1 to PRT-19).
 *
 * Empty texts are left out (MSG-23), unless they carry a cache breakpoint: then they stay as its mark until the
 * turn is finished (CA-4).
 *
 * @param path - of the content: `messages[3].content`
 * @param takes - true for a part that the caller has dealt with itself
 */
export function contentEntries(
  context: EncodeContext,
  content: MessageContent | null | undefined,
  path: string,
  place: 'user' | 'tool',
  takes: (part: ContentPart, from: string) => boolean = () => false,
): Entry[] {
  if (typeof content === 'string') return content === '' ? [] : [textEntry(content, path)];
  const entries: Entry[] = [];
  for (const [index, part] of (content ?? []).entries()) {
    const from = `${path}[${index}]`;
    if (takes(part, from)) continue;
    const block = partBlock(context, part, from, place);
    if (block['text'] !== '' || block['cache_control'] !== undefined) entries.push({ block, from });
  }
  return entries;
}

/** One block of plain text. */
export function textEntry(text: string, from: string): Entry {
  return { block: { type: 'text', text }, from };
}

/** One part as a block. */
export function partBlock(context: EncodeContext, part: ContentPart, path: string, place: Place): WireBlock {
  switch (part.type) {
    case 'text':
      return textBlock(context, part, path);
    case 'image_url':
      return marked(context, imageBlock(context, part, path), part, path);
    case 'file':
      return marked(context, fileBlock(context, part, path), part, path);
    default:
      return nativeBlock(context, part, path, place);
  }
}

/**
 * A text part; fields the API does not know, and citations (T-2), stay behind. A bare part is shared, not
 * copied.
 */
export function textBlock(context: EncodeContext, part: ContentPart, path: string): WireBlock {
  const text = part['text'];
  if (typeof text !== 'string') throw refusal(context, `${path}.text`, 'invalid_type', 'expected a string');
  return isBare(part) ? part : marked(context, { type: 'text', text }, part, path);
}

/** True for a part that is already a legal block. Most are, and a long history is full of them. */
function isBare(part: ContentPart): boolean {
  for (const key in part) if (key !== 'type' && key !== 'text') return false;
  return true;
}

/** The block with the cache breakpoint that its part asks for, if any (CA-1, CA-2). */
function marked(context: EncodeContext, block: WireBlock, part: ContentPart, path: string): WireBlock {
  return withMark(block, cacheMark(context, part, path));
}
