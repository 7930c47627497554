/** Media types of images that Claude reads (PRT-4). */
export const IMAGE_TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
]);

/** How many bytes `sniff` looks at. */
export const SNIFF_BYTES = 16;

/**
 * First bytes of the kinds that matter: those Claude reads, and those a caller may take for one of them.
 *
 * @see https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
 */
const MAGIC: readonly (readonly [mediaType: string, offset: number, bytes: string])[] = [
  ['image/png', 0, '\x89PNG'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['application/pdf', 0, '%PDF-'],
  ['image/heic', 4, 'ftyphe'],
  ['image/heic', 4, 'ftypmif1'],
  ['image/avif', 4, 'ftypavi'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/bmp', 0, 'BM'],
];

/** The media type that a file's first bytes betray. The API compares too: a wrong label is a 400. */
export function sniff(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, SNIFF_BYTES));
  return MAGIC.find(([, offset, magic]) => head.startsWith(magic, offset))?.[0];
}

/** Endings of the file types that PRT-10 names, and their nearest relatives. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  log: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  yaml: 'text/yaml',
  yml: 'text/yaml',
  json: 'application/json',
  jsonl: 'application/jsonl',
  xml: 'application/xml',
};

/** The media type that a file name or URL path ends in. */
export function typeOfName(name: string): string | undefined {
  const extension = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(name)?.[1]?.toLowerCase();
  return extension !== undefined && Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

/** Old and private names of JPEG, as callers write them. */
const SYNONYMS: Readonly<Record<string, string>> = { 'image/jpg': 'image/jpeg', 'image/pjpeg': 'image/jpeg' };

/** The registered name of a media type. */
export function canonicalType(mediaType: string): string {
  return SYNONYMS[mediaType] ?? mediaType;
}

/** True for media types whose bytes are text that Claude can be given as such (PRT-10). */
export function isTextType(mediaType: string): boolean {
  return mediaType.startsWith('text/') || /^application\/(?:json|jsonl|xml|csv)$/.test(mediaType);
}
