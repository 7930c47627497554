import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ContentPart, MessageContent } from '../../chat/request.ts';
import { unsupported } from './responses-refusals.ts';

/**
 * What an item says, as the content of a chat message. One text is a string: not every host takes parts everywhere.
 *
 * @param path - of the content in the client's request
 * @throws InvalidRequestError for a part that chat has no form for
 */
export function contentOf(content: unknown, path: string): MessageContent {
  if (!Array.isArray(content)) return String(content ?? '');
  const parts = content.filter(isRecord).map((part, index) => partOf(part, `${path}[${index}]`));
  const [first] = parts;
  const isPlain = parts.length === 1 && first?.type === 'text' && Object.keys(first).length === 2;
  return isPlain ? String(first['text']) : parts;
}

/** One part. A breakpoint of the prompt cache stays where it stands (CA-2). */
function partOf(part: JsonObject, path: string): ContentPart {
  const { type, text, prompt_cache_breakpoint: breakpoint } = part;
  const mark = breakpoint ? { prompt_cache_breakpoint: breakpoint } : {};
  switch (type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: String(text ?? ''), ...mark };
    case 'input_image':
      return { ...imagePart(part, path), ...mark };
    case 'input_file':
      return { ...filePart(part), ...mark };
    case 'input_audio':
      return { ...part, type };
    default:
      throw unsupported(`${path}.type`, 'this kind of content is not supported', 'unsupported_content_part');
  }
}

/** Chat knows images by their URL alone. */
function imagePart({ image_url: url, detail }: JsonObject, path: string): ContentPart {
  if (typeof url !== 'string') {
    throw unsupported(`${path}.image_url`, 'send the image as a URL, or as data in one', 'invalid_value');
  }
  return { type: 'image_url', image_url: { url, ...(typeof detail === 'string' && { detail }) } };
}

/** A URL stands where the data would: hosts that fetch files find it there (PRT-11). */
function filePart({ file_data: data, file_url: url, file_id: id, filename }: JsonObject): ContentPart {
  const content = data ?? url;
  return {
    type: 'file',
    file: {
      ...(typeof content === 'string' && { file_data: content }),
      ...(typeof id === 'string' && { file_id: id }),
      ...(typeof filename === 'string' && { filename }),
    },
  };
}
