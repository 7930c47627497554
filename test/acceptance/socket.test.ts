import { once } from 'node:events';
import fc from 'fast-check';
import { bearerKeys } from 'runestone/http';
import { type Served, type ServeOptions, serve } from 'runestone/node';
import { reply } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { WebSocket as WsClient } from 'ws';
import { failureOf } from '../contexts.ts';
import { say, socketsOf } from '../node/raw.ts';
import { client, type Frame, frameOf, rawSocket, upgradeOf } from '../node/sockets.ts';
import { until } from '../provider-kit/loopback.ts';
import { runs } from '../runs.ts';
import { question, type Stand, stand } from './lab.ts';

async function served(options: ServeOptions = {}): Promise<Stand & { server: Served }> {
  const it = await stand();
  const server = await serve(it.pool, { port: 0, ...options });
  const dispose = async (): Promise<void> => {
    await server.close({ drainMs: 0 });
    await it[Symbol.asyncDispose]();
  };
  return { ...it, server, [Symbol.asyncDispose]: dispose };
}

const wordsIn = (frames: readonly Frame[]): string =>
  frames.map(({ payload }) => Object(payload).choices?.[0]?.delta.content ?? '').join('');

const isEnd = ({ event }: Frame): boolean => event === 'chat:done' || event === 'chat:error';

describe('the brief’s WebSocket example', () => {
  it('works as written', async () => {
    await using it = await served();
    it.upstream.script(reply.text('Hello to you!'));
    // Node has one of its own from 22 on.
    const Socket = globalThis.WebSocket ?? WsClient;
    const ws = new Socket(`ws://localhost:${it.server.port}/socket`);
    const frames: Frame[] = [];
    await new Promise<void>((resolve) => {
      ws.onopen = () => {
        ws.send(
          JSON.stringify({
            event: 'chat:stream',
            payload: {
              model: 'claude-3-5-sonnet',
              messages: [{ role: 'user', content: 'Hello' }],
            },
          }),
        );
      };
      ws.onmessage = (message: { data: unknown }) => {
        frames.push(JSON.parse(String(message.data)));
        if (isEnd(frames.at(-1)!)) resolve();
      };
    });
    ws.close();
    expect(wordsIn(frames)).toBe('Hello to you!');
    expect(frames.at(-1)).toMatchObject({
      event: 'chat:done',
      payload: {
        provider: 'anthropic',
        model: 'claude-3-5-sonnet-20241022',
        usage: { total_tokens: expect.any(Number) },
        cost: expect.any(Number),
        finish_reason: 'stop',
      },
    });
  });
});

describe('the socket', () => {
  it('tells of an upstream that breaks as an error, with the words before it', async () => {
    await using it = await served();
    it.upstream.script(reply.cut({ after: 3, answer: reply.text('one two three four') }), reply.status(400));
    await using one = await client(it.server.url);
    one.say('chat:stream', { ref: 'a', payload: question() });
    expect(await one.frame(isEnd)).toMatchObject({
      event: 'chat:error',
      ref: 'a',
      payload: { code: 'upstream_stream_interrupted' },
    });
    expect(wordsIn(one.heard)).toContain('one');
    one.say('chat:stream', { ref: 'b', payload: question() });
    expect(await one.frame(({ ref }) => ref === 'b')).toMatchObject({
      event: 'chat:error',
      payload: { type: 'invalid_request_error' },
    });
  });

  it('cuts upstream at once on a cancel, and on a close (INV-40)', { retry: 5 }, async () => {
    for (const how of ['cancel', 'close', 'terminate'] as const) {
      await using it = await served();
      it.upstream.script(reply.text('word '.repeat(1_000), { delayMs: 5 }));
      await using one = await client(it.server.url);
      one.say('chat:stream', { payload: question() });
      await one.frame(({ event }) => event === 'chat:chunk');
      const leftMs = performance.now();
      if (how === 'cancel') one.say('chat:cancel');
      else one.socket[how]();
      await until(() => it.upstream.inFlight === 0, 2_000);
      expect((it.upstream.requests.at(-1)?.endedMs ?? Number.NaN) - leftMs).toBeLessThan(100);
      if (how === 'cancel')
        expect(await one.frame(isEnd)).toMatchObject({ payload: { code: 'client_closed_request' } });
      await until(() => it.of('cost.recorded').length === 1, 1_000);
      expect(it.of('request.stop')).toMatchObject([{ outcome: 'cancelled' }]);
    }
  });

  it('is opened by those who may, from where they may (faults 5.27)', async () => {
    await using it = await served({
      authorize: bearerKeys(['sesame']),
      socket: { origins: ['https://app.example'] },
    });
    const key = { authorization: 'Bearer sesame' };
    for (const headers of [key, { ...key, origin: 'https://app.example' }]) {
      await using one = await client(it.server.url, headers);
      one.say('ping');
      await one.frame(({ event }) => event === 'pong');
    }
    const refused = async (headers: Record<string, string>) =>
      String(await failureOf(client(it.server.url, headers)));
    expect(await refused({})).toContain('401');
    expect(await refused({ authorization: 'Bearer wrong', origin: 'https://app.example' })).toContain('401');
    expect(await refused({ ...key, origin: 'https://evil.example' })).toContain('403');
    expect(await refused({ ...key, origin: 'null' })).toContain('403');
    // No token in the URL.
    const byUrl = await say(it.server.port, upgradeOf('/socket?api_key=sesame&access_token=sesame'));
    expect(byUrl.statuses).toEqual([401]);
  });

  it('a message of 64 MiB is refused by its announcement, before any of it has come (faults 5.27)', async () => {
    await using it = await served();
    const raw = await rawSocket(it.server.port);
    const announced = Buffer.alloc(14);
    announced.set([0x81, 0x80 | 127]);
    announced.writeBigUInt64BE(64n * 1024n * 1024n, 2);
    raw.write(announced);
    const [frame] = await once(raw, 'data');
    expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, 1009]);
    raw.destroy();
    await using one = await client(it.server.url);
    one.socket.send(Buffer.alloc(1024 * 1024 + 1, 'x'), { binary: false });
    expect(await one.closed).toBe(1009);
  });

  it('a reader that never reads costs a megabyte at most, and is cut (faults 5.27)', {
    timeout: 60_000,
  }, async () => {
    await using it = await served({ socket: { stallMs: 400 } });
    const firehose = reply.text('word '.repeat(200_000));
    it.upstream.script(firehose, firehose);
    const raw = await rawSocket(it.server.port);
    for (const ref of [1, 2]) {
      raw.write(frameOf(1, Buffer.from(JSON.stringify({ event: 'chat:stream', ref, payload: question() }))));
    }
    raw.pause();
    let most = 0;
    const watch = setInterval(() => {
      for (const { writableLength } of socketsOf(it.server.port)) most = Math.max(most, writableLength);
    }, 5);
    await until(() => it.of('request.stop').length === 2, 30_000);
    clearInterval(watch);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(1024 * 1024);
    expect(it.of('request.stop')).toMatchObject([{ outcome: 'cancelled' }, { outcome: 'cancelled' }]);
    raw.destroy();
  });

  it('reads the same messages however they are cut, and whatever stands between (INV-41)', async () => {
    await using it = await served();
    const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 6 });
    const control = fc.constantFrom(undefined, 9, 10);
    const message = fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 40 }), cuts, control });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 4 }), cuts, async (messages, writes) => {
        const raw = await rawSocket(it.server.port);
        const bytes = Buffer.concat(messages.flatMap((each, at) => fragments(each, at)));
        const heard = readFrames(raw, messages.length);
        for (const piece of sliced(bytes, writes)) raw.write(piece);
        expect(await heard).toEqual(messages.map(({ text }, ref) => ({ event: 'pong', ref, payload: text })));
        raw.destroy();
      }),
      runs(0.3),
    );
  });
});

/** One ping with a text, as frames: cut at the given places, with a control frame after the first. */
function fragments(
  { text, cuts, control }: { text: string; cuts: readonly number[]; control: number | undefined },
  ref: number,
): Buffer[] {
  const parts = sliced(Buffer.from(JSON.stringify({ event: 'ping', ref, payload: text })), cuts);
  return parts.flatMap((part, at) => [
    frameOf(at === 0 ? 1 : 0, part, at === parts.length - 1),
    ...(at === 0 && control !== undefined ? [frameOf(control, Buffer.from('between'))] : []),
  ]);
}

function sliced(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort(
    (left, right) => left - right,
  );
  const ends = [...places, bytes.length];
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

/** So many text frames of a server, unmasked as servers send them. Others are passed over. */
function readFrames(raw: import('node:net').Socket, count: number): Promise<unknown[]> {
  return new Promise((resolve) => {
    let buffer = Buffer.alloc(0);
    const frames: unknown[] = [];
    raw.on('data', (data) => {
      buffer = Buffer.concat([buffer, data]);
      for (;;) {
        const short = (buffer[1] ?? 0) & 127;
        const head = short === 126 ? 4 : 2;
        if (buffer.length < head) return;
        const length = short === 126 ? buffer.readUInt16BE(2) : short;
        if (buffer.length < head + length) return;
        const opcode = (buffer[0] ?? 0) & 15;
        if (opcode === 1) frames.push(JSON.parse(buffer.subarray(head, head + length).toString()));
        buffer = buffer.subarray(head + length);
        if (frames.length === count) resolve(frames);
      }
    });
    raw.resume();
  });
}
