import { afterEach, describe, expect, it } from 'vitest';
import { type ProviderCall, Secret } from '../../../src/provider-kit/index.ts';
import { CompletionStream } from '../../../src/providers/openai-compatible/completion-stream.ts';
import type { OpenAICompatibleOptions } from '../../../src/providers/openai-compatible/index.ts';
import { OpenAIHost } from '../../../src/providers/openai-compatible/openai-host.ts';
import { failureOf } from '../../contexts.ts';
import {
  answer,
  CHUNKED,
  chunk,
  closeLoopbacks,
  END,
  type Loopback,
  startLoopback,
  turn,
  until,
} from '../../provider-kit/loopback.ts';
import { told } from '../anthropic/wire.ts';
import { chatCall, completion, chunk as piece } from './chat.ts';

afterEach(closeLoopbacks);

const event = (value: unknown): string => chunk(`data: ${JSON.stringify(value)}\n\n`);
const done = chunk('data: [DONE]\n\n') + END;

async function streamOf(
  serve: NonNullable<Parameters<typeof startLoopback>[0]['serve']>,
  facts: Partial<ProviderCall> = {},
  options: Partial<OpenAICompatibleOptions> = {},
) {
  const loopback: Loopback = await startLoopback({ serve });
  const host = new OpenAIHost({
    name: 'acme',
    baseURL: `${loopback.url}/v1`,
    apiKey: 'sk-canary-key',
    ...options,
  });
  return { stream: new CompletionStream(host, chatCall(facts)), host, loopback };
}

async function read(stream: CompletionStream) {
  const batches = [];
  for await (const batch of stream) batches.push(batch);
  return batches;
}

describe('one call', () => {
  it('is one request, and its answer is told as it comes', async () => {
    const { stream, host, loopback } = await streamOf((socket) => {
      socket.write(CHUNKED + event(piece({ content: 'Hel' })));
      setImmediate(() => socket.write(event(piece({ content: 'lo' }, 'stop')) + done));
    });
    expect(told((await read(stream)).flat())).toMatchObject({ text: 'Hello', finish: 'stop' });
    expect(loopback.requests).toHaveLength(1);
    const [heard] = loopback.requests;
    expect(heard?.head).toMatch(/^POST \/v1\/chat\/completions HTTP/);
    expect(heard?.head).toContain('authorization: Bearer sk-canary-key');
    expect(JSON.parse(heard?.body ?? '')).toEqual({
      messages: [{ role: 'user', content: 'Hello' }],
      model: 'model-1',
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    await host.transport.close();
  });

  it('tells what is dropped before it sends anything', async () => {
    const facts = { request: { ...chatCall().request, thinking: { type: 'enabled' } } };
    const { stream, host, loopback } = await streamOf((socket) => {
      socket.write(CHUNKED + event(piece({ content: 'a' }, 'stop')) + done);
    }, facts);
    expect((await stream.next()).value).toMatchObject([{ type: 'warning', warning: { param: 'thinking' } }]);
    expect(loopback.requests).toHaveLength(0);
    expect(told((await read(stream)).flat())).toMatchObject({ text: 'a' });
    expect(loopback.requests).toHaveLength(1);
    await host.transport.close();
  });

  it('HDR-13: tells what the headers of the answer say', async () => {
    const heard: unknown[] = [];
    const headers =
      'x-request-id: req_7\r\nopenai-organization: acme\r\nx-ratelimit-remaining-requests: 3\r\n';
    const { stream, host } = await streamOf(
      (socket) => socket.write(answer(JSON.stringify(completion({ content: 'a' })), '200 OK', headers)),
      { onHead: (head) => heard.push(head) },
    );
    await read(stream);
    expect(heard).toEqual([
      { requestId: 'req_7', organizationId: 'acme', rateLimits: { requests: { remaining: 3 } } },
    ]);
    await host.transport.close();
  });

  it('sends nothing when it is strict and something would be dropped', async () => {
    const facts = { strict: true, request: { ...chatCall().request, thinking: { type: 'enabled' } } };
    const { stream, loopback } = await streamOf((socket) => socket.end(), facts);
    expect(await failureOf(stream.next())).toMatchObject({ code: 'invalid_request', param: 'thinking' });
    expect(loopback.accepted).toBe(0);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it('asks for the answer whole when that is wanted', async () => {
    const { stream, host, loopback } = await streamOf(
      (socket) => socket.write(answer(JSON.stringify(completion({ content: 'Hello' })))),
      { stream: false },
    );
    expect(told((await read(stream)).flat())).toMatchObject({ text: 'Hello', finish: 'stop' });
    expect(JSON.parse(loopback.requests[0]?.body ?? '')).not.toHaveProperty('stream');
    expect(loopback.requests[0]?.head).toContain('accept: application/json');
    await host.transport.close();
  });

  it("sends the caller's own key for one call", async () => {
    const { stream, host, loopback } = await streamOf(
      (socket) => socket.write(answer(JSON.stringify(completion({ content: 'a' })))),
      { apiKey: new Secret('sk-own-key') },
    );
    await read(stream);
    expect(loopback.requests[0]?.head).toContain('authorization: Bearer sk-own-key');
    await host.transport.close();
  });

  it('ERR-60, ERR-61, HDR-3, HDR-13: fails with the words of the host, and without the key', async () => {
    const body = JSON.stringify({
      error: { message: 'Too fast, sk-canary-key', code: 'rate_limit_exceeded' },
    });
    const { stream, host } = await streamOf((socket) =>
      socket.write(answer(body, '429 Too Many Requests', 'retry-after: 7\r\nx-request-id: req_7\r\n')),
    );
    const error = await failureOf(stream.next());
    expect(error).toMatchObject({
      name: 'ProviderError',
      code: 'rate_limited',
      status: 429,
      retryAfterMs: 7_000,
      upstreamRequestId: 'req_7',
      model: 'model-1',
    });
    expect(String(error)).toContain('Too fast');
    expect(String(error)).not.toContain('canary');
    await host.transport.close();
  });

  it.each([
    [301, 'redirect'],
    [204, 'bad_response'],
    [404, 'model_not_found'],
  ])('is no answer with a status of %d: %s', async (status, code) => {
    const { stream, host } = await streamOf((socket) =>
      socket.write(answer(status === 204 ? '' : '{}', `${status} X`)),
    );
    expect(await failureOf(stream.next())).toMatchObject({ code, status });
    await host.transport.close();
  });

  it('names the retirement of a model that is known to be retired', async () => {
    const lifecycle = { retired: '2025-01-01', successor: 'model-2' };
    const { stream, host } = await streamOf(
      (socket) => socket.write(answer('{"error":{"message":"gone"}}', '404 Not Found')),
      {},
      { models: [{ id: 'model-1', lifecycle }] },
    );
    expect(await failureOf(stream.next())).toMatchObject({
      reason: 'model_retired',
      message: expect.stringContaining('model-2'),
    });
    await host.transport.close();
  });

  it('is a failure of the connection when nobody is there', async () => {
    const { stream, host } = await streamOf((socket) => socket.destroy());
    expect(await failureOf(stream.next())).toMatchObject({ name: 'ProviderError', code: 'connection' });
    await host.transport.close();
  });

  it('stops when the signal fires, also before the head of the answer', async () => {
    const controller = new AbortController();
    const { stream, host, loopback } = await streamOf(() => {}, { signal: controller.signal });
    const pending = failureOf(stream.next());
    await until(() => loopback.requests.length === 1);
    controller.abort(new Error('enough'));
    expect(await pending).toMatchObject({ message: 'enough' });
    await until(() => loopback.open === 0);
    await host.transport.close();
  });

  it('STR-26: lets go of its connection when it is left early', async () => {
    const { stream, host, loopback } = await streamOf((socket) =>
      socket.write(CHUNKED + event(piece({ content: 'a' }))),
    );
    await stream.next();
    expect(await stream.return()).toEqual({ value: undefined, done: true });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    await until(() => loopback.open === 0);
    await host.transport.close();
  });

  it('lets go of an answer that comes after it was left', async () => {
    let release = (): void => {};
    const { stream, host, loopback } = await streamOf((socket) => {
      release = () => socket.write(CHUNKED + event(piece({ content: 'a' })));
    });
    const pending = stream.next();
    await until(() => loopback.requests.length === 1);
    await stream.return();
    release();
    expect(await pending).toEqual({ value: undefined, done: true });
    await turn();
    await until(() => loopback.open === 0);
    await host.transport.close();
  });
});
