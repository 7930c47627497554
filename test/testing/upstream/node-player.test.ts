import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { play } from '../../../src/testing/upstream/node-player.ts';
import { type OpenEntry, openEntry } from '../../../src/testing/upstream/request-log.ts';
import type { Step } from '../../../src/testing/upstream/step.ts';
import { askRaw, type Seen } from './ask.ts';

let server: Server;
let port: number;
let steps: readonly Step[];
let entry: OpenEntry;
let played: Promise<void>;

beforeEach(async () => {
  entry = openEntry({ method: 'POST', path: '/', query: '', body: undefined, bodyBytes: 0 }, {}, 0);
  server = createServer((request, response) => {
    request.resume();
    played = play(steps, response, entry, () => false);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const head: Step = { kind: 'head', status: 200, headers: { 'content-type': 'text/plain' } };
const bytes = (text: string): Step => ({ kind: 'bytes', bytes: new TextEncoder().encode(text) });
const end = (how: 'eof' | 'reset' | 'close' | 'hang'): Step => ({ kind: 'end', how });

/** Plays steps to a bare socket and waits until both sides are done. */
async function perform(list: readonly Step[], waitMs = 60): Promise<Seen> {
  steps = list;
  const seen = await askRaw({ port } as never, {}, waitMs);
  await played;
  return seen;
}

describe('play', () => {
  it('sends head, bytes and a clean end', async () => {
    const seen = await perform([head, bytes('ab'), bytes('cd'), end('eof')]);
    expect(seen.text).toContain('HTTP/1.1 200');
    expect(seen.text.endsWith('2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n')).toBe(true);
    expect(seen.ending).toBe('end');
    expect(entry).toMatchObject({ status: 200, bytesSent: 4, closedByClient: false });
    expect(entry.endedMs).toBeGreaterThan(0);
  });

  const bare = (text: string): Step => ({ kind: 'bytes', bytes: new TextEncoder().encode(text), bare: true });

  it('sends bare bytes past HTTP before a head', async () => {
    const odd = await perform([bare('HTTP/1.1 103 Early Hints\r\n\r\n'), head, bytes('ab'), end('eof')]);
    expect(odd.text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\n\r\nHTTP\/1\.1 200 /);
  });

  it('sends bare bytes past HTTP in place of a head', async () => {
    const none = await perform([bare('SSH-2.0'), { kind: 'wait', ms: 2 }, bare('-x'), end('close')]);
    expect(none).toMatchObject({ text: 'SSH-2.0-x', ending: 'end' });
    expect(entry).toMatchObject({ status: undefined, bytesSent: 9, closedByClient: false });
  });

  it('repeats bare bytes, and as fast as they are read where there is no time between', async () => {
    const repeat: Step = { kind: 'repeat', bytes: Uint8Array.of(0x61), everyMs: 2, ms: 8, bare: true };
    expect((await perform([repeat, end('close')])).text).toBe('aaaa');
    const endless: Step = {
      ...repeat,
      bytes: new Uint8Array(65_536),
      everyMs: 0,
      ms: Number.POSITIVE_INFINITY,
    };
    const seen = await perform([head, endless], 60);
    expect(seen.text.length).toBeGreaterThan(200_000);
  });

  it('sends each write by itself', async () => {
    const { chunks } = await perform([head, bytes('ab'), bytes('cd'), bytes('ef'), end('eof')]);
    expect(chunks.slice(1, 4)).toEqual(['2\r\nab\r\n', '2\r\ncd\r\n', '2\r\nef\r\n']);
  });

  it('resets: what was sent arrives, then the connection breaks', async () => {
    const seen = await perform([head, bytes('ab'), end('reset')]);
    expect(seen.text.endsWith('ab\r\n')).toBe(true);
    expect(seen.ending).toBe('reset');
    expect(entry.closedByClient).toBe(false);
  });

  it('closes without the end of the body', async () => {
    const seen = await perform([head, bytes('ab'), end('close')]);
    expect(seen.text.endsWith('ab\r\n')).toBe(true);
    expect(seen.ending).toBe('end');
  });

  it('hangs until the client leaves, and says so', async () => {
    const seen = await perform([head, bytes('ab'), end('hang')]);
    expect(seen.ending).toBe('timeout');
    expect(entry.closedByClient).toBe(true);
  });

  it.each(['reset', 'close'] as const)('ends before any head: %s', async (how) => {
    const seen = await perform([end(how)]);
    expect(seen).toMatchObject({ text: '', ending: how === 'reset' ? 'reset' : 'end' });
    expect(entry.status).toBeUndefined();
  });

  it('waits as long as told', async () => {
    const began = performance.now();
    await perform([head, { kind: 'wait', ms: 30 }, bytes('x'), end('eof')], 500);
    expect(performance.now() - began).toBeGreaterThanOrEqual(29);
  });

  it('stops waiting when the client leaves, and sends no more', async () => {
    const began = performance.now();
    await perform([head, { kind: 'wait', ms: 60_000 }, bytes('never'), end('eof')], 30);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(entry).toMatchObject({ bytesSent: 0, closedByClient: true });
  });

  it('repeats bytes for a time, then goes on', async () => {
    const ping: Step = { kind: 'repeat', bytes: new TextEncoder().encode('p'), everyMs: 5, ms: 20 };
    const seen = await perform([head, ping, bytes('x'), end('eof')], 500);
    expect(seen.text.match(/p\r\n/g)).toHaveLength(4);
    expect(seen.text).toContain('x\r\n');
  });

  it('repeats bytes until the client leaves when it has no end', async () => {
    const ping: Step = {
      kind: 'repeat',
      bytes: new TextEncoder().encode('p'),
      everyMs: 5,
      ms: Number.POSITIVE_INFINITY,
    };
    const seen = await perform([head, ping, end('eof')], 50);
    expect(seen.text.match(/p\r\n/g)?.length).toBeGreaterThan(2);
    expect(entry.closedByClient).toBe(true);
  });

  it('waits for a client that does not read, instead of buffering', async () => {
    const big: Step = { kind: 'bytes', bytes: new Uint8Array(8 * 1024 * 1024) };
    steps = [head, big, big, big, end('eof')];
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(entry.bytesSent).toBeLessThan(24 * 1024 * 1024);
    expect((await response.arrayBuffer()).byteLength).toBe(24 * 1024 * 1024);
    await played;
    expect(entry.closedByClient).toBe(false);
  });

  it('does not blame the client when the upstream itself shuts down', async () => {
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      request.resume();
      played = play([head, end('hang')], response, entry, () => true);
    });
    await askRaw({ port } as never, {}, 20);
    await played;
    expect(entry.closedByClient).toBe(false);
  });
});
