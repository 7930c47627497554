import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type Batch,
  ConfigError,
  ProviderError,
  type WireResponse,
} from '../../../src/provider-kit/index.ts';
import type { AnthropicOptions } from '../../../src/providers/anthropic/anthropic-options.ts';
import { ClaudeHost } from '../../../src/providers/anthropic/claude-host.ts';
import { ClaudeStream, failed } from '../../../src/providers/anthropic/claude-stream.ts';
import { reply, startUpstream, type Upstream } from '../../../src/testing/index.ts';
import { ask, failureOf } from '../../contexts.ts';
import { until } from '../../provider-kit/loopback.ts';
import { responseOf } from '../../provider-kit/script-response.ts';
import { callOf } from './calls.ts';
import { told } from './wire.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A call to a host that answers as told. */
async function streamTo(
  answer: ReturnType<typeof reply.text> | ReturnType<typeof reply.status> | ReturnType<typeof reply.raw>,
  facts: Parameters<typeof callOf>[0] = {},
  options: Partial<AnthropicOptions> = {},
): Promise<{ stream: ClaudeStream; upstream: Upstream }> {
  const upstream = await startUpstream({ respond: () => answer });
  const host = new ClaudeHost({ apiKey: 'sk-ant-canary-key', baseURL: upstream.url, ...options });
  closing.push(
    () => host.client.close(),
    () => upstream.close(),
  );
  return { stream: new ClaudeStream(host, callOf(facts)), upstream };
}

async function readAll(stream: ClaudeStream): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of stream) batches.push(batch);
  return batches;
}

const gone = (upstream: Upstream): Promise<void> => until(() => upstream.inFlight === 0, 400);

describe('a call', () => {
  it('does nothing before it is read', async () => {
    const { stream, upstream } = await streamTo(reply.text('Hi'));
    await stream.return();
    expect(upstream.accepted).toBe(0);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(upstream.accepted).toBe(0);
  });

  it('is one request, and over when its answer is', async () => {
    const { stream, upstream } = await streamTo(reply.text('Once upon'));
    expect(told((await readAll(stream)).flat())).toMatchObject({ text: 'Once upon', finish: 'stop' });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    await gone(upstream);
    expect(upstream.count).toBe(1);
    expect(upstream.requests[0]?.closedByClient).toBe(false);
  });

  it('tells first what the translation has to say; then the request goes out', async () => {
    const { stream, upstream } = await streamTo(reply.text('Hi'), { request: { ...ask(), seed: 7 } });
    expect((await stream.next()).value).toMatchObject([{ type: 'warning' }]);
    expect(upstream.accepted).toBe(0);
    await stream.next();
    expect(upstream.count).toBe(1);
    await stream.return();
  });

  it.each([
    ['an answer', reply.text('Hi')],
    ['a failure', reply.status(529)],
  ])('RES-17: tells what the headers of %s say', async (_, answer) => {
    const headers = {
      'request-id': 'req_17',
      'anthropic-workspace-id': 'wrkspc_1',
      'anthropic-ratelimit-requests-remaining': '49',
    };
    const onHead = vi.fn();
    const { stream } = await streamTo({ ...answer, headers }, { onHead });
    await readAll(stream).catch(() => undefined);
    expect(onHead.mock.calls).toEqual([
      [
        {
          requestId: 'req_17',
          organizationId: 'org-upstream',
          workspaceId: 'wrkspc_1',
          rateLimits: { requests: { remaining: 49 } },
        },
      ],
    ]);
  });

  it('notes when the answer began, and whose it is', async () => {
    const { stream } = await streamTo(reply.text('Hi'));
    const [start] = (await readAll(stream)).flat();
    expect(start).toMatchObject({ type: 'start', model: 'claude-haiku-4-5-20251001' });
    const { created } = Object(start);
    expect(Math.abs(created - Date.now() / 1000)).toBeLessThan(5);
  });
});

describe('leaving', () => {
  it('STR-26: lets go of an answer that goes on', async () => {
    const { stream, upstream } = await streamTo(reply.text('word '.repeat(1_000), { delayMs: 5 }));
    await stream.next();
    await stream.return();
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    await gone(upstream);
    expect(upstream.requests[0]?.closedByClient).toBe(true);
  });

  it('while the head is awaited lets go of it when it comes', async () => {
    const { stream, upstream } = await streamTo(reply.text('Hi', { firstMs: 20 }));
    const next = stream.next();
    await until(() => upstream.count === 1);
    await stream.return();
    expect(await next).toEqual({ value: undefined, done: true });
    await gone(upstream);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['a model of another house', { model: 'gpt-5' }, { code: 'model_not_found' }],
    [
      'a request that cannot be translated',
      { request: { ...ask(), max_tokens: 0 } },
      { code: 'invalid_request' },
    ],
  ])('before anything is sent: %s', async (_, facts, expected) => {
    const { stream, upstream } = await streamTo(reply.text('Hi'), facts);
    expect(await failureOf(stream.next())).toMatchObject(expected);
    expect(upstream.accepted).toBe(0);
  });

  it.each([
    ['a status', reply.status(529), 'overloaded'],
    ['a web page', reply.raw('<html>'), 'bad_response'],
    ['an error first', reply.errorEvent({ after: 'head', how: 'hang' }), 'overloaded'],
    ['an error later', reply.errorEvent({ answer: reply.text('one two'), how: 'hang' }), 'overloaded'],
    ['no JSON in an event', reply.raw('data: {"\n\n', { how: 'hang' }), 'bad_response'],
  ] as const)('%s: one request, one error, and the connection is let go', async (_, answer, code) => {
    const { stream, upstream } = await streamTo(answer);
    expect(await failureOf(readAll(stream))).toMatchObject({ code, provider: 'anthropic' });
    await gone(upstream);
    // An iterator that threw is at its end: it asks nobody again.
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(upstream.count).toBe(1);
  });

  it.each([400, 401, 404, 429, 500, 529])('STR-1: status %d is an error, and no event', async (status) => {
    const { stream } = await streamTo(reply.status(status));
    const batches: Batch[] = [];
    const reading = (async () => {
      for await (const batch of stream) batches.push(batch);
    })();
    expect(await failureOf(reading)).toMatchObject({ name: 'ProviderError', status });
    expect(batches).toEqual([]);
  });

  it('what a client of the caller’s throws is told in the house’s words', async () => {
    const odd = Object.assign(new Error('canary'), { name: 'AnthropicError' });
    const client = () => ({ post: () => ({ asResponse: () => Promise.reject(odd) }) });
    const { stream } = await streamTo(reply.text('Hi'), {}, { client });
    const error = await failureOf(stream.next());
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code: 'server_error', reason: 'provider_configuration', retryable: false });
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('what the house throws stays as it is', async () => {
    const mine = new ConfigError('no region');
    const client = () => ({ post: () => ({ asResponse: () => Promise.reject(mine) }) });
    const { stream } = await streamTo(reply.text('Hi'), {}, { client });
    expect(await failureOf(stream.next())).toBe(mine);
  });

  it('no credential of ours in what the host says back: neither the key nor a header', async () => {
    const message = 'bad sk-ant-canary-key, bad canary-token-of-a-proxy';
    const headers = { 'x-proxy-token': 'canary-token-of-a-proxy' };
    const { stream } = await streamTo(reply.status(401, { message }), {}, { headers });
    const error = await failureOf(stream.next());
    expect(error).toMatchObject({ code: 'authentication' });
    expect(JSON.stringify(error)).not.toContain('canary');
  });
});

describe('failed', () => {
  const context = { provider: 'anthropic', secrets: [] };
  const body = JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });

  it('reads why, and lets go', async () => {
    const response = responseOf([[body]], 'end', 529);
    expect(await failed(response, context)).toMatchObject({ code: 'overloaded', status: 529 });
    expect(response.finished()).toBe(1);
  });

  it('lets go of a body that breaks, too', async () => {
    const response: WireResponse & { finished: () => number } = responseOf([], new Error('reset'), 500);
    expect(await failed(response, context)).toMatchObject({ code: 'server_error', status: 500 });
    expect(response.finished()).toBe(1);
  });
});
