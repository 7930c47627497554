import type { IncomingMessage } from 'node:http';
import { type Admission, type Gate, withoutPrefix } from './arrival.ts';
import { parseJson } from './read-json.ts';
import { type OpenEntry, openEntry } from './request-log.ts';

/** A request as it came in. */
export interface ReadRequest {
  readonly entry: OpenEntry;
  /** As they came: the log's own are masked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly admission: Admission | undefined;
}

/**
 * Reads a request to its end and opens its entry in the log. Where the gate has an answer already, the body is left.
 *
 * @throws when the client leaves before its body is through
 */
export async function readRequest(
  request: IncomingMessage,
  arrivedMs: number,
  { gate, nthOfConnection = 1 }: { readonly gate?: Gate | undefined; readonly nthOfConnection?: number } = {},
): Promise<ReadRequest> {
  const url = new URL(request.url ?? '/', 'http://upstream');
  const headers = flat(request.headers);
  const method = request.method ?? 'GET';
  const admission = gate?.({ method, path: url.pathname, headers, nthOfConnection });
  const prefix = admission?.prefix ?? '';
  const bytes = admission?.steps ? Buffer.alloc(0) : await bodyOf(request);
  const entry = openEntry(
    {
      method,
      prefix,
      path: withoutPrefix(url.pathname, prefix),
      query: url.search,
      body: parseJson(bytes.toString('utf8')),
      bodyBytes: bytes.length,
    },
    headers,
    arrivedMs,
  );
  return { entry, headers, admission };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Repeated headers joined, as HTTP allows. */
function flat(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}
