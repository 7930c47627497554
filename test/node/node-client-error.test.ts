import { createServer, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answerMalformed } from '../../src/node/node-client-error.ts';
import { hear, say } from './raw.ts';
import { type Listening, opened } from './servers.ts';

function guarded(
  listener: RequestListener = (_, out) => out.end('ok'),
  options: object = {},
): Promise<Listening> {
  const server = createServer({ connectionsCheckingInterval: 20, ...options }, listener);
  answerMalformed(server);
  return opened(server);
}

const bodyOf = (text: string): unknown => JSON.parse(text.slice(text.lastIndexOf('\r\n\r\n')));
const malformed = { error: { type: 'invalid_request_error', code: 'malformed_request', param: null } };

describe('answerMalformed', () => {
  it.each([
    ['what is no HTTP', '\x16\x03\x01\x02\x00\x01', 400],
    ['a head that is too long', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: a\r\n\r\n', 400],
  ])('answers %s in OpenAI’s words, and closes', async (_, bytes, status) => {
    await using it = await guarded();
    const { statuses, text, closed } = await say(it.port, bytes);
    expect([statuses, closed]).toEqual([[status], true]);
    expect(text).toContain('connection: close');
    expect(bodyOf(text)).toMatchObject(malformed);
  });

  it('answers a head that does not come to its end (faults 5.21)', async () => {
    await using it = await guarded(undefined, { headersTimeout: 60 });
    const { statuses, text, closed } = await say(it.port, ['GET / HT', 'TP/1.1\r\n', 'host: a\r\n'], {
      gapMs: 40,
    });
    expect([statuses, closed]).toEqual([[408], true]);
    expect(bodyOf(text)).toMatchObject(malformed);
  });

  it('answers a body that is broken while somebody reads it', async () => {
    await using it = await guarded(async (message, out) => {
      try {
        for await (const _ of message);
        out.end('ok');
      } catch {
        // As a handler does whose body fails.
      }
    });
    const head = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n';
    const { statuses, closed } = await say(it.port, [head, '2\r\nok\r\n', 'zz\r\n'], { gapMs: 10 });
    expect([statuses, closed]).toEqual([[400], true]);
  });

  it('says nothing in the middle of an answer, where it would look like a part of it', async () => {
    await using it = await guarded((_, out) => out.write('begun'));
    const socket = connect(it.port, '127.0.0.1');
    const heard = hear(socket, 5_000);
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('\0garbage\r\n\r\n');
    const { text, closed } = await heard;
    expect(closed).toBe(true);
    expect(text).toContain('begun');
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('answers behind an answer that is complete', async () => {
    await using it = await guarded();
    const { statuses } = await say(it.port, ['GET / HTTP/1.1\r\nhost: a\r\n\r\n', '\0garbage\r\n\r\n'], {
      gapMs: 20,
    });
    expect(statuses).toEqual([200, 400]);
  });

  it('lives through a client that resets', async () => {
    await using it = await guarded();
    const socket = connect(it.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HT');
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.resetAndDestroy();
    const ok = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
    expect((await say(it.port, ok)).statuses).toEqual([200]);
  });
});
