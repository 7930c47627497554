import { ConfigError } from '../errors/index.ts';

/** Longest value of one header, in characters: Node's own limit for all headers of a request together. */
export const MAX_HEADER_CHARS = 16_384;

/** Visible Latin-1, spaces and tabs: no line break, which would begin another header, and no NUL (I6). */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A token of RFC 9110. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Headers that say where a message ends. Two minds about that are a second request. */
const FRAMING: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
]);

/** Why a text cannot be the value of a header, without quoting it; `undefined` when it can. */
export function headerFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a text';
  if (value.length > MAX_HEADER_CHARS) return `is longer than ${MAX_HEADER_CHARS} characters`;
  return VALUE.test(value) ? undefined : 'holds a character that cannot stand in a header';
}

/**
 * Checks the headers that the options of a provider add to every request.
 *
 * @throws ConfigError that names the header, and quotes neither its value nor a name that is none (I6)
 */
export function checkHeaders(provider: string, headers: Readonly<Record<string, string>>): void {
  const refuse = (param: string, problem: string): never => {
    throw new ConfigError(`${provider}: ${param}: ${problem}`, { param, provider });
  };
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name) || name.length > 256)
      refuse('headers', 'a name holds a character that cannot stand in one');
    if (FRAMING.has(name.toLowerCase())) refuse(`headers.${name}`, 'is for the HTTP client to set');
    const fault = headerFault(value);
    if (fault !== undefined) refuse(`headers.${name}`, fault);
  }
}
