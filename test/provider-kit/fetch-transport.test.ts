import { getEventListeners } from 'node:events';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors/index.ts';
import { type FetchLike, fetchTransport, responseToWire } from '../../src/provider-kit/fetch-transport.ts';
import { failureOf } from '../contexts.ts';
import { answer, bodyOf, CHUNKED, chunk, closeLoopbacks, post, startLoopback, turn } from './loopback.ts';

const CANCELLED = new Error('cancelled by the test');
const url = 'https://api.acme.example';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A body in the hands of the test. */
function handMade(): {
  body: ReadableStream<Uint8Array>;
  controller: ReadableStreamDefaultController<Uint8Array>;
  cancelled: () => boolean;
} {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (made) => {
      controller = made;
    },
    cancel: () => {
      cancelled = true;
    },
  });
  if (!controller) throw new Error('streams start at once');
  return { body, controller, cancelled: () => cancelled };
}

describe('a request', () => {
  it('reaches `fetch` as it was given, with redirects off', async () => {
    const calls: Parameters<FetchLike>[] = [];
    const transport = fetchTransport('acme', async (...call) => {
      calls.push(call);
      return new Response('ok');
    });
    const { signal } = new AbortController();
    const headers = { 'x-one': '1' };
    await post(transport, { url }, { headers, body: '{"a":1}', signal });
    expect(calls).toEqual([
      [`${url}/v1/messages`, { method: 'POST', headers, body: '{"a":1}', signal, redirect: 'manual' }],
    ]);
  });

  it('has no body member when it has no body', async () => {
    const inits: object[] = [];
    const transport = fetchTransport('acme', async (_, init) => {
      inits.push(init);
      return new Response();
    });
    await post(transport, { url }, { method: 'GET', body: undefined });
    expect(inits[0]).not.toHaveProperty('body');
  });

  it('X1: gets a redirect back, and follows none', async () => {
    const transport = fetchTransport('acme', globalThis.fetch);
    const trap = await startLoopback({ serve: (socket) => socket.write(answer('gotcha')) });
    const server = await startLoopback({
      serve: (socket) => socket.write(answer('', '307 Temporary Redirect', `location: ${trap.url}\r\n`)),
    });
    const response = await post(transport, server);
    expect(response.status).toBe(307);
    response.finish();
    expect(trap.accepted).toBe(0);
    await closeLoopbacks();
  });

  it('that a `fetch` of the house refuses fails in its words', async () => {
    const refusal = new ConfigError('cassette: a.jsonl: matches none');
    const transport = fetchTransport('acme', () => Promise.reject(refusal));
    expect(await failureOf(post(transport, { url }))).toBe(refusal);
  });

  it('is not made when the signal has fired', async () => {
    let calls = 0;
    const transport = fetchTransport('acme', async () => {
      calls++;
      return new Response();
    });
    const signal = AbortSignal.abort(CANCELLED);
    await expect(post(transport, { url }, { signal })).rejects.toBe(CANCELLED);
    expect(calls).toBe(0);
  });

  it('closes without anything to close', async () => {
    await expect(fetchTransport('acme', fetch).close()).resolves.toBeUndefined();
  });
});

describe('a `fetch` that fails', () => {
  it.each([
    [
      'fetch failed, ECONNREFUSED',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      'connection',
      false,
    ],
    [
      'fetch failed, ECONNRESET',
      Object.assign(new Error('x'), { code: 'ECONNRESET' }),
      'connection',
      undefined,
    ],
    [
      'fetch failed, a bad URL',
      Object.assign(new Error('x'), { code: 'ERR_INVALID_URL' }),
      'invalid_request',
      undefined,
    ],
    ['fetch failed', undefined, 'connection', undefined],
  ])('%s', async (_, cause, code, retryable) => {
    const transport = fetchTransport('acme', async () => {
      throw new TypeError('fetch failed', { cause });
    });
    const error = await failureOf(post(transport, { url }));
    expect(error).toMatchObject({ name: 'ProviderError', code, provider: 'acme' });
    expect(Reflect.get(error as object, 'retryable')).toBe(retryable);
  });

  it('at once rather than by a promise fails alike', async () => {
    const transport = fetchTransport('acme', () => {
      throw new TypeError('canary');
    });
    const error = await failureOf(post(transport, { url }));
    expect(error).toMatchObject({ code: 'connection', message: 'acme: connection reset' });
  });

  it('because the signal fired rejects with the signal’s reason', async () => {
    const controller = new AbortController();
    const transport = fetchTransport('acme', async (_, { signal }) => {
      controller.abort(CANCELLED);
      signal.throwIfAborted();
      return new Response();
    });
    await expect(post(transport, { url }, { signal: controller.signal })).rejects.toBe(CANCELLED);
  });

  it('with an AbortError of its own is a broken connection, not an abort of ours', async () => {
    const transport = fetchTransport('acme', async () => {
      throw new DOMException('This operation was aborted', 'AbortError');
    });
    await expect(post(transport, { url })).rejects.toMatchObject({ code: 'connection' });
  });

  it('to hear the signal is left behind, and what it brings later is let go', async () => {
    const { body, cancelled } = handMade();
    let bring: (response: Response) => void = () => {};
    const transport = fetchTransport(
      'acme',
      () =>
        new Promise((resolve) => {
          bring = resolve;
        }),
    );
    const controller = new AbortController();
    const sent = post(transport, { url }, { signal: controller.signal });
    controller.abort(CANCELLED);
    await expect(sent).rejects.toBe(CANCELLED);
    bring(new Response(body));
    await turn();
    expect(cancelled()).toBe(true);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

describe('a web response', () => {
  const wire = (
    body: ConstructorParameters<typeof Response>[0],
    init: ResponseInit = {},
    signal = new AbortController().signal,
  ) => responseToWire('acme', new Response(body, init), signal);

  it('keeps status and headers', () => {
    const response = wire('x', { status: 503, headers: { 'Retry-After': '2' } });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect([...response.headers.entries()]).toContainEqual(['retry-after', '2']);
  });

  it('is read piece by piece, to a lasting end', async () => {
    const { body, controller } = handMade();
    const response = wire(body);
    for (const piece of ['a', 'bc']) {
      const read = response.read();
      controller.enqueue(bytes(piece));
      expect(Buffer.concat((await read) ?? []).toString()).toBe(piece);
    }
    controller.close();
    expect(await response.read()).toBeUndefined();
    expect(await response.read()).toBeUndefined();
    response.finish();
  });

  it('may have no body', async () => {
    const response = wire(null, { status: 204 });
    expect(await response.read()).toBeUndefined();
    response.finish();
  });

  it.each([
    ['terminated', new TypeError('terminated'), 'connection'],
    [
      'terminated by a RST',
      new TypeError('terminated', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
      'connection',
    ],
    [
      'terminated by a FIN',
      new TypeError('terminated', { cause: Object.assign(new Error(), { code: 'UND_ERR_SOCKET' }) }),
      'stream_truncated',
    ],
    ['with something that is no error', 'canary', 'connection'],
  ])('that breaks (%s) does so in the house’s words, and for good', async (_, thrown, code) => {
    const { body, controller } = handMade();
    const response = wire(body);
    controller.enqueue(bytes('a'));
    expect(await response.read()).toEqual([bytes('a')]);
    controller.error(thrown);
    await expect(response.read()).rejects.toMatchObject({ name: 'ProviderError', code });
    await expect(response.read()).rejects.toMatchObject({ code });
    response.finish();
  });

  it('whose body is deaf to the signal still rejects when it fires (doors 1)', async () => {
    const { body, cancelled } = handMade();
    const aborter = new AbortController();
    const response = wire(body, {}, aborter.signal);
    const read = response.read();
    aborter.abort(CANCELLED);
    await expect(read).rejects.toBe(CANCELLED);
    await expect(response.read()).rejects.toBe(CANCELLED);
    expect(cancelled()).toBe(true);
    expect(getEventListeners(aborter.signal, 'abort')).toHaveLength(0);
  });

  it('is not read once the signal has fired', async () => {
    const aborter = new AbortController();
    const response = wire('never read', {}, aborter.signal);
    aborter.abort(CANCELLED);
    await expect(response.read()).rejects.toBe(CANCELLED);
  });

  it('leaves no listener on the signal between reads', async () => {
    const aborter = new AbortController();
    const response = wire('abc', {}, aborter.signal);
    await response.read();
    expect(getEventListeners(aborter.signal, 'abort')).toHaveLength(0);
    await response.read();
    expect(getEventListeners(aborter.signal, 'abort')).toHaveLength(0);
  });

  it('is let go by finish, also while a read waits', async () => {
    const { body, cancelled } = handMade();
    const response = wire(body);
    const read = response.read();
    response.finish();
    response.finish();
    expect(cancelled()).toBe(true);
    expect(await read).toBeUndefined();
    expect(await response.read()).toBeUndefined();
  });

  it('whose source minds being cancelled is let go all the same', async () => {
    const body = new ReadableStream<Uint8Array>({
      cancel: () => Promise.reject(new Error('canary')),
    });
    const response = wire(body);
    expect(() => response.finish()).not.toThrow();
    // An unhandled rejection would fail the run.
    await turn();
  });
});

describe('over the global fetch', () => {
  afterEach(closeLoopbacks);

  it('T30: what came before a cut is read, then the cut is told', async () => {
    const server = await startLoopback({
      serve: (socket) => {
        socket.write(CHUNKED + chunk('abc'));
        setTimeout(() => socket.resetAndDestroy(), 30);
      },
    });
    const response = await post(fetchTransport('acme', fetch), server);
    expect(Buffer.concat((await response.read()) ?? []).toString()).toBe('abc');
    await expect(response.read()).rejects.toMatchObject({ code: 'connection' });
  });

  it('T34: a FIN in the body is a truncated stream', async () => {
    const server = await startLoopback({
      serve: (socket) => {
        socket.write(CHUNKED + chunk('abc'));
        setTimeout(() => socket.end(), 30);
      },
    });
    const response = await post(fetchTransport('acme', fetch), server);
    await expect(bodyOf(response)).rejects.toMatchObject({ code: 'stream_truncated' });
  });

  it('an abort cuts the connection', async () => {
    const controller = new AbortController();
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED + chunk('abc')) });
    const response = await post(fetchTransport('acme', fetch), server, { signal: controller.signal });
    await response.read();
    const read = response.read();
    controller.abort(CANCELLED);
    await expect(read).rejects.toBe(CANCELLED);
  });
});

describe('behind msw', () => {
  const server = setupServer(
    http.post(`${url}/v1/messages`, async ({ request }) =>
      HttpResponse.json(
        { echo: await request.json(), key: request.headers.get('authorization') },
        { status: 201 },
      ),
    ),
    http.post(`${url}/down`, () => HttpResponse.error()),
  );
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterAll(() => server.close());

  it('a request is seen, and its answer read to the end', async () => {
    const headers = { authorization: 'Bearer test', 'content-type': 'application/json' };
    const response = await post(fetchTransport('acme', fetch), { url }, { headers, body: '{"a":1}' });
    expect(response.status).toBe(201);
    expect(JSON.parse(await bodyOf(response))).toEqual({ echo: { a: 1 }, key: 'Bearer test' });
  });

  it('a network error is one', async () => {
    const sent = post(fetchTransport('acme', fetch), { url }, { url: `${url}/down` });
    await expect(sent).rejects.toMatchObject({ code: 'connection' });
  });
});
