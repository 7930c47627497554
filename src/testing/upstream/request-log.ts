import type { BilledTokens } from './billed-tokens.ts';
import { fingerprint } from './signature.ts';

/** A request as the upstream saw it, and what became of it. Fields of the outcome fill in as it goes. */
export interface LoggedRequest {
  readonly method: string;
  /** What a gate took off the path; empty without one. */
  readonly prefix: string;
  /** Without the query string. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  /** Names in lower case; keys are masked, see `maskKey`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The masked key, without the scheme. Equal keys have equal masks. */
  readonly key: string | undefined;
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown;
  readonly bodyBytes: number;
  /** On the clock of `performance.now()`, in milliseconds. */
  readonly arrivedMs: number;
  /** Absent while no head was sent. */
  readonly status: number | undefined;
  /** Bytes of response body handed to the kernel. */
  readonly bytesSent: number;
  /** When the response was over, whoever ended it; undefined while it runs. Same clock. */
  readonly endedMs: number | undefined;
  /** The client left before we were done. */
  readonly closedByClient: boolean;
  /** What the model's answer costs by our own count; undefined where no model answered. */
  readonly billed: BilledTokens | undefined;
}

/** The same entry, for whoever plays the reply. */
export type OpenEntry = {
  -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field];
};

/** A new entry for a request whose body is in. */
export function openEntry(
  request: Pick<LoggedRequest, 'method' | 'path' | 'query' | 'body' | 'bodyBytes'> & {
    readonly prefix?: string;
  },
  headers: Readonly<Record<string, string>>,
  arrivedMs: number,
): OpenEntry {
  const key = keyIn(headers);
  return {
    prefix: '',
    ...request,
    headers: maskHeaders(headers),
    key: key === undefined ? undefined : maskKey(key),
    arrivedMs,
    status: undefined,
    bytesSent: 0,
    endedMs: undefined,
    closedByClient: false,
    billed: undefined,
  };
}

/** The key a request came with. `x-api-key` wins, as it does at the real API (T-4); `api-key` is Azure's. */
export function keyIn(headers: Readonly<Record<string, string>>): string | undefined {
  return headers['x-api-key'] ?? headers['api-key'] ?? bearerIn(headers);
}

/** What the log shows of a key: enough to tell it from others, too little to use it. */
export function maskKey(key: string): string {
  return `[key ${fingerprint(key)}]`;
}

function bearerIn(headers: Readonly<Record<string, string>>): string | undefined {
  return headers['authorization']?.replace(/^Bearer /i, '');
}

/** The names that carry a key by right. */
const keyHeaders: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'api-key']);

/** Keys shorter than this are looked for in their own headers only: `k` is a part of many words. */
const MIN_SOUGHT = 8;

/** Masks the keys where they belong, and wherever else a client has put one by mistake. */
function maskHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const keys = [headers['x-api-key'], headers['api-key'], bearerIn(headers)].filter(
    (key) => key !== undefined && key !== '',
  );
  const mask = ([name, value]: [string, string]): [string, string] => {
    const sought = keyHeaders.has(name) ? keys : keys.filter((key) => key && key.length >= MIN_SOUGHT);
    return [
      name,
      sought.reduce<string>((text, key) => (key ? text.replaceAll(key, maskKey(key)) : text), value),
    ];
  };
  return Object.fromEntries(Object.entries(headers).map(mask));
}
