import type { IncomingMessage } from 'node:http';
import { parseJson } from './read-json.ts';
import { type OpenEntry, openEntry } from './request-log.ts';

/**
 * Reads a request to its end and opens its entry in the log.
 *
 * @returns the entry, and the headers as they came: the log's own are masked
 * @throws when the client leaves before its body is through
 */
export async function readRequest(
  request: IncomingMessage,
  arrivedMs: number,
): Promise<{ entry: OpenEntry; headers: Readonly<Record<string, string>> }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const url = new URL(request.url ?? '/', 'http://upstream');
  const headers = flat(request.headers);
  const entry = openEntry(
    {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.search,
      body: parseJson(bytes.toString('utf8')),
      bodyBytes: bytes.length,
    },
    headers,
    arrivedMs,
  );
  return { entry, headers };
}

/** Repeated headers joined, as HTTP allows. */
function flat(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}
