import { createServer } from 'node:http';
import { type CallOptions, ProviderPool } from 'runestone';
import { hangs, replies, type ScriptedStep, scriptedProvider } from 'runestone/testing';
import { describe, expect, it, vi } from 'vitest';
import type { DoorOptions } from '../../src/http/doorkeeper.ts';
import { SocketServer } from '../../src/node/node-socket-server.ts';
import { type ServeOptions, toServeSettings } from '../../src/node/serve-options.ts';
import { ask, failureOf } from '../contexts.ts';
import { opened } from './servers.ts';
import { client, frameOf, rawSocket } from './sockets.ts';

const never = new Promise<void>(() => {});

async function serving(
  steps: readonly ScriptedStep[],
  options: ServeOptions['socket'] = {},
  door: DoorOptions<CallOptions> = {},
) {
  const provider = scriptedProvider('a', steps);
  const pool = new ProviderPool({ providers: [provider], retry: false });
  const { settings } = toServeSettings(options ? { socket: options } : {});
  const sockets = new SocketServer(pool, door, settings.socket || expect.fail());
  const server = createServer();
  server.on('upgrade', sockets.onUpgrade);
  const it = await opened(server);
  return {
    ...it,
    provider,
    pool,
    sockets,
    async [Symbol.asyncDispose]() {
      await sockets.close(Promise.resolve());
      await it[Symbol.asyncDispose]();
    },
  };
}

const ended = ({ event }: { event: string }): boolean => event === 'chat:done' || event === 'chat:error';

describe('SocketServer', () => {
  it('answers chats on behalf of whoever came in', async () => {
    const authorize = ({ headers }: { headers: Headers }) => ({ tenant: headers.get('x-me') ?? 'nobody' });
    await using it = await serving([replies(['Good ', 'day.'])], {}, { authorize });
    const tenants: unknown[] = [];
    it.pool.on('request.start', ({ tenant }) => tenants.push(tenant));
    await using one = await client(it.url, { 'x-me': 'acme' });
    one.say('chat:stream', { payload: ask() });
    expect(await one.frame(ended)).toMatchObject({ event: 'chat:done', payload: { provider: 'a' } });
    expect(tenants).toEqual(['acme']);
  });

  it('keeps strangers out', async () => {
    await using it = await serving([], {}, { authorize: () => false });
    expect(await failureOf(client(it.url))).toEqual(new Error('401'));
  });

  it('does not pack messages, whatever is offered (faults 5.12)', async () => {
    await using it = await serving([]);
    await using one = await client(it.url);
    expect(one.socket.extensions).toBe('');
  });

  it('takes the chats of a socket that closes along, in whichever way it closes', async () => {
    for (const leave of ['close', 'terminate'] as const) {
      await using it = await serving([hangs('a')]);
      const one = await client(it.url);
      one.say('chat:stream', { ref: 1, payload: ask() });
      one.say('chat:stream', { ref: 2, payload: ask() });
      await vi.waitFor(() => expect(it.provider.open).toBe(2));
      one.socket[leave]();
      await vi.waitFor(() => expect(it.provider.open).toBe(0));
    }
  });

  it('takes text alone', async () => {
    await using it = await serving([]);
    await using one = await client(it.url);
    one.socket.send(Buffer.from('{"event":"ping"}'));
    expect(await one.closed).toBe(1003);
  });

  it('takes no message over its limit, whole or in fragments (faults 5.27)', async () => {
    await using it = await serving([], { messageLimitBytes: 1_000 });
    await using one = await client(it.url);
    one.say('ping', { payload: 'x'.repeat(900) });
    await one.frame(({ event }) => event === 'pong');
    one.say('ping', { payload: 'x'.repeat(1_000) });
    expect(await one.closed).toBe(1009);
    const raw = await rawSocket(it.port);
    const part = frameOf(1, Buffer.alloc(400, 'x'), false);
    const more = frameOf(0, Buffer.alloc(400, 'x'), false);
    raw.write(Buffer.concat([part, more, more]));
    raw.resume();
    await new Promise((resolve) => raw.once('close', resolve));
  });

  it('closes on what is no frame', async () => {
    await using it = await serving([]);
    for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from([0x81, 0x02, 0x68, 0x69])]) {
      const raw = await rawSocket(it.port);
      raw.write(bytes);
      raw.resume();
      await new Promise((resolve) => raw.once('close', resolve));
    }
    const invalid = await rawSocket(it.port);
    invalid.write(frameOf(1, Buffer.from([0xff, 0xfe])));
    invalid.resume();
    await new Promise((resolve) => invalid.once('close', resolve));
  });

  it('lets a peer go that does not answer pings', async () => {
    await using it = await serving([hangs('a')], { heartbeatMs: 400 });
    const raw = await rawSocket(it.port);
    raw.write(frameOf(1, Buffer.from(JSON.stringify({ event: 'chat:stream', payload: ask() }))));
    await vi.waitFor(() => expect(it.provider.open).toBe(1));
    raw.resume();
    await new Promise((resolve) => raw.once('close', resolve));
    await vi.waitFor(() => expect(it.provider.open).toBe(0));
  });

  it('keeps a peer that answers them, and closes one that is idle', async () => {
    await using it = await serving([hangs('a')], { heartbeatMs: 200, idleMs: 500 });
    await using busy = await client(it.url);
    busy.say('chat:stream', { payload: ask() });
    await using idle = await client(it.url);
    expect(await idle.closed).toBe(1001);
    expect(busy.socket.readyState).toBe(busy.socket.OPEN);
  });

  it('does not listen to whoever asks without reading: memory stays small (faults 5.27)', async () => {
    await using it = await serving([], { stallMs: 150 });
    const raw = await rawSocket(it.port);
    const ping = frameOf(1, Buffer.from(JSON.stringify({ event: 'ping', payload: 'x'.repeat(50_000) })));
    // More than the kernel holds for two sockets.
    const flood = Buffer.concat(Array.from({ length: 1_200 }, () => ping));
    let server: import('node:net').Socket | undefined;
    it.server.once('connection', (socket) => {
      server = socket;
    });
    raw.write(flood);
    raw.pause();
    await new Promise((resolve) => raw.once('close', resolve));
    expect(server?.writableLength ?? 0).toBeLessThan(1024 * 1024);
  });

  it('waits for chats under way when it closes, and takes no new ones', async () => {
    await using it = await serving([replies(['a', 'b', 'c'], { delayMs: 20 })]);
    await using one = await client(it.url);
    await using idle = await client(it.url);
    one.say('chat:stream', { payload: ask() });
    await one.frame(({ event }) => event === 'chat:chunk');
    const closing = it.sockets.close(never);
    expect(await idle.closed).toBe(1001);
    expect(await one.frame(ended)).toMatchObject({ event: 'chat:done' });
    expect(await one.closed).toBe(1001);
    await closing;
  });

  it('ends what is still under way when it has waited enough', async () => {
    await using it = await serving([hangs('a')]);
    await using one = await client(it.url);
    one.say('chat:stream', { payload: ask() });
    await one.frame(({ event }) => event === 'chat:chunk');
    await it.sockets.close(new Promise((resolve) => setTimeout(resolve, 30)));
    expect(await one.closed).toBe(1001);
    expect(it.provider.open).toBe(0);
  });

  it('does not wait for a peer that answers no goodbye', async () => {
    await using it = await serving([]);
    const raw = await rawSocket(it.port);
    const beganMs = performance.now();
    await it.sockets.close(never);
    expect(performance.now() - beganMs).toBeLessThan(4_000);
    raw.destroy();
  });
});
