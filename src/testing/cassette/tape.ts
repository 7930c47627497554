import { ConfigError, isRecord } from '../../provider-kit/index.ts';

/** A request as a cassette keeps it: no host, no key, and of its headers those that are allowed. */
export interface TapedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as a value, other text as it is; absent where none was sent or kept. */
  readonly body?: unknown;
}

/** The head of an answer. */
export interface TapedHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A piece of a body as it was read, and when: milliseconds since the request. Bytes that are no UTF-8 are in base64. */
export type TapedChunk = readonly [atMs: number, data: string | { readonly base64: string }];

/**
 * How an answer ended: by itself, by a broken connection, because its reader left, or without a head: with what
 * code the connection failed, or `aborted`.
 */
export type TapedEnd = 'eof' | 'broken' | 'left' | { readonly failed: string };

/** A request, and all that came of it: one line of a cassette. */
export interface Exchange {
  readonly request: TapedRequest;
  /** Absent where none came. */
  readonly response?: TapedHead;
  readonly chunks: readonly TapedChunk[];
  readonly end: TapedEnd;
}

/** What stands first in a file: JSON lines, the first of which says so. */
const HEADER = '{"cassette":1}';

/** The first line of a file. */
export function headerLine(): string {
  return `${HEADER}\n`;
}

/** One exchange as a line of a file. */
export function lineOf(exchange: Exchange): string {
  return `${JSON.stringify(exchange)}\n`;
}

/** The exchanges of a file. @throws ConfigError that names the line which is none */
export function exchangesIn(text: string, path: string): Exchange[] {
  const [header, ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  if (header?.trim() !== HEADER) throw new ConfigError(`cassette: ${path}: is no cassette of this version`);
  return lines.map((line, index) => {
    const exchange = parsed(line);
    if (isExchange(exchange)) return exchange;
    throw new ConfigError(`cassette: ${path}: line ${index + 2} is no exchange`);
  });
}

/** A piece of a body, as text wherever that is exact. */
export function chunkOf(atMs: number, bytes: Uint8Array): TapedChunk {
  const rounded = Math.round(atMs * 10) / 10;
  try {
    return [rounded, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)];
  } catch {
    // A character was cut in two by the network.
    return [rounded, { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) }];
  }
}

/** The bytes of a piece. */
export function bytesOf([, data]: TapedChunk): Uint8Array {
  if (typeof data === 'string') return new TextEncoder().encode(data);
  return Uint8Array.from(atob(data.base64), (character) => character.charCodeAt(0));
}

/** `undefined` for what is no JSON: the caller knows the line. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** As far as playing it relies on. */
function isExchange(value: unknown): value is Exchange {
  if (!isRecord(value) || !isRecord(value['request']) || !Array.isArray(value['chunks'])) return false;
  const { method, path, headers } = value['request'];
  const { response, end } = value;
  const known = end === 'eof' || end === 'broken' || end === 'left' || isRecord(end);
  return (
    typeof method === 'string' && typeof path === 'string' && isRecord(headers) && known && isHead(response)
  );
}

function isHead(value: unknown): boolean {
  return (
    value === undefined ||
    (isRecord(value) && typeof value['status'] === 'number' && isRecord(value['headers']))
  );
}
