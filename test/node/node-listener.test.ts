import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { toNodeListener } from '../../src/node/node-listener.ts';
import { postOf, say } from './raw.ts';
import { listening } from './servers.ts';

const GET = 'GET /a?b=c HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

describe('toNodeListener', () => {
  it('lets a web-standard handler answer', async () => {
    const handler = async (request: Request): Promise<Response> =>
      Response.json({ url: request.url, said: await request.text() });
    await using it = await listening(toNodeListener(handler));
    const { text } = await say(it.port, postOf('/a?b=c', 'hello', 'connection: close\r\n'));
    expect(text.split('\r\n\r\n')[1]).toBe('{"url":"http://localhost/a?b=c","said":"hello"}');
  });

  it('carries a body of many reads whole', async () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024, 'runestone');
    const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
    const handler = async (request: Request): Promise<Response> =>
      new Response(digest(new Uint8Array(await request.arrayBuffer())));
    await using it = await listening(toNodeListener(handler));
    const response = await fetch(it.url, { method: 'POST', body: bytes });
    expect(await response.text()).toBe(digest(bytes));
  });

  it('fires the signal when the client leaves, and not when all is well', async () => {
    const signals: AbortSignal[] = [];
    const hang = (request: Request): Promise<Response> => {
      signals.push(request.signal);
      return request.url.endsWith('/ok') ? Promise.resolve(new Response('ok')) : new Promise(() => {});
    };
    await using it = await listening(toNodeListener(hang));
    expect(await (await fetch(`${it.url}/ok`)).text()).toBe('ok');
    const socket = connect(it.port, '127.0.0.1');
    socket.write(GET);
    await vi.waitFor(() => expect(signals).toHaveLength(2));
    socket.destroy();
    await vi.waitFor(() => expect(signals[1]?.aborted).toBe(true));
    expect(signals[1]?.reason).toMatchObject({ code: 'cancelled' });
    expect(signals[0]?.aborted).toBe(false);
  });

  it('answers what is malformed with an error of OpenAI’s, and closes', async () => {
    const handler = vi.fn(async () => new Response('no'));
    await using it = await listening(toNodeListener(handler));
    const { statuses, text, closed } = await say(
      it.port,
      'GET http://evil.example/ HTTP/1.1\r\nhost: a\r\n\r\n',
    );
    expect([statuses, closed, handler.mock.calls.length]).toEqual([[400], true, 0]);
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      error: { type: 'invalid_request_error', code: 'malformed_request' },
    });
  });

  it('breaks off where a handler rejects, and lives on', async () => {
    const handler = async (request: Request): Promise<Response> => {
      if (request.url.endsWith('/ok')) return new Response('ok');
      throw new Error('mine');
    };
    await using it = await listening(toNodeListener(handler));
    expect(await say(it.port, GET)).toMatchObject({ text: '', closed: true });
    expect(await (await fetch(`${it.url}/ok`)).text()).toBe('ok');
  });
});
