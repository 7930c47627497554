import { connect } from 'node:net';
import type { Lab, WireName } from '../../../src/testing/index.ts';

/** What a bare socket saw of an answer. */
export interface Seen {
  readonly bytes: Buffer;
  /** The same as text, one character a byte. */
  readonly text: string;
  /** The body, as UTF-8 and without the framing of chunks. */
  readonly body: string;
  readonly status: number | undefined;
  readonly ending: 'end' | 'reset' | 'open';
  readonly tookMs: number;
}

/** How the lab is asked. */
export interface AskOptions {
  readonly wire?: WireName;
  readonly stream?: boolean;
  readonly nonce?: string;
  /** How long an answer may take before it counts as one that stays open, in milliseconds. */
  readonly waitMs?: number;
  /** The same for one that goes on and on, in milliseconds. */
  readonly maxMs?: number;
  /** Bytes after which enough has been seen. */
  readonly enoughBytes?: number;
  readonly header?: boolean;
}

/** Asks over a bare socket, because no HTTP client shows what faults do to a connection. */
export function askLab(lab: Lab, fault: string, options: AskOptions = {}): Promise<Seen> {
  const { wire = 'anthropic', stream = true, nonce = 'nonce-x1', header = false } = options;
  const path = wire === 'anthropic' ? '/v1/messages' : '/chat/completions';
  const base = header ? `${lab.url}${wire === 'openai' ? '/v1' : ''}` : lab.baseURL(fault, wire);
  const content = JSON.stringify({
    model: 'model-1',
    max_tokens: 100,
    stream,
    messages: [{ role: 'user', content: `Say it, ${nonce}.` }],
    ...(stream && wire === 'openai' && { stream_options: { include_usage: true } }),
  });
  const head = [
    `POST ${new URL(base).pathname}${path} HTTP/1.1`,
    'host: lab',
    'content-type: application/json',
    'authorization: Bearer sk-secret-key',
    ...(wire === 'anthropic' ? ['anthropic-version: 2023-06-01'] : []),
    ...(header ? [`x-lab-fault: ${fault}`] : []),
    `content-length: ${Buffer.byteLength(content)}`,
  ];
  return overSocket(lab.port, `${head.join('\r\n')}\r\n\r\n${content}`, options);
}

/** Time for bytes beyond the end, in milliseconds. */
const SURPLUS_MS = 10;

function overSocket(
  port: number,
  request: string,
  { waitMs = 150, maxMs = 5_000, enoughBytes = Number.POSITIVE_INFINITY }: AskOptions,
): Promise<Seen> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const began = performance.now();
    const socket = connect(port, '127.0.0.1');
    const last = setTimeout(() => finish('open'), maxMs);
    const finish = (ending: Seen['ending']): void => {
      clearTimeout(timer);
      clearTimeout(last);
      socket.destroy();
      const bytes = Buffer.concat(chunks);
      const text = bytes.toString('latin1');
      const status = /HTTP\/1\.1 ([2-9]\d\d)/.exec(text.slice(0, 10_000))?.[1];
      resolve({
        bytes,
        text,
        body: bodyIn(bytes),
        status: status === undefined ? undefined : Number(status),
        ending,
        tookMs: performance.now() - began,
      });
    };
    let timer = setTimeout(finish, waitMs, 'open');
    socket.on('data', (bytes) => {
      chunks.push(bytes);
      size += bytes.length;
      if (size >= enoughBytes) finish('open');
      // Silence counts, not time.
      clearTimeout(timer);
      timer = setTimeout(finish, waitMs, 'open');
      // A body that ends cleanly leaves the connection open: it is the end all the same.
      if (isWhole(Buffer.concat(chunks.slice(-4)), Buffer.concat(chunks.slice(0, 4)), size))
        setTimeout(finish, SURPLUS_MS, 'end');
    });
    socket.on('end', () => finish('end'));
    socket.on('error', () => finish('reset'));
    socket.write(request);
  });
}

function isWhole(tail: Buffer, start: Buffer, size: number): boolean {
  if (tail.subarray(-5).toString() === '0\r\n\r\n') return true;
  const head = /^HTTP[\s\S]*?\r\n\r\n/.exec(start.toString('latin1'))?.[0];
  const length = /content-length: (\d+)/.exec(head ?? '')?.[1];
  return head !== undefined && length !== undefined && size === head.length + Number(length);
}

/** Whatever stands behind the last head, without the sizes of chunks. */
function bodyIn(bytes: Buffer): string {
  let rest = bytes;
  let head = '';
  while (/^HTTP\/1\.1/.test(rest.subarray(0, 8).toString())) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return '';
    head = rest.subarray(0, end).toString('latin1');
    rest = rest.subarray(end + 4);
    if (!/^HTTP\/1\.1 1/.test(head)) break;
  }
  if (!/transfer-encoding: chunked/i.test(head)) return rest.toString('utf8');
  return unchunked(rest).toString('utf8');
}

/** The body of a chunked response, as far as it came. */
export function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, end).toString(), 16);
    if (end < 0 || !(size > 0)) break;
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
