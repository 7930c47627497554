import { inspect } from 'node:util';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { fetchTransport } from '../../src/provider-kit/fetch-transport.ts';
import { postSse, type SseMessage, type SsePost } from '../../src/provider-kit/post-sse.ts';
import { createTransport } from '../../src/provider-kit/transport.ts';
import type { Transport, WireRequest } from '../../src/provider-kit/wire.ts';
import { collect, failureOf } from '../contexts.ts';
import { answer, CHUNKED, chunk, closeLoopbacks, END, startLoopback, until } from './loopback.ts';
import { type Read, responseOf } from './script-response.ts';

const CANARY = 'canary-key-0123456789';

/** A transport that always gives this response, and keeps what it was asked for. */
function giving(response: ReturnType<typeof responseOf>): { transport: Transport; sent: WireRequest[] } {
  const sent: WireRequest[] = [];
  return {
    sent,
    transport: {
      async send(request) {
        sent.push(request);
        return response;
      },
      async close() {},
    },
  };
}

const post = (transport: Transport, more: Partial<SsePost> = {}): AsyncGenerator<SseMessage> =>
  postSse({
    provider: 'acme',
    transport,
    url: 'https://api.acme.example/chat',
    body: { model: 'm' },
    signal: new AbortController().signal,
    ...more,
  });

const scripted = (reads: readonly Read[], ending: 'end' | 'silence' | Error = 'end', status = 200) => {
  const response = responseOf(reads, ending, status);
  return { response, ...giving(response) };
};

describe('the request', () => {
  it('is a POST of JSON that asks for a stream', async () => {
    const { transport, sent } = scripted([['data: a\n\n']]);
    const { signal } = new AbortController();
    await collect(post(transport, { headers: { 'x-one': '1' }, signal, connectMs: 900 }));
    expect(sent).toEqual([
      {
        url: 'https://api.acme.example/chat',
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-one': '1' },
        body: '{"model":"m"}',
        signal,
        connectMs: 900,
      },
    ]);
  });

  it('has every header once, however its name is written', async () => {
    const { transport, sent } = scripted([]);
    await collect(
      post(transport, { headers: { 'Content-Type': 'application/vnd.acme+json', ACCEPT: '*/*' } }),
    );
    expect(sent[0]?.headers).toEqual({ 'content-type': 'application/vnd.acme+json', accept: '*/*' });
  });

  it('is not sent before somebody reads', async () => {
    const { transport, sent } = scripted([['data: a\n\n']]);
    const messages = post(transport);
    expect(sent).toEqual([]);
    await messages.return(undefined);
    expect(sent).toEqual([]);
  });
});

describe('the messages', () => {
  it('come one by one, in order, over any reads', async () => {
    const { transport } = scripted([
      ['data: a\n\ndata: b\n\nda'],
      ['ta: c\n\n'],
      [': ping\n\n'],
      ['data: d\ndata: e\n\n'],
    ]);
    expect(await collect(post(transport))).toEqual([
      { data: 'a' },
      { data: 'b' },
      { data: 'c' },
      { data: 'd\ne' },
    ]);
  });

  it('end with the body, [DONE] or not', async () => {
    const { transport } = scripted([['data: a\n\ndata: [DONE]\n\ndata: b\n\ndata: cut\n']]);
    expect((await collect(post(transport))).map(({ data }) => data)).toEqual(['a', '[DONE]', 'b']);
  });

  it('are none for an empty body: whether that will do is for the provider to say', async () => {
    expect(await collect(post(scripted([]).transport))).toEqual([]);
    expect(await collect(post(scripted([[': nothing\n\n']]).transport))).toEqual([]);
  });

  it('are taken by their content, not by their label (N6)', async () => {
    const { transport } = scripted([['\uFEFFevent: x\r\ndata: a\r\n\r\n']]);
    expect(await collect(post(transport))).toEqual([{ data: 'a' }]);
  });
});

describe('the connection is let go', () => {
  it.each<[string, (messages: AsyncGenerator<SseMessage>) => Promise<unknown>]>([
    ['at the end', collect],
    [
      'when the loop is left',
      async (messages) => {
        for await (const _ of messages) break;
      },
    ],
    [
      'when the consumer throws',
      async (messages) => {
        try {
          for await (const _ of messages) throw new Error('consumer');
        } catch {
          // Its own affair.
        }
      },
    ],
  ])('%s', async (_, consume) => {
    const { response, transport } = scripted([['data: a\n\n'], ['data: b\n\n']]);
    await consume(post(transport));
    expect(response.finished()).toBe(1);
  });

  it.each([
    ['a status', scripted([['{}']], 'end', 500)],
    ['a web page', scripted([['<html>']])],
    ['a break', scripted([['data: a\n\n']], new Error('reset'))],
  ])('after %s', async (_, { response, transport }) => {
    await failureOf(collect(post(transport)));
    expect(response.finished()).toBe(1);
  });
});

describe('a failed answer', () => {
  it.each([
    [307, 'redirect'],
    [400, 'invalid_request'],
    [401, 'authentication'],
    [404, 'model_not_found'],
    [413, 'request_too_large'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [529, 'overloaded'],
  ])('%d is %s', async (status, code) => {
    const { transport } = scripted([['{"error":{"message":"why"}}']], 'end', status);
    const error = await failureOf(collect(post(transport)));
    expect(error).toMatchObject({ name: 'ProviderError', code, status, provider: 'acme' });
    if (status !== 307) expect(String(error)).toContain('why');
  });

  it.each([
    ['N1: a web page', '<!doctype html><html>canary</html>'],
    ['N4: JSON that is no error', '{"choices":[{"message":{"content":"canary"}}]}'],
    ['V11: JSON cut short', '{"error":{"message":"canary'],
    ['a JSON text', ' {}'],
  ])('a 200 with %s is no event stream', async (_, body) => {
    const error = await failureOf(collect(post(scripted([[body]]).transport)));
    expect(error).toMatchObject({ code: 'bad_response', message: 'acme: no event stream came' });
    expect(inspect(error)).not.toContain('canary');
  });

  it('N3: a 200 with an error in JSON is that error', async () => {
    const body = ['{"error":{"type":"overloaded_error",', '"message":"Overloaded"}}'];
    const error = await failureOf(collect(post(scripted([[body[0] ?? ''], [body[1] ?? '']]).transport)));
    expect(error).toMatchObject({ code: 'overloaded', provider: 'acme' });
    expect(String(error)).toContain('Overloaded');
  });

  it('10: a 200 with endless JSON is given up', async () => {
    const reads: Read[] = [['{'], ...Array(40).fill([' '.repeat(100_000)])];
    const { response, transport } = scripted(reads);
    expect(await failureOf(collect(post(transport)))).toMatchObject({ code: 'bad_response' });
    expect(response.pulls()).toBeLessThan(reads.length);
  });

  it.each([
    ['authorization', `Bearer ${CANARY}`],
    ['Authorization', `Bearer ${CANARY}`],
    ['x-api-key', CANARY],
    ['X-Goog-Api-Key', CANARY],
    ['x-acme-token', CANARY],
    ['cookie', CANARY],
  ])('5: a key in `%s` is masked in the host’s words', async (name, value) => {
    for (const status of [401, 200]) {
      const body = JSON.stringify({ error: { message: `wrong: <${CANARY}>` } });
      const { transport } = scripted([[body]], 'end', status);
      const error = await failureOf(collect(post(transport, { headers: { [name]: value } })));
      expect(String(error)).toContain('wrong');
      expect(inspect(error, { depth: null }) + JSON.stringify(error)).not.toContain('canary');
    }
  });

  it('what the transport throws is passed on', async () => {
    const thrown = new Error('x');
    const transport: Transport = { send: () => Promise.reject(thrown), close: async () => {} };
    expect(await failureOf(collect(post(transport)))).toBe(thrown);
  });

  it('T30: what came before a break is delivered', async () => {
    const reset = new Error('reset');
    const messages = post(scripted([['data: a\n\ndata: b\n\nda']], reset).transport);
    expect((await messages.next()).value).toEqual({ data: 'a' });
    expect((await messages.next()).value).toEqual({ data: 'b' });
    expect(await failureOf(messages.next())).toBe(reset);
  });
});

describe('over real connections', () => {
  const own = createTransport({ provider: 'acme' });
  afterEach(closeLoopbacks);
  afterAll(() => own.close());

  it.each([
    ['our transport', own],
    ['a fetch', fetchTransport('acme', fetch)],
  ])('reads a stream, by %s', async (_, transport) => {
    const server = await startLoopback({
      serve: (socket) => socket.write(CHUNKED + chunk('data: a\n\nda') + chunk('ta: b\n\n') + END),
    });
    const messages = await collect(post(transport, { url: `${server.url}/chat` }));
    expect(messages).toEqual([{ data: 'a' }, { data: 'b' }]);
    expect(server.requests[0]?.body).toBe('{"model":"m"}');
    expect(server.requests[0]?.head).toMatch(/^POST \/chat HTTP/);
  });

  it('an abort ends a stream that hangs, and cuts it', async () => {
    const left = new Error('left');
    const controller = new AbortController();
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED + chunk('data: a\n\n')) });
    const messages = post(own, { url: server.url, signal: controller.signal });
    await messages.next();
    const next = messages.next();
    controller.abort(left);
    await expect(next).rejects.toBe(left);
    await until(() => server.open === 0);
  });

  it('leaving the loop cuts a stream that would go on', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED + chunk('data: a\n\n')) });
    for await (const { data } of post(own, { url: server.url })) {
      expect(data).toBe('a');
      break;
    }
    await until(() => server.open === 0);
  });

  it('429: says when to come back', async () => {
    const server = await startLoopback({
      serve: (socket) => socket.write(answer('{}', '429 Too Many Requests', 'retry-after: 7\r\n')),
    });
    const error = await failureOf(collect(post(own, { url: server.url })));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 });
  });
});
