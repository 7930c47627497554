import { base64FromPercent } from './node-base64.ts';

/** What a `data:` URL holds. */
export interface DataUrl {
  /** Lower case, without parameters; absent when the URL names none. */
  readonly mediaType?: string;
  /** Standard alphabet, padded. */
  readonly base64: string;
}

/** True for a URL of the `data:` scheme. */
export function isDataUrl(url: string): boolean {
  return /^data:/i.test(url);
}

/**
 * Reads `data:<type>/<sub>(;key=value)*[;base64],<payload>` (PRT-3).
 *
 * Parameters are ignored. A payload without `;base64` is percent-decoded.
 *
 * @returns `undefined` when it cannot be read or holds no byte
 */
export function parseDataUrl(url: string): DataUrl | undefined {
  const comma = url.indexOf(',');
  if (comma < 0 || !isDataUrl(url)) return undefined;
  const [type = '', ...parameters] = url.slice('data:'.length, comma).toLowerCase().split(';');
  const payload = url.slice(comma + 1);
  const isBase64 = parameters.some((parameter) => parameter.trim() === 'base64');
  const base64 = isBase64 ? normalizeBase64(payload) : base64FromPercent(payload);
  if (!base64) return undefined;
  return { ...(type.trim() && { mediaType: type.trim() }), base64 };
}

/**
 * Base64 as the API takes it: no white space, standard alphabet, padded.
 *
 * @returns `undefined` when it is not base64 or decodes to nothing
 */
export function normalizeBase64(payload: string): string | undefined {
  if (isCanonical(payload)) return payload;
  const body = payload
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\s+/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    // From the start of a run alone: from each place of it, a run of megabytes would be read again (I5).
    .replace(/(?<!=)=+$/, '');
  const padded = body + '='.repeat((4 - (body.length % 4)) % 4);
  return isCanonical(padded) ? padded : undefined;
}

/**
 * One scan for the first foreign character: a pattern with a long greedy run would backtrack over
 * megabytes.
 */
function isCanonical(payload: string): boolean {
  if (payload.length === 0 || payload.length % 4 !== 0) return false;
  const stop = payload.search(/[^A-Za-z0-9+/]/);
  return stop < 0 || (stop >= payload.length - 2 && /^={1,2}$/.test(payload.slice(stop)));
}

/** How many bytes canonical base64 decodes to. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}
