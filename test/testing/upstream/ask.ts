import { connect } from 'node:net';
import type { Upstream } from '../../../src/testing/upstream/index.ts';

/** A small valid Messages body. */
export const body = (more: object = {}): Record<string, unknown> => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'Hello there' }],
  ...more,
});

/** Headers that every valid request has. */
export const headers: Record<string, string> = {
  'content-type': 'application/json',
  'x-api-key': 'sk-ant-test-key',
  'anthropic-version': '2026-10-21',
};

/** Asks with plain fetch, as any HTTP client would. */
export function ask(upstream: Upstream, more: object = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(`${upstream.url}/v1/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body(more)),
    ...init,
  });
}

/** Events of a complete SSE text, by a reader of our own: lines, blank lines, nothing clever. */
export function eventsIn(text: string): { event: string | undefined; data: unknown }[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((block) => block.split(/\r\n|\n|\r/))
    .map((lines) => ({
      event: fieldIn(lines, 'event'),
      data: parsed(lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart())),
    }))
    .filter(({ data }) => data !== undefined);
}

function fieldIn(lines: readonly string[], field: string): string | undefined {
  return lines
    .find((line) => line.startsWith(`${field}:`))
    ?.slice(field.length + 1)
    .trim();
}

function parsed(lines: readonly string[]): unknown {
  if (lines.length === 0) return undefined;
  try {
    return JSON.parse(lines.join('\n'));
  } catch {
    return lines.join('\n');
  }
}

/** The text that a stream's deltas spell. */
export function textIn(text: string): string {
  return eventsIn(text)
    .map(({ data }) => (data as { delta?: { text?: string } }).delta?.text ?? '')
    .join('');
}

/** How a connection went, seen from the client's socket. */
export interface Seen {
  readonly text: string;
  readonly chunks: readonly string[];
  readonly ending: 'end' | 'reset' | 'timeout';
}

/** Asks over a bare socket: shows what no HTTP client would, reads apart and the kind of end. */
export function askRaw(upstream: Upstream, more: object = {}, waitMs = 1_000): Promise<Seen> {
  const content = JSON.stringify(body(more));
  const head = Object.entries({ ...headers, host: 'upstream', 'content-length': content.length })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return new Promise((resolve) => {
    const chunks: string[] = [];
    const socket = connect(upstream.port, '127.0.0.1');
    const timer = setTimeout(() => finish('timeout'), waitMs);
    const finish = (ending: Seen['ending']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: chunks.join(''), chunks, ending });
    };
    socket.on('data', (bytes) => {
      chunks.push(bytes.toString());
      // A clean end of a chunked body leaves the connection open: it is the end all the same.
      if (bytes.toString().endsWith('0\r\n\r\n')) finish('end');
    });
    socket.on('end', () => finish('end'));
    socket.on('error', () => finish('reset'));
    socket.write(`POST /v1/messages HTTP/1.1\r\n${head}\r\n${content}`);
  });
}
