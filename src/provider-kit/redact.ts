/** What stands where something was taken out. */
const MASK = '[redacted]';

/** Characters of foreign text that an error message may carry. */
export const MAX_UPSTREAM_CHARS = 200;

/** Secrets shorter than this are placeholders such as `ollama`; to mask them would only garble messages. */
const MIN_SECRET_CHARS = 8;

/** As much of a text as is looked at. What is dropped before the cut covers a secret that the cut has halved. */
const MAX_READ_CHARS = 64 * 1024;
const MAX_SECRET_CHARS = 8 * 1024;

/** A web page instead of a message: nothing in it helps anybody (S19). */
const webPage = /<(?:!doctype|\?xml|html|head|body|title|center)\b/i;

/**
 * Shapes of credentials, whoever they belong to (ERR-61). Each is linear: a hostile host must not be able to
 * stop the process with a long string.
 */
const shapes: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [
    /\b(authorization|x-api-key|api-key)(["']?\s?[:=]\s?["']?)(?:(?:bearer|basic) )?[^\s"',}]+/gi,
    `$1$2${MASK}`,
  ],
  [/\bbearer [\w.~+/=*-]{8,}/gi, `Bearer ${MASK}`],
  [/\b(?:sk|pk|gsk|xai|pplx|hf|r8)[-_][\w*-]{4,}/g, MASK],
  [/\bAIza[\w-]{16,}/g, MASK],
  [/([?&](?:key|api[-_]?key|access[-_]token|token|sig|signature)=)[^&\s"'<>]+/gi, `$1${MASK}`],
  [/\/\/[^\s/@]*@/g, `//${MASK}@`],
];

/**
 * Foreign text as an error message may show it: one line, no markup, no credential, at most 200 characters.
 *
 * @param secrets - keys of ours, found as they are, URL-encoded, and in base64 at any offset
 * @returns `''` for a web page
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const read = text.slice(0, MAX_READ_CHARS);
  if (webPage.test(read)) return '';
  // Invisible characters go first: one of them inside a key would hide it from every search below.
  let line = read
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  for (const secret of secrets) {
    // No form of a secret is shorter than the secret itself.
    if (secret.length < MIN_SECRET_CHARS || secret.length > line.length) continue;
    for (const form of formsOf(secret)) line = line.replaceAll(form, MASK);
  }
  if (read.length < text.length) line = line.slice(0, -MAX_SECRET_CHARS);
  for (const [pattern, replacement] of shapes) line = line.replace(pattern, replacement);
  return capped(
    line
      .replace(/<[^<>]*>/g, ' ')
      .replace(/ {2,}/g, ' ')
      .trim(),
  );
}

/** A foreign word as it may be passed on; `undefined` when it does not look like one, or hides a key. */
export function harmless(
  word: string | null | undefined,
  secrets: readonly string[] = [],
): string | undefined {
  if (!word || !/^[\w.:[\]-]{1,128}$/.test(word)) return undefined;
  return redact(word, secrets) === word ? word : undefined;
}

function capped(line: string): string {
  if (line.length <= MAX_UPSTREAM_CHARS) return line;
  // Half of a surrogate pair would be an invalid character for whoever prints it.
  return `${line.slice(0, MAX_UPSTREAM_CHARS - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Ways in which a host has been seen to hand a key back; none that is shorter than 8 characters. */
export function formsOf(secret: string): Set<string> {
  const encoded = encodeURIComponent(toWellFormed(secret));
  const forms = [secret, encoded, encoded.replace(/%../g, (code) => code.toLowerCase())];
  for (const shift of [0, 1, 2]) {
    const core = base64Core(secret, shift);
    forms.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return new Set(forms.filter((form) => form.length >= MIN_SECRET_CHARS));
}

/** The part of a secret's base64 that no neighbour can change, `shift` bytes after a group began. */
function base64Core(secret: string, shift: number): string {
  const bytes = new TextEncoder().encode(secret);
  const text = btoa('\0'.repeat(shift) + Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const firstPure = [0, 2, 3][shift];
  const pure = Math.floor(((shift + bytes.length) * 8) / 6);
  return text.slice(firstPure, pure);
}

/** `encodeURIComponent` throws at half a surrogate pair. */
function toWellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}
