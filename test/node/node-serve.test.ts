import { connect } from 'node:net';
import { ProviderPool } from 'runestone';
import { bearerKeys } from 'runestone/http';
import { type Served, type ServeOptions, serve } from 'runestone/node';
import { hangs, replies, type ScriptedStep, scriptedProvider } from 'runestone/testing';
import { describe, expect, it, vi } from 'vitest';
import { ask, failureOf } from '../contexts.ts';
import { hear, postOf, say } from './raw.ts';
import { client } from './sockets.ts';

interface Serving extends Served {
  readonly provider: ReturnType<typeof scriptedProvider>;
  readonly pool: ProviderPool;
}

async function serving(steps: readonly ScriptedStep[], options: ServeOptions = {}): Promise<Serving> {
  const provider = scriptedProvider('a', steps);
  const pool = new ProviderPool({ providers: [provider], retry: false });
  const served = await serve(pool, { port: 0, ...options });
  const dispose = async (): Promise<void> => {
    await served.close({ drainMs: 0 });
    await pool.close({ drainMs: 0 });
  };
  return { ...served, provider, pool, [Symbol.asyncDispose]: dispose };
}

const json = { 'content-type': 'application/json' };
const chat = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });

describe('serve', () => {
  it('answers over HTTP, whole and streamed', async () => {
    await using it = await serving([replies('Good day.')]);
    expect(it.url).toBe(`http://127.0.0.1:${it.port}`);
    expect(await (await chat(it.url, ask())).json()).toMatchObject({
      choices: [{ message: { content: 'Good day.' } }],
    });
    const streamed = await chat(it.url, { ...ask(), stream: true });
    expect(streamed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await streamed.text()).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('listens on both addresses of this machine, under one port', async () => {
    await using it = await serving([]);
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      expect((await fetch(`http://${host}:${it.port}/health`)).status).toBe(200);
    }
  });

  it('is not to be had beyond this machine without `authorize` (faults 5.17)', async () => {
    const pool = new ProviderPool({ providers: [scriptedProvider('a', [])] });
    for (const host of ['0.0.0.0', '::', '192.168.0.1']) {
      expect(await failureOf(serve(pool, { port: 0, host }))).toMatchObject({ code: 'config_invalid' });
    }
    await using it = await serving([], { host: '0.0.0.0', authorize: () => true });
    expect(it.url).toBe(`http://0.0.0.0:${it.port}`);
    expect((await fetch(`http://127.0.0.1:${it.port}/health`)).status).toBe(200);
  });

  it('refuses unknown options and taken ports', async () => {
    await using it = await serving([]);
    const { pool } = it;
    expect(await failureOf(serve(pool, { port: 0, cors: true } as ServeOptions))).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('cors'),
    });
    expect(await failureOf(serve(pool, { port: it.port }))).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('EADDRINUSE'),
    });
  });

  it('answers to its own names only, with or without keys (faults 5.24)', async () => {
    const request = (host: string): string =>
      `GET /v1/models HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer k\r\nconnection: close\r\n\r\n`;
    for (const options of [{}, { authorize: bearerKeys(['k']) }]) {
      await using it = await serving([], options);
      for (const host of ['localhost', '127.0.0.1:4003', '[::1]', 'LocalHost:1']) {
        expect((await say(it.port, request(host))).statuses).toEqual([200]);
      }
      for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1', 'x', 'localhost.']) {
        expect((await say(it.port, request(host))).statuses).toEqual([403]);
      }
    }
    await using named = await serving([], { hosts: ['llm.example'] });
    expect((await say(named.port, request('llm.example:80'))).statuses).toEqual([200]);
  });

  it('keys: 401 with the body of the brief, and in with the right one', async () => {
    await using it = await serving([replies('ok')], {
      authorize: bearerKeys({ sesame: { tenant: 'acme' } }),
    });
    const tenants: unknown[] = [];
    it.pool.on('request.start', ({ tenant }) => tenants.push(tenant));
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      const response = await chat(it.url, ask(), headers);
      expect([response.status, await response.json()]).toEqual([
        401,
        { error: { type: 'invalid_request_error', message: 'Invalid API key', code: 'invalid_api_key' } },
      ]);
    }
    expect((await chat(it.url, ask(), { authorization: 'Bearer sesame' })).status).toBe(200);
    expect((await chat(it.url, ask(), { 'x-api-key': 'sesame' })).status).toBe(200);
    expect(tenants).toEqual(['acme', 'acme']);
    expect(await failureOf(client(it.url))).toEqual(new Error('401'));
    await using one = await client(it.url, { authorization: 'Bearer sesame' });
    one.say('ping');
    await one.frame(({ event }) => event === 'pong');
  });

  it('cuts a client that does not send what it began (faults 5.21)', async () => {
    await using it = await serving([replies('ok')], { headTimeoutMs: 100, bodyTimeoutMs: 100 });
    expect((await say(it.port, ['GET / HT'])).statuses).toEqual([408]);
    const half = postOf('/v1/chat/completions', ask());
    expect(await say(it.port, half.slice(0, -5))).toMatchObject({ statuses: [408], closed: true });
    const nothing = await say(it.port, '');
    expect(nothing.closed).toBe(true);
    expect(it.provider.calls).toEqual([]);
  });

  it('answers clients that offer HTTP/2 in passing, as Java’s does', async () => {
    await using it = await serving([replies('ok')]);
    const offer =
      'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n';
    const { statuses } = await say(it.port, postOf('/v1/chat/completions', ask(), offer), { withinMs: 400 });
    expect(statuses).toEqual([200]);
    expect(it.provider.calls).toHaveLength(1);
  });

  it('can do without the socket', async () => {
    await using it = await serving([], { socket: false });
    expect(await failureOf(client(it.url))).toEqual(new Error('404'));
  });

  describe('close', () => {
    it('waits for answers under way, and admits nobody', async () => {
      await using it = await serving([replies(['a', 'b', 'c'], { delayMs: 30 })]);
      const streamed = await chat(it.url, { ...ask(), stream: true });
      const closing = it.close();
      expect(await streamed.text()).toContain('[DONE]');
      await closing;
      expect(it.close()).toBe(closing);
      expect(await failureOf(chat(it.url, ask()))).toBeInstanceOf(TypeError);
    });

    it('lets idle connections go at once', async () => {
      await using it = await serving([]);
      const socket = connect(it.port, '127.0.0.1');
      const heard = hear(socket, 5_000);
      socket.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
      await new Promise((resolve) => socket.once('data', resolve));
      const beganMs = performance.now();
      await it.close();
      expect(performance.now() - beganMs).toBeLessThan(2_000);
      expect((await heard).closed).toBe(true);
    });

    it('cuts what is left when the time is up; upstream goes with it', async () => {
      await using it = await serving([hangs('a')]);
      const streamed = await chat(it.url, { ...ask(), stream: true });
      await it.close({ drainMs: 30 });
      expect(await failureOf(streamed.text())).toBeInstanceOf(TypeError);
      await vi.waitFor(() => expect(it.provider.open).toBe(0));
    });

    it('leaves the pool open: it is somebody else’s', async () => {
      await using it = await serving([replies('ok')]);
      await it.close();
      expect((await it.pool.request(ask())).choices[0]?.message.content).toBe('ok');
    });
  });
});
