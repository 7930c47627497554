import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransport } from '../../src/provider-kit/transport.ts';
import type { Transport } from '../../src/provider-kit/wire.ts';
import { startBlackhole } from '../../src/testing/lab/blackhole.ts';
import { failureOf } from '../contexts.ts';
import {
  answer,
  bodyOf,
  CHUNKED,
  chunk,
  closeLoopbacks,
  END,
  post,
  startLoopback,
  turn,
  until,
} from './loopback.ts';
import { inOtherProcess } from './other-process.ts';

const transports: Transport[] = [];

function transport(options: { connections?: number; keepAliveMs?: number } = {}): Transport {
  const made = createTransport({ provider: 'acme', ...options });
  transports.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(transports.splice(0).map((made) => made.close()));
  await closeLoopbacks();
});

const CANCELLED = new Error('cancelled by the test');
const MIB = 1024 * 1024;

describe('a request', () => {
  it('goes out as it was given', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(answer('ok')) });
    const response = await transport().send({
      url: `${server.url}/v1/messages?beta=true`,
      method: 'POST',
      headers: { 'x-one': '1', 'Content-Type': 'application/json' },
      body: '{"text":"größer"}',
      signal: new AbortController().signal,
    });
    expect(await bodyOf(response)).toBe('ok');
    const [request] = server.requests;
    expect(request?.head.split('\r\n')[0]).toBe('POST /v1/messages?beta=true HTTP/1.1');
    expect(request?.head.toLowerCase()).toContain(`\r\nhost: 127.0.0.1:${server.port}\r\n`);
    expect(request?.head.toLowerCase()).toContain('\r\nx-one: 1\r\n');
    expect(request?.head.toLowerCase()).toContain('\r\ncontent-length: 19');
    expect(request?.body).toBe('{"text":"größer"}');
  });

  it('needs no body', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(answer('ok')) });
    await post(transport(), server, { method: 'GET', body: undefined, headers: {} });
    expect(server.requests[0]?.head).toMatch(/^GET /);
    expect(server.requests[0]?.head).not.toMatch(/content-length/i);
  });

  it.each([
    ['a line break in a value', { 'x-key': 'sk-canary\r\nx-forged: 1' }],
    ['a line break in a name', { 'x-key\r\nx-forged': 'sk-canary' }],
    ['a character beyond Latin-1', { 'x-key': 'sk-canary-日' }],
    ['framing of one’s own', { 'transfer-encoding': 'sk-canary' }],
  ])('I6: is refused unsent, and unquoted, for %s', async (_, headers) => {
    const server = await startLoopback({});
    const error = await failureOf(post(transport(), server, { headers }));
    expect(error).toMatchObject({ code: 'invalid_request', provider: 'acme' });
    expect(String(error) + JSON.stringify(error)).not.toContain('canary');
    expect(server.accepted).toBe(0);
  });

  it('is refused for a URL that is no HTTP', async () => {
    const error = await failureOf(post(transport(), { url: 'ftp://127.0.0.1' }));
    expect(error).toMatchObject({ code: 'invalid_request' });
  });
});

describe('an answer', () => {
  it('resolves with its head, before a byte of its body', async () => {
    const server = await startLoopback({
      serve: (socket) =>
        socket.write(
          'HTTP/1.1 529 Busy\r\nRetry-After: 3\r\nX-A: 1\r\nx-a: 2\r\ntransfer-encoding: chunked\r\n\r\n',
        ),
    });
    const response = await post(transport(), server);
    expect(response.status).toBe(529);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(response.headers.get('x-a')).toBe('1, 2');
    response.finish();
  });

  it('hands over a network read at a time, however many chunks it holds', async () => {
    let host: Socket | undefined;
    const server = await startLoopback({
      serve: (socket) => {
        host = socket;
        socket.write(CHUNKED);
      },
    });
    const response = await post(transport(), server);
    const reads: string[][] = [];
    for (const text of [chunk('a'), chunk('b') + chunk('c') + chunk('d'), chunk('e') + END]) {
      const read = response.read();
      host?.write(text);
      reads.push(((await read) ?? []).map((bytes) => Buffer.from(bytes).toString()));
    }
    expect(reads).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
    expect(await response.read()).toBeUndefined();
  });

  it('may have no body at all', async () => {
    const server = await startLoopback({
      serve: (socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'),
    });
    const response = await post(transport(), server);
    expect(response.status).toBe(204);
    expect(await response.read()).toBeUndefined();
  });

  it('E9: a sender that nobody reads is made to wait, and gets on when somebody does', async () => {
    const total = 64 * MIB;
    let sent = 0;
    const server = await startLoopback({
      serve: (socket) => {
        const piece = Buffer.alloc(64 * 1024, 'x');
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
        const pump = (): void => {
          for (let room = true; room && sent < total; sent += piece.length) room = socket.write(piece);
        };
        socket.on('drain', pump);
        pump();
      },
    });
    const response = await post(transport(), server);
    // It has come to a halt when nothing moves for as long as this.
    for (let before = -1; before !== sent; await new Promise((resolve) => setTimeout(resolve, 60)))
      before = sent;
    expect(sent).toBeLessThan(total / 2);
    let bytes = 0;
    for (let read = await response.read(); read; read = await response.read())
      for (const part of read) bytes += part.length;
    expect(bytes).toBe(total);
  });

  it.each([
    ['307 to another host', '307 Temporary Redirect'],
    ['308 to another host', '308 Permanent Redirect'],
    ['302', '302 Found'],
  ])('X1: is %s, which is returned and not followed', async (_, status) => {
    const trap = await startLoopback({ serve: (socket) => socket.write(answer('gotcha')) });
    const server = await startLoopback({
      serve: (socket) => socket.write(answer('', status, `location: ${trap.url}/v1/messages\r\n`)),
    });
    const response = await post(transport(), server);
    expect(response.status).toBe(Number(status.slice(0, 3)));
    expect(await bodyOf(response)).toBe('');
    expect(trap.accepted).toBe(0);
    expect(server.requests).toHaveLength(1);
  });
});

describe('the signal', () => {
  it('fired before: nothing is sent', async () => {
    const server = await startLoopback({});
    const signal = AbortSignal.abort(CANCELLED);
    await expect(post(transport(), server, { signal })).rejects.toBe(CANCELLED);
    await turn();
    expect(server.accepted).toBe(0);
  });

  it('fired right after: nothing is sent', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(answer('ok')) });
    const client = transport();
    // Once with the HTTP client still to be loaded, once with it there.
    for (const _ of ['loading', 'loaded']) {
      const controller = new AbortController();
      const sent = post(client, server, { signal: controller.signal });
      controller.abort(CANCELLED);
      await expect(sent).rejects.toBe(CANCELLED);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    }
    await bodyOf(await post(client, server));
    expect(server.requests).toHaveLength(1);
  });

  it('fired while connecting', async () => {
    await using hole = await startBlackhole();
    const controller = new AbortController();
    const sent = post(transport(), hole, { signal: controller.signal });
    setTimeout(() => controller.abort(CANCELLED), 30);
    await expect(sent).rejects.toBe(CANCELLED);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('fired while waiting for the head: the connection is cut', async () => {
    const controller = new AbortController();
    const server = await startLoopback({ serve: () => controller.abort(CANCELLED) });
    await expect(post(transport(), server, { signal: controller.signal })).rejects.toBe(CANCELLED);
    await until(() => server.open === 0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('fired in the body: the read rejects, the connection is cut', async () => {
    const controller = new AbortController();
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED + chunk('a')) });
    const response = await post(transport(), server, { signal: controller.signal });
    expect(await response.read()).toHaveLength(1);
    const read = response.read();
    controller.abort(CANCELLED);
    await expect(read).rejects.toBe(CANCELLED);
    response.finish();
    await until(() => server.open === 0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('fired after the end: nothing happens, and the connection is used again', async () => {
    const controller = new AbortController();
    const server = await startLoopback({ serve: (socket) => socket.write(answer('ok')) });
    const client = transport();
    await bodyOf(await post(client, server, { signal: controller.signal }));
    controller.abort(CANCELLED);
    await turn();
    expect(await bodyOf(await post(client, server))).toBe('ok');
    expect(server.accepted).toBe(1);
  });
});

describe('finish', () => {
  it('lets many requests share one connection', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED + chunk('a') + END) });
    const client = transport();
    for (let nth = 0; nth < 50; nth++) {
      const response = await post(client, server);
      await response.read();
      response.finish();
      await turn();
    }
    expect(server.requests).toHaveLength(50);
    expect(server.accepted).toBe(1);
  });

  it('leaves the end of a body time to come, unread', async () => {
    const server = await startLoopback({
      serve: (socket) => {
        socket.write(CHUNKED + chunk('a'));
        setTimeout(() => socket.write(chunk('never read') + END), 20);
      },
    });
    const client = transport();
    const response = await post(client, server);
    await response.read();
    response.finish();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await bodyOf(await post(client, server));
    expect(server.accepted).toBe(1);
  });

  it('T39: cuts a body that hangs after about 100 ms', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED + chunk('done')) });
    const response = await post(transport(), server);
    await response.read();
    const startMs = performance.now();
    response.finish();
    await until(() => server.open === 0);
    const tookMs = performance.now() - startMs;
    expect(tookMs).toBeGreaterThan(90);
    expect(tookMs).toBeLessThan(1_000);
  });

  it('cuts a flood that nobody reads', async () => {
    const server = await startLoopback({
      serve: (socket) => {
        socket.write(CHUNKED);
        const flood = chunk('x'.repeat(64 * 1024));
        const pump = (): void => {
          while (!socket.destroyed && socket.write(flood));
        };
        socket.on('drain', pump);
        pump();
      },
    });
    const response = await post(transport(), server);
    response.finish();
    await until(() => server.open === 0);
  });
});

describe('the connect timer', () => {
  it('T4: ends the wait for a host that swallows every SYN', async () => {
    await using hole = await startBlackhole();
    const startMs = performance.now();
    const error = await failureOf(post(transport(), hole, { connectMs: 80 }));
    expect(error).toMatchObject({ code: 'timeout', phase: 'connect', retryable: false });
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });

  it('does not count the time a connected host takes to answer', async () => {
    const server = await startLoopback({
      serve: (socket) => setTimeout(() => socket.write(answer('late')), 120),
    });
    expect(await bodyOf(await post(transport(), server, { connectMs: 60 }))).toBe('late');
  });
});

describe('onSend', () => {
  it('is told once, when the request goes out', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(answer('ok')) });
    let told = 0;
    const onSend = (): void => {
      told += 1;
    };
    expect(await bodyOf(await post(transport(), server, { onSend }))).toBe('ok');
    expect(told).toBe(1);
  });

  it('is not told while nothing listens', async () => {
    let told = 0;
    const onSend = (): void => {
      told += 1;
    };
    const refusing = {
      url: 'http://127.0.0.1:1',
      method: 'GET',
      headers: {},
      signal: new AbortController().signal,
    };
    await failureOf(transport().send({ ...refusing, onSend }));
    expect(told).toBe(0);
  });
});

describe('connections', () => {
  it('are opened as requests need them', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED) });
    const client = transport();
    const responses = await Promise.all([1, 2, 3, 4].map(() => post(client, server)));
    expect(server.open).toBe(4);
    for (const response of responses) response.finish();
  });

  it('T26: stay under the limit, and requests wait their turn', async () => {
    let most = 0;
    const server = await startLoopback({
      accept: () => {
        most = Math.max(most, server.open);
      },
      serve: (socket) => setImmediate(() => socket.write(answer('ok'))),
    });
    const client = transport({ connections: 3 });
    const bodies = await Promise.all(
      Array.from({ length: 60 }, async () => bodyOf(await post(client, server))),
    );
    expect(bodies).toEqual(Array(60).fill('ok'));
    expect(most).toBeLessThanOrEqual(3);
  });

  it('T26: are not waited for by the connect timer while they are all in use', async () => {
    const server = await startLoopback({
      serve: (socket) => setTimeout(() => socket.write(answer('ok')), 60),
    });
    const client = transport({ connections: 1 });
    const bodies = await Promise.all(
      Array.from({ length: 4 }, async () => bodyOf(await post(client, server, { connectMs: 40 }))),
    );
    expect(bodies).toEqual(Array(4).fill('ok'));
    expect(server.accepted).toBe(1);
  });

  it('T26: are free for the next after every kind of end', async () => {
    const server = await startLoopback({
      serve: (socket, { nth }) => {
        if (nth === 1) socket.resetAndDestroy();
        else if (nth < 4) socket.write(CHUNKED + chunk('abc'));
        else socket.write(answer('ok'));
      },
    });
    const client = transport({ connections: 1 });
    const controller = new AbortController();
    await expect(post(client, server)).rejects.toMatchObject({ code: 'connection' });
    const unwanted = await post(client, server);
    unwanted.finish();
    const aborted = await post(client, server, { signal: controller.signal });
    controller.abort(CANCELLED);
    await expect(bodyOf(aborted)).rejects.toBe(CANCELLED);
    await expect(post(client, server, { signal: AbortSignal.abort(CANCELLED) })).rejects.toBe(CANCELLED);
    expect(await bodyOf(await post(client, server))).toBe('ok');
  });

  it('are dropped when idle for as long as they are kept', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(answer('ok')) });
    await bodyOf(await post(transport({ keepAliveMs: 50 }), server));
    expect(server.open).toBe(1);
    await until(() => server.open === 0);
  });

  it('do not keep a process alive while idle', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(answer('ok')) });
    const stdout = await inOtherProcess(
      `
      const transport = createTransport({ provider: 'acme', keepAliveMs: 600_000 });
      const response = await transport.send({ url, method: 'GET', headers: {}, signal });
      while (await response.read());
      response.finish();
      console.log(response.status);`,
      server,
    );
    expect(stdout.trim()).toBe('200');
    expect(server.requests).toHaveLength(1);
  });
});

describe('close', () => {
  it('breaks what is under way, and refuses what comes after', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED) });
    const client = transport();
    const response = await post(client, server);
    const read = response.read();
    read.catch(() => {});
    await client.close();
    await expect(read).rejects.toMatchObject({ code: 'connection', retryable: false });
    await until(() => server.open === 0);
    const error = await failureOf(post(client, server));
    expect(error).toMatchObject({ code: 'connection', message: 'acme: closed', retryable: false });
    expect(server.accepted).toBe(1);
  });

  it('may be called before any request, and twice', async () => {
    const client = transport();
    await client.close();
    await client.close();
    await expect(post(client, { url: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      message: 'acme: closed',
    });
  });

  it('refuses a request that was on its way to the HTTP client', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(answer('ok')) });
    const client = transport();
    const sent = failureOf(post(client, server));
    await client.close();
    expect(await sent).toMatchObject({ code: 'connection', retryable: false });
    expect(server.accepted).toBe(0);
  });
});
