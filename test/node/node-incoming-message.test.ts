import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MalformedMessage, toRequest } from '../../src/node/node-incoming-message.ts';
import { postOf } from './raw.ts';
import { listening } from './servers.ts';

/** What a message becomes, whatever of its body is still to come. */
async function made<Seen>(
  pieces: string | readonly string[],
  look: (message: IncomingMessage) => Seen | Promise<Seen>,
): Promise<Seen> {
  let tell: (seen: Promise<Seen>) => void = () => undefined;
  const seen = new Promise<Seen>((resolve) => {
    tell = resolve;
  });
  await using it = await listening((message) => tell((async () => look(message))()));
  const socket = connect(it.port, '127.0.0.1');
  for (const piece of typeof pieces === 'string' ? [pieces] : pieces) {
    await new Promise<void>((resolve) => socket.write(Buffer.from(piece, 'latin1'), () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
  }
  try {
    return await seen;
  } finally {
    socket.destroy();
  }
}

const get = (target: string, headers = 'host: localhost:4003\r\n'): string =>
  `GET ${target} HTTP/1.1\r\n${headers}\r\n`;

describe('toRequest', () => {
  it('takes method, headers and body over', async () => {
    const [request, body] = await made(
      postOf('/v1/x?a=b', { a: 'é' }, 'X-One: 1\r\nx-one: 2\r\n'),
      async (message) => {
        const request = toRequest(message);
        return [request, await request.json()] as const;
      },
    );
    expect([request.method, request.url, body]).toEqual(['POST', 'http://localhost/v1/x?a=b', { a: 'é' }]);
    expect([request.headers.get('x-one'), request.headers.get('content-type')]).toEqual([
      '1, 2',
      'application/json',
    ]);
  });

  it('joins a body that comes in pieces', async () => {
    const text = postOf('/', { a: 'b' });
    const cut = text.length - 4;
    const body = await made([text.slice(0, cut), text.slice(cut)], (message) => toRequest(message).text());
    expect(body).toBe('{"a":"b"}');
  });

  it('reads nothing of a body before it is asked for', async () => {
    const [flowing, used] = await made(postOf('/', { a: 'b' }), async (message) => {
      const request = toRequest(message);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return [message.readableFlowing, request.bodyUsed];
    });
    expect([flowing, used]).toEqual([null, false]);
  });

  it('leaves the connection alone when a body is given up', async () => {
    const destroyed = await made([postOf('/', 'x'.repeat(10)).slice(0, -5)], async (message) => {
      const reader = toRequest(message).body!.getReader();
      await reader.read();
      await reader.cancel();
      return message.destroyed;
    });
    expect(destroyed).toBe(false);
  });

  it('hands the signal on', async () => {
    const controller = new AbortController();
    const request = await made(get('/'), (message) => toRequest(message, controller.signal));
    controller.abort('gone');
    expect([request.signal.aborted, request.signal.reason]).toEqual([true, 'gone']);
  });

  it.each([
    ['/a', 'http://localhost:4003/a'],
    ['//evil.example/a', 'http://localhost:4003//evil.example/a'],
    ['/a/../b', 'http://localhost:4003/b'],
    ['http://localhost:4003/a', 'http://localhost:4003/a'],
  ])('%s stays with this host: %s', async (target, url) => {
    expect(await made(get(target), (message) => toRequest(message).url)).toBe(url);
  });

  it.each(['[::1]:4003', '127.0.0.1', 'a-b.example', '[::ffff:127.0.0.1]'])(
    'takes the host %s',
    async (host) => {
      const url = await made(get('/', `host: ${host}\r\n`), (message) => toRequest(message).url);
      expect(url).toMatch(/^http:\/\/.+\/$/);
    },
  );

  it('does without a host in HTTP/1.0, which may leave it out', async () => {
    const url = await made('GET /a HTTP/1.0\r\n\r\n', (message) => toRequest(message).url);
    expect(url).toBe('http://localhost/a');
  });

  it.each([
    ['two hosts', get('/', 'host: a\r\nhost: a\r\n')],
    ['a host with a path', get('/', 'host: a/b\r\n')],
    ['a host with a user', get('/', 'host: a@b\r\n')],
    ['a host with a space', get('/', 'host: a b\r\n')],
    ['an empty host', get('/', 'host:\r\n')],
    ['another host in the target', get('http://evil.example/')],
    ['a target without a path', 'OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['a method that no request may have', 'TRACE / HTTP/1.1\r\nhost: a\r\n\r\n'],
    [
      'a coding on top of chunks',
      'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    ],
    ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
  ])('refuses %s (faults 5.22)', async (_, bytes) => {
    const failing = made(bytes, (message) => toRequest(message));
    await expect(failing).rejects.toThrow(MalformedMessage);
  });

  describe('behind a framework', () => {
    const handled = (facts: object, headers = ''): Promise<Request> =>
      made(postOf('/chat', { raw: true }, headers), async (message) => {
        for await (const _ of message);
        return toRequest(Object.assign(message, facts));
      });

    it.each([
      [{ a: 1 }, '{"a":1}'],
      ['text', 'text'],
      [Buffer.from('bytes'), 'bytes'],
      [null, 'null'],
      [[], '[]'],
    ])('takes a body that was parsed as %o', async (body, text) => {
      expect(await (await handled({ body })).text()).toBe(text);
    });

    it('forgets how a body was packed that somebody has unpacked', async () => {
      const request = await handled({ body: {} }, 'content-encoding: gzip\r\n');
      expect(request.headers.get('content-encoding')).toBeNull();
    });

    it('puts a prefix back that a mount took off', async () => {
      const request = await handled({ originalUrl: '/llm/v1/chat?x=1', body: {} });
      expect(request.url).toBe('http://localhost/llm/v1/chat?x=1');
    });

    it('reads the message itself where nobody has', async () => {
      const text = await made(postOf('/', { a: 1 }), (message) =>
        toRequest(Object.assign(message, { body: undefined })).text(),
      );
      expect(text).toBe('{"a":1}');
    });
  });
});
