import { isRecord } from '../../../provider-kit/index.ts';
import type { WireBlock } from './claude-wire.ts';
import { isDataUrl, normalizeBase64, parseDataUrl } from './data-url.ts';
import { type EncodeContext, refusal } from './encode-context.ts';
import { mediaBlock } from './images.ts';
import { isTextType, SNIFF_BYTES, sniff, typeOfName } from './media-type.ts';
import { firstBytes, utf8FromBase64 } from './node-base64.ts';

/** An object of the caller's, not yet checked. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * The block for a `file` part: a document, or an image where the file is one (PRT-10 to PRT-12).
 *
 * `citations`, `context` and `title` of the part go to the document; `filename` is its title otherwise.
 *
 * @throws ProviderError `invalid_request` for foreign file ids and for kinds Claude cannot read
 */
export function fileBlock(context: EncodeContext, part: Fields, path: string): WireBlock {
  const file = isRecord(part['file']) ? part['file'] : {};
  const block = sourceBlock(context, file, `${path}.file`);
  if (block.type !== 'document') return block;
  // OpenAI wants a file name for every file: a title of `null` says that there is no other than that.
  const title = part['title'] === null ? undefined : (part['title'] ?? file['title'] ?? file['filename']);
  const about = part['context'] ?? file['context'];
  const citations = part['citations'] ?? file['citations'];
  return {
    ...block,
    ...(typeof title === 'string' && title !== '' && { title }),
    ...(typeof about === 'string' && about !== '' && { context: about }),
    ...(isRecord(citations) && { citations }),
  };
}

/** The file from its data or by its id; data wins, because an id may belong to another vendor. */
function sourceBlock(context: EncodeContext, file: Fields, path: string): WireBlock {
  const { file_data: data, file_id: id, filename } = file;
  const name = typeof filename === 'string' ? filename : '';
  if (typeof data === 'string') return dataBlock(context, data, name, `${path}.file_data`);
  if (typeof id === 'string') return idBlock(context, id, name, `${path}.file_id`);
  throw refusal(context, path, 'missing_required_parameter', 'expected `file_data` or `file_id`');
}

/** Inline data (PRT-10), or a URL in its place, as seen in the wild (PRT-11). */
function dataBlock(context: EncodeContext, data: string, name: string, param: string): WireBlock {
  if (/^https:\/\//i.test(data)) return urlBlock(data);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(data)) {
    throw refusal(context, param, 'unsupported_value', 'only https: and data: URLs can be sent');
  }
  const content = isDataUrl(data) ? parseDataUrl(data) : { base64: normalizeBase64(data) };
  if (!content?.base64) {
    throw refusal(context, param, 'invalid_value', 'expected base64 or a data: URL');
  }
  const label = 'mediaType' in content ? content.mediaType : undefined;
  const says = label === undefined || label === 'application/octet-stream' ? typeOfName(name) : label;
  return contentBlock(context, content.base64, says, param);
}

/** Texts are decoded, because the API takes them as text only; all else goes by its bytes (PRT-10). */
function contentBlock(
  context: EncodeContext,
  base64: string,
  label: string | undefined,
  param: string,
): WireBlock {
  const seen = sniff(firstBytes(base64, SNIFF_BYTES));
  // A text may begin with the magic of a picture ("BM…"), so of the bytes only PDF's overrule a text's label.
  if (seen !== 'application/pdf' && label !== undefined && isTextType(label)) {
    return {
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: utf8FromBase64(base64) },
    };
  }
  return mediaBlock(context, param, seen ?? label, base64);
}

/** Anthropic's servers fetch the URL themselves, so that its ending is all there is to go by (PRT-11). */
function urlBlock(url: string): WireBlock {
  const isImage = typeOfName(url)?.startsWith('image/') ?? false;
  return { type: isImage ? 'image' : 'document', source: { type: 'url', url } };
}

/** Ids of OpenAI's own files begin with `file-` and mean nothing to Anthropic (PRT-12). */
function idBlock(context: EncodeContext, id: string, name: string, param: string): WireBlock {
  if (!id.startsWith('file_')) {
    throw refusal(
      context,
      param,
      'invalid_value',
      'not an Anthropic file id; upload the file to Anthropic first',
    );
  }
  const isImage = typeOfName(name)?.startsWith('image/') ?? false;
  return { type: isImage ? 'image' : 'document', source: { type: 'file', file_id: id } };
}
