import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect, Socket } from 'node:net';
import fc from 'fast-check';
import OpenAI6 from 'openai6';
import { bearerKeys } from 'runestone/http';
import { type Served, type ServeOptions, serve } from 'runestone/node';
import { reply } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { framesIn } from '../http/support.ts';
import { hear, postOf, say } from '../node/raw.ts';
import { until } from '../provider-kit/loopback.ts';
import { runs } from '../runs.ts';
import { question, type Stand, stand } from './lab.ts';
import { corpus } from './smuggled.ts';

/** A stand with a server in front. */
async function served(options: ServeOptions = {}): Promise<Stand & { server: Served }> {
  const it = await stand();
  const server = await serve(it.pool, { port: 0, ...options });
  const dispose = async (): Promise<void> => {
    await server.close({ drainMs: 0 });
    await it[Symbol.asyncDispose]();
  };
  return { ...it, server, [Symbol.asyncDispose]: dispose };
}

const streamOf = (headers = ''): string =>
  postOf('/v1/chat/completions', { ...question(), stream: true }, headers);

describe('the brief’s HTTP examples', () => {
  const messages = [{ role: 'user', content: 'Hello Claude!' }];

  const curl = (server: Served, body: object): Promise<Response> =>
    fetch(`http://localhost:${server.port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer your-internal-api-key' },
      body: JSON.stringify(body),
    });

  it.each([
    ['without keys', {}],
    ['with the key of the example', { authorize: bearerKeys(['your-internal-api-key']) }],
  ])('work as written, %s', async (_, options) => {
    await using it = await served(options);
    it.upstream.script(reply.text('Hello!'), reply.text('Hello!'));
    const whole = await curl(it.server, { model: 'claude-3-5-sonnet', messages, max_tokens: 1000 });
    expect(await whole.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }],
    });
    const streamed = await curl(it.server, { model: 'claude-3-5-sonnet', messages, stream: true });
    const frames = framesIn(await streamed.text());
    expect(frames.at(-1)).toBe('[DONE]');
    expect(frames[0]).toMatchObject({ object: 'chat.completion.chunk' });
  });

  it('and an official client over HTTP', async () => {
    await using it = await served({ authorize: bearerKeys(['sesame']) });
    it.upstream.script(reply.text('Hello!'));
    const base = { baseURL: `${it.server.url}/v1`, maxRetries: 0 };
    const client = new OpenAI6({ ...base, apiKey: 'sesame' });
    const stream = client.chat.completions.stream({
      model: 'claude-haiku-4-5',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('Hello!');
    const stranger = new OpenAI6({ ...base, apiKey: 'wrong' });
    const error = await failureOf(stranger.models.list().then(() => undefined));
    expect(error).toBeInstanceOf(OpenAI6.AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key', type: 'invalid_request_error' });
  });
});

describe('requests that two servers may read in two ways (faults 5.22)', () => {
  const isNewParser = Number.parseInt(process.versions['llhttp'] ?? '', 10) >= 9;
  const malformed = { ...corpus.malformed, ...(isNewParser && corpus.malformedToday) };

  it.each(Object.entries(malformed))('%s: 400, and the connection is closed', async (_, bytes) => {
    await using it = await served();
    const { statuses, closed, text } = await say(it.server.port, bytes);
    expect([statuses, closed]).toEqual([[400], true]);
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({
      error: { type: 'invalid_request_error', code: 'malformed_request' },
    });
    expect(it.upstream.accepted).toBe(0);
  });

  it.each(Object.entries(corpus.legal))('%s: one request reaches the pool', async (_, bytes) => {
    await using it = await served();
    const { statuses } = await say(it.server.port, bytes, { withinMs: 800 });
    expect([statuses, it.of('request.start').length]).toEqual([[200], 1]);
  });

  it('whatever bytes come, the server lives on (INV-39)', async () => {
    await using it = await served();
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ maxLength: 60 }),
      fc.constantFrom(...Object.values(corpus.malformed), ...Object.values(corpus.legal)),
      fc.constantFrom(
        '\r\n',
        '\r\n\r\n',
        'POST ',
        '/v1/chat/completions',
        ' HTTP/1.1',
        'Host: localhost',
        '0\r\n\r\n',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 5 }), async (pieces) => {
        const socket = connect(it.server.port, '127.0.0.1');
        const heard = hear(socket, 2_000);
        for (const each of pieces) socket.write(each);
        socket.end();
        const { statuses } = await heard;
        expect(statuses.filter((status) => status >= 500)).toEqual([]);
      }),
      runs(0.5),
    );
    expect((await fetch(`${it.server.url}/health`)).status).toBe(200);
  });
});

describe('limits of what is read (faults 5.20, 5.21)', () => {
  const refused =
    '{"error":{"type":"invalid_request_error","message":"Invalid API key","code":"invalid_api_key"}}';
  const head =
    'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
    `authorization: Bearer wrong\r\ncontent-length: ${10 * 1024 * 1024}\r\n\r\n`;

  it('a wrong key is told when nothing but the head has come', async () => {
    await using it = await served({ authorize: bearerKeys(['sesame']) });
    const { statuses, text, closed } = await say(it.server.port, head);
    expect([statuses, closed]).toEqual([[401], true]);
    expect(text).toContain(refused);
  });

  it('a wrong key is told before 64 KB of the body are read, however much is sent', async () => {
    await using it = await served({ authorize: bearerKeys(['sesame']) });
    // Kept from the moment it is accepted: its count outlives the connection, and no sampling can miss it.
    const ends: Socket[] = [];
    const onSocket = (message: unknown): void => {
      const { socket } = Object(message);
      if (socket instanceof Socket) ends.push(socket);
    };
    subscribe('net.server.socket', onSocket);
    const socket = connect(it.server.port, '127.0.0.1');
    const heard = hear(socket, 5_000);
    socket.write(head);
    for (let n = 0; n < 160; n++) socket.write(Buffer.alloc(64 * 1024, ' '));
    const { statuses, text } = await heard;
    unsubscribe('net.server.socket', onSocket);
    const most = Math.max(0, ...ends.map(({ bytesRead }) => bytesRead));
    expect(statuses).toEqual([401]);
    expect(text).toContain(refused);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(64 * 1024 + head.length);
  });

  it.each([
    ['announced', { 'content-length': String(33 * 1024 * 1024) }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('33 MiB are 413, %s', async (_, header) => {
    await using it = await served();
    const [name, value] = Object.entries(header)[0] ?? [];
    const socket = connect(it.server.port, '127.0.0.1');
    const heard = hear(socket, 15_000);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${name}: ${value}\r\n\r\n`,
    );
    const megabyte = Buffer.alloc(1024 * 1024, ' ');
    for (let n = 0; n < 33 && !socket.destroyed; n++) {
      const piece =
        name === 'content-length'
          ? megabyte
          : Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]);
      if (!socket.write(piece))
        await Promise.race([heard, new Promise((resolve) => socket.once('drain', resolve))]);
    }
    const { statuses, text, closed } = await heard;
    expect([statuses, closed]).toEqual([[413], true]);
    expect(text).toContain('"code":"request_too_large"');
    expect(it.of('request.start')).toEqual([]);
  });

  it('32 MiB are read', { timeout: 60_000 }, async () => {
    await using it = await served();
    const text = JSON.stringify({ ...question(), padding: '' });
    const padded = text.replace('"padding":""', `"padding":"${'x'.repeat(32 * 1024 * 1024 - text.length)}"`);
    const response = await fetch(`${it.server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: padded,
    });
    expect(padded.length).toBe(32 * 1024 * 1024);
    expect(response.status).toBe(200);
    await response.text();
  });

  it('a head or a body that trickles in is cut (slow loris)', async () => {
    await using it = await served({ headTimeoutMs: 150, bodyTimeoutMs: 150 });
    const drip = async (bytes: string): Promise<number> => {
      const beganMs = performance.now();
      const { statuses, closed } = await say(it.server.port, [...bytes], { gapMs: 20 });
      expect([statuses, closed]).toEqual([[408], true]);
      return performance.now() - beganMs;
    };
    expect(await drip(streamOf().slice(0, 60))).toBeLessThan(5_000);
    const [head = '', body = ''] = streamOf().split('\r\n\r\n');
    const socket = connect(it.server.port, '127.0.0.1');
    const heard = hear(socket, 5_000);
    socket.write(`${head}\r\n\r\n`);
    const timer = setInterval(() => socket.write(body.slice(0, 1)), 20);
    const { statuses } = await heard;
    clearInterval(timer);
    expect(statuses).toEqual([408]);
    expect(it.upstream.accepted).toBe(0);
  });
});

describe('a client that leaves (INV-40, faults 5.28)', { retry: 5 }, () => {
  /** Cuts the connection at byte `k` of the answer. */
  async function cutAt(
    it: Stand & { server: Served },
    k: number,
    how: 'destroy' | 'resetAndDestroy',
  ): Promise<number> {
    const socket = connect(it.server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    let heard = 0;
    const cut = new Promise<number>((resolve) => {
      const leave = (): void => {
        socket[how]();
        resolve(performance.now());
      };
      socket.on('data', (data) => {
        heard += data.length;
        if (heard >= k) leave();
      });
      if (k === 0) void until(() => it.upstream.inFlight === 1, 2_000).then(leave);
    });
    socket.write(streamOf());
    return cut;
  }

  it.each([0, 1, 200, 1_000, 5_000, 20_000])(
    'at byte %i: upstream is gone, the cost is recorded',
    async (k) => {
      for (const how of ['destroy', 'resetAndDestroy'] as const) {
        await using it = await served();
        it.upstream.script(reply.text('word '.repeat(2_000), { delayMs: 1, firstMs: k === 0 ? 5_000 : 0 }));
        const leftMs = await cutAt(it, k, how);
        await until(() => it.upstream.inFlight === 0, 2_000);
        expect((it.upstream.requests.at(-1)?.endedMs ?? Number.NaN) - leftMs).toBeLessThan(100);
        await until(() => it.of('request.stop').length === 1, 1_000);
        expect(it.of('request.stop')).toMatchObject([{ outcome: 'cancelled' }]);
        expect(it.of('cost.recorded')).toHaveLength(1);
        expect(it.pool.stats().total.inFlight).toBe(0);
      }
    },
  );
});
