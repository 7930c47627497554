import { isRecord } from '../../../provider-kit/index.ts';
import type { WireBlock } from './claude-wire.ts';
import { decodedLength, isDataUrl, parseDataUrl } from './data-url.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { canonicalType, IMAGE_TYPES, SNIFF_BYTES, sniff } from './media-type.ts';
import { firstBytes } from './node-base64.ts';

/** Largest image the API takes, in bytes (PRT-8). */
const MAX_IMAGE_BYTES = 10 * 1024 * 1024;

/** Largest PDF: it has to fit the body limit of 32 MB (PRT-13). */
const MAX_PDF_BYTES = 32 * 1024 * 1024;

/**
 * The block for an `image_url` part (PRT-3 to PRT-7).
 *
 * @throws ProviderError `invalid_request` for other schemes than `https:` and `data:`, and for kinds Claude cannot read
 */
export function imageBlock(
  context: EncodeContext,
  part: Readonly<Record<string, unknown>>,
  path: string,
): WireBlock {
  const image = part['image_url'];
  // Some callers write the URL in place of the object.
  const url = isRecord(image) ? image['url'] : image;
  const param = `${path}.image_url.url`;
  if (typeof url !== 'string') {
    throw refusal(context, param, 'missing_required_parameter', 'expected a URL');
  }
  const detail = isRecord(image) ? image['detail'] : undefined;
  if (detail === 'low' || detail === 'original') {
    warn(context, 'unsupported_parameter', `${path}.image_url.detail`, 'Claude has no such control; ignored');
  }
  if (isDataUrl(url)) {
    const data = parseDataUrl(url);
    if (data) return mediaBlock(context, param, data.mediaType, data.base64);
    throw refusal(context, param, 'invalid_value', 'the data URL cannot be read; expected base64 data');
  }
  if (/^https:\/\//i.test(url)) return { type: 'image', source: { type: 'url', url } };
  throw refusal(context, param, 'unsupported_value', 'only https: and data: URLs can be sent');
}

/**
 * An image or PDF block from base64. The bytes decide over the label (PRT-4).
 *
 * @param label - the caller's media type, if any
 */
export function mediaBlock(
  context: EncodeContext,
  param: string,
  label: string | undefined,
  base64: string,
): WireBlock {
  const named = label === undefined ? undefined : canonicalType(label);
  const mediaType = sniff(firstBytes(base64, SNIFF_BYTES)) ?? named;
  if (mediaType === 'application/pdf') return pdfBlock(context, param, base64);
  if (mediaType === undefined || !IMAGE_TYPES.has(mediaType)) {
    throw refusal(context, param, 'unsupported_value', 'Claude reads JPEG, PNG, GIF, WebP and PDF only');
  }
  if (decodedLength(base64) > MAX_IMAGE_BYTES) {
    throw refusal(context, param, 'string_above_max_length', 'the image is larger than 10 MB; shrink it');
  }
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: base64 } };
}

/** A PDF goes into a document block, also where the caller put it into `image_url` (PRT-7). */
function pdfBlock(context: EncodeContext, param: string, base64: string): WireBlock {
  if (decodedLength(base64) > MAX_PDF_BYTES) {
    throw refusal(context, param, 'string_above_max_length', 'the PDF is larger than 32 MB; split it');
  }
  return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: base64 } };
}
