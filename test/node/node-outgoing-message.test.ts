import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { writeResponse } from '../../src/node/node-outgoing-message.ts';
import { hear, postOf, say } from './raw.ts';
import { type Listening, listening } from './servers.ts';

const GET = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
const events = { 'content-type': 'text/event-stream' };

/** A server that gives one answer to everything, and what became of writing it. */
async function answering(
  make: () => Response,
  stallMs?: number,
): Promise<Listening & { writing: () => Promise<void> | undefined }> {
  let writing: Promise<void> | undefined;
  const it = await listening((_, out) => {
    writing = writeResponse(make(), out, stallMs);
    writing.catch(() => undefined);
  });
  return { ...it, writing: () => writing };
}

/** A body that goes on for as long as it is asked. */
function endless() {
  const cancel = vi.fn();
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x61));
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body, { headers: events }), cancel, pulled: () => pulled };
}

describe('writeResponse', () => {
  it('writes status, headers and a whole body in one piece of known length', async () => {
    const headers = { 'x-a': '1', 'content-type': 'application/json' };
    await using it = await answering(() => new Response('{"ü":1}', { status: 418, headers }));
    const { text } = await say(it.port, GET);
    expect(text).toMatch(/^HTTP\/1\.1 418 /);
    expect(text).toMatch(/\r\nx-a: 1\r\n/);
    expect(text).toMatch(/\r\nContent-Length: 8\r\n/);
    expect(Buffer.from(text.split('\r\n\r\n')[1] ?? '', 'latin1').toString()).toBe('{"ü":1}');
  });

  it('writes a body that is none', async () => {
    await using it = await answering(() => new Response(null, { status: 204 }));
    expect((await say(it.port, GET)).statuses).toEqual([204]);
  });

  it('writes an event stream as it comes', async () => {
    let next: (text: string) => void = () => undefined;
    let close: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        next = (text) => controller.enqueue(new TextEncoder().encode(text));
        close = () => controller.close();
      },
    });
    await using it = await answering(() => new Response(body, { headers: events }));
    const socket = connect(it.port, '127.0.0.1');
    socket.write(GET);
    let heard = '';
    socket.on('data', (data) => {
      heard += data;
    });
    next('data: one\n\n');
    await vi.waitFor(() => expect(heard).toContain('data: one'));
    next('data: two\n\n');
    await vi.waitFor(() => expect(heard).toContain('data: two'));
    expect(heard).not.toContain('\r\n0\r\n');
    close();
    await vi.waitFor(() => expect(heard).toContain('\r\n0\r\n'));
    socket.destroy();
  });

  it('keeps the pace of its reader', async () => {
    const { response, pulled } = endless();
    await using it = await answering(() => response);
    const socket = connect(it.port, '127.0.0.1');
    socket.write(GET);
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 150));
    const held = pulled();
    await new Promise((resolve) => setTimeout(resolve, 150));
    // What two sockets hold, and no more.
    expect(pulled()).toBe(held);
    socket.resume();
    await vi.waitFor(() => expect(pulled()).toBeGreaterThan(held));
    socket.destroy();
  });

  it('lets go of a body whose reader leaves', async () => {
    const { response, cancel } = endless();
    await using it = await answering(() => response);
    const socket = connect(it.port, '127.0.0.1');
    socket.write(GET);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await it.writing();
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('lets go of a body whose reader had left before', async () => {
    const cancel = vi.fn();
    let writing: Promise<void> | undefined;
    await using it = await listening(async (_, out) => {
      await new Promise((resolve) => out.once('close', resolve));
      writing = writeResponse(new Response(new ReadableStream({ cancel }), { headers: events }), out);
    });
    const socket = connect(it.port, '127.0.0.1');
    socket.write(GET);
    setTimeout(() => socket.destroy(), 20);
    await vi.waitFor(() => expect(writing).toBeDefined());
    await writing;
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('cuts a reader that takes nothing for too long', async () => {
    const { response, cancel } = endless();
    await using it = await answering(() => response, 80);
    const socket = connect(it.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(GET);
    socket.pause();
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledTimes(1), 3_000);
    await it.writing();
    socket.destroy();
  });

  it('breaks the connection off where a body fails: nobody takes that for the end', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: one\n\n')),
      pull: (controller) => controller.error(new Error('mine')),
    });
    await using it = await answering(() => new Response(body, { headers: events }));
    const { text, closed } = await say(it.port, GET);
    expect([text.includes('\r\n0\r\n'), closed]).toEqual([false, true]);
  });

  describe('to a request whose body is not read', () => {
    it('keeps a connection whose body was short, and came with its head', async () => {
      await using it = await answering(() => Response.json({ no: 1 }, { status: 401 }));
      const twice = postOf('/', { a: 1 }) + postOf('/', { a: 2 });
      expect(await say(it.port, twice, { withinMs: 200 })).toMatchObject({
        statuses: [401, 401],
        closed: false,
      });
    });

    it('answers and leaves, and reads nothing more', async () => {
      await using it = await answering(() => Response.json({ no: 1 }, { status: 401 }));
      const socket = connect(it.port, '127.0.0.1');
      const heard = hear(socket, 3_000);
      let read: () => number = () => 0;
      it.server.once('connection', (theirs) => {
        read = () => theirs.bytesRead;
      });
      socket.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${10 * 1024 * 1024}\r\n\r\n`);
      for (let n = 0; n < 160 && !socket.destroyed; n++) socket.write(Buffer.alloc(64 * 1024));
      const { statuses, text, closed } = await heard;
      expect([statuses, closed]).toEqual([[401], true]);
      expect(text).toContain('connection: close');
      expect(text).toContain('{"no":1}');
      expect(read()).toBeLessThan(256 * 1024);
    });
  });
});
