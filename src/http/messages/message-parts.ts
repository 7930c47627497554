import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ContentPart } from '../../chat/request.ts';

/** A content block of the Messages API, checked as far as its type demands. */
export interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** True for what has passed as a block; everything that stands among content has. */
export function isBlock(value: unknown): value is Block {
  return isRecord(value) && typeof value['type'] === 'string';
}

/**
 * A block of a user or system turn as a part of a chat message: in OpenAI's words where they say all of it, so that
 * every host can read it, else as it is, which Claude alone can (PRT-17).
 */
export function partOf(block: Block): ContentPart {
  switch (block.type) {
    case 'text':
      // Citations of a user's text are refused by the API anyway (T-2).
      return { type: 'text', text: String(block['text']), ...cacheMark(block) };
    case 'image':
      return imagePart(block) ?? block;
    case 'document':
      return pdfPart(block) ?? block;
    default:
      return block;
  }
}

/** A cache breakpoint stays where it stands; hosts without one overlook it (CA-1). */
export function cacheMark({ cache_control: mark }: JsonObject): { cache_control?: unknown } {
  return mark === undefined || mark === null ? {} : { cache_control: mark };
}

/** `undefined` for a file of Anthropic's, and for one with instructions that have no counterpart. */
function imagePart(block: Block): ContentPart | undefined {
  const { type: _, source, cache_control: __, ...more } = block;
  const url = isRecord(source) ? imageUrl(source) : undefined;
  if (url === undefined || Object.keys(more).length > 0) return undefined;
  return { type: 'image_url', image_url: { url }, ...cacheMark(block) };
}

function imageUrl(source: JsonObject): string | undefined {
  if (source['type'] === 'url') return textOf(source['url']);
  const data = source['type'] === 'base64' ? textOf(source['data']) : undefined;
  return data === undefined ? undefined : `data:${String(source['media_type'])};base64,${data}`;
}

/**
 * Only PDFs: no other document can be told to an OpenAI host.
 *
 * OpenAI refuses a file without a name, and Claude takes the name for the title: so a missing title is told as such.
 */
function pdfPart(block: Block): ContentPart | undefined {
  const { source, title, context, citations } = block;
  if (!isRecord(source) || source['type'] !== 'base64' || source['media_type'] !== 'application/pdf') {
    return undefined;
  }
  const named = typeof title === 'string' && title !== '';
  return {
    type: 'file',
    file: {
      filename: named ? title : 'document.pdf',
      file_data: `data:application/pdf;base64,${source['data']}`,
    },
    ...(!named && { title: null }),
    ...(typeof context === 'string' && { context }),
    ...(isRecord(citations) && { citations }),
    ...cacheMark(block),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
