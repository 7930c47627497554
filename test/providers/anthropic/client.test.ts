import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FetchLike, WireResponse } from '../../../src/provider-kit/index.ts';
import type {
  AnthropicOptions,
  ClientSettings,
  SdkClient,
} from '../../../src/providers/anthropic/anthropic-options.ts';
import { AnthropicClient, type Message } from '../../../src/providers/anthropic/client.ts';
import { maskKey, reply, startUpstream, type Upstream } from '../../../src/testing/index.ts';
import { startBlackhole } from '../../../src/testing/lab/blackhole.ts';
import { failureOf } from '../../contexts.ts';
import { bodyOf, until } from '../../provider-kit/loopback.ts';
import { sideDoors } from './calls.ts';

let upstream: Upstream;
const clients: AnthropicClient[] = [];

beforeEach(async () => {
  upstream = await startUpstream();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await upstream.close();
});

function clientOf(options: Partial<AnthropicOptions> = {}): AnthropicClient {
  const client = new AnthropicClient('claude', { apiKey: 'unused', baseURL: upstream.url, ...options });
  clients.push(client);
  return client;
}

/** A question whose answer takes the JSON wire, as good as any. */
function message(facts: Partial<Message> = {}): Message {
  return {
    path: '/v1/messages',
    body: { model: 'claude-haiku-4-5', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] },
    headers: { authorization: 'Bearer sk-ant-test-key', 'anthropic-version': '2026-10-21' },
    signal: new AbortController().signal,
    connectMs: 1_000,
    ...facts,
  };
}

async function statusOf(sent: Promise<WireResponse>): Promise<number> {
  const response = await sent;
  response.finish();
  return response.status;
}

describe('a request through the SDK', () => {
  it('T-4: carries the key as a bearer, and no x-api-key', async () => {
    await statusOf(clientOf().send(message()));
    const [request] = upstream.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v1/messages', query: '' });
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${maskKey('sk-ant-test-key')}`,
      'anthropic-version': '2026-10-21',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Anthropic\/JS \d/),
    });
    expect(request?.headers).not.toHaveProperty('x-api-key');
  });

  it('hands out head and body as they came, unread by the SDK', async () => {
    const response = await clientOf().send(message());
    expect(response.status).toBe(200);
    expect(response.headers.get('request-id')).toMatch(/^req_/);
    expect(JSON.parse(await bodyOf(response))).toMatchObject({ type: 'message', stop_reason: 'max_tokens' });
  });

  it.each([
    ['without a path', ''],
    ['with a slash', '/'],
    ['with /v1', '/v1'],
    ['with /v1/', '/v1/'],
    ['below a path of a proxy', '/proxy/v1'],
  ])('takes a base URL %s', async (_, end) => {
    const client = clientOf({ baseURL: upstream.url + end });
    await statusOf(client.send(message()));
    await statusOf(client.get(message({ path: '/v1/models' })));
    const proxy = end.startsWith('/proxy') ? '/proxy' : '';
    expect(upstream.requests.map(({ path }) => path)).toEqual([`${proxy}/v1/messages`, `${proxy}/v1/models`]);
  });

  it('keeps the query of a beta path (T-9)', async () => {
    await statusOf(clientOf().send(message({ path: '/v1/messages?beta=true' })));
    expect(upstream.requests[0]).toMatchObject({ path: '/v1/messages', query: '?beta=true' });
  });

  it('carries headers of the options, whatever their case, and no null', async () => {
    const client = clientOf({ headers: { 'X-Own': 'yes', Cookie: 'a=b' } });
    const headers = { ...message().headers, 'X-Own': 'yes', Cookie: 'a=b', 'anthropic-beta': null };
    await statusOf(client.send(message({ headers })));
    expect(upstream.requests[0]?.headers).toMatchObject({ 'x-own': 'yes', cookie: 'a=b' });
    expect(upstream.requests[0]?.headers).not.toHaveProperty('anthropic-beta');
  });
});

describe('T-5: one call is one request upstream', () => {
  it.each([400, 401, 408, 409, 429, 500, 503, 529])('also on %s', async (status) => {
    upstream.respond(() => reply.status(status, { headers: { 'x-should-retry': 'true' } }));
    expect(await statusOf(clientOf().send(message()))).toBe(status);
    expect(upstream.count).toBe(1);
  });

  it('also when the connection breaks; the error is the transport’s own, not the SDK’s', async () => {
    upstream.respond(() => reply.dropBeforeHeaders('reset', 5));
    expect(await failureOf(clientOf().send(message()))).toMatchObject({
      name: 'ProviderError',
      code: 'connection',
      provider: 'claude',
    });
    expect(upstream.count).toBe(1);
  });

  it('ERR-2: an endless error body is not read by the SDK', async () => {
    upstream.script(reply.raw('{"error"', { status: 500, how: 'hang' }));
    const response = await clientOf().send(message());
    expect(response.status).toBe(500);
    response.finish();
    await until(() => upstream.inFlight === 0);
  });
});

describe('T-6: time belongs to the pool', () => {
  it('BUG-86: the SDK waits for any number of tokens, and warns of nothing', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const body = { ...Object(message().body), max_tokens: 128_000 };
    expect(await statusOf(clientOf().send(message({ body })))).toBe(200);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('BUG-86: no request is without a timeout, or the SDK would set one of its own', async () => {
    const post = vi.fn<SdkClient['post']>(() => ({ asResponse: async () => new Response('{}') }));
    await clientOf({ client: () => ({ post }) }).send(message());
    expect(post.mock.calls[0]?.[1].timeout).toBe(2 ** 31 - 1);
  });

  it('the connect timer is the transport’s', async () => {
    await using nowhere = await startBlackhole();
    const client = clientOf({ baseURL: nowhere.url });
    expect(await failureOf(client.send(message({ connectMs: 30 })))).toMatchObject({
      code: 'timeout',
      phase: 'connect',
    });
  });

  it.each([
    ['before it is sent', 0],
    ['while the head is awaited', 20],
  ])('an abort %s rejects with its own reason', async (_, afterMs) => {
    upstream.respond(() => reply.hangBeforeHeaders());
    const controller = new AbortController();
    const reason = new Error('enough');
    if (afterMs === 0) controller.abort(reason);
    const failing = failureOf(clientOf().send(message({ signal: controller.signal })));
    setTimeout(() => controller.abort(reason), afterMs);
    expect(await failing).toBe(reason);
    await until(() => upstream.inFlight === 0);
    expect(upstream.count).toBe(afterMs === 0 ? 0 : 1);
  });
});

describe('T-4: the environment', () => {
  it('decides nothing: not the host, not the key, not a header, and nothing is logged', async () => {
    await using elsewhere = await startUpstream();
    for (const [name, value] of Object.entries(sideDoors(elsewhere.url))) vi.stubEnv(name, value);
    const methods = ['debug', 'info', 'log', 'warn', 'error'] as const;
    const spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => {}));
    const headers = { ...message().headers, 'anthropic-beta': null };
    const client = clientOf();
    await statusOf(client.send(message({ headers })));
    await statusOf(client.get(message({ path: '/v1/models', headers })));
    const printed = spies.flatMap((spy) => spy.mock.calls);
    for (const spy of spies) spy.mockRestore();
    expect(printed).toEqual([]);
    expect(elsewhere.accepted).toBe(0);
    expect(upstream.requests).toHaveLength(2);
    for (const request of upstream.requests) {
      expect(JSON.stringify(request)).not.toContain('canary');
      expect(request.key).toBe(maskKey('sk-ant-test-key'));
      expect(Object.keys(request.headers).filter((name) => /evil|canary|beta|cookie/.test(name))).toEqual([]);
    }
  });

  it('cannot take away what the request says itself', async () => {
    vi.stubEnv('ANTHROPIC_CUSTOM_HEADERS', 'anthropic-workspace-id: theirs\nanthropic-beta: theirs');
    const headers = { ...message().headers, 'anthropic-workspace-id': 'ours', 'anthropic-beta': 'ours' };
    await statusOf(clientOf().send(message({ headers })));
    expect(upstream.requests[0]?.headers).toMatchObject({
      'anthropic-workspace-id': 'ours',
      'anthropic-beta': 'ours',
    });
  });
});

describe('a client of the caller’s own', () => {
  /** A client of the SDK family, as small as it gets. */
  function factory(post: SdkClient['post']) {
    const given: ClientSettings[] = [];
    const client = (settings: ClientSettings): SdkClient => {
      given.push(settings);
      return { post };
    };
    return { client, given };
  }

  it('is made once, on the first request, with retries, timers and logs off', async () => {
    const { client, given } = factory(() => ({ asResponse: async () => new Response('{}') }));
    const owner = clientOf({ client });
    expect(given).toHaveLength(0);
    await Promise.all([owner.send(message()), owner.send(message())]);
    const off = { maxRetries: 0, timeout: 2 ** 31 - 1, logLevel: 'off', openTelemetry: false };
    expect(given).toEqual([{ ...off, fetch: expect.any(Function) }]);
  });

  it('is made anew after it could not be made', async () => {
    let tries = 0;
    const client = (): SdkClient => {
      tries += 1;
      if (tries === 1) throw new TypeError('canary');
      return { post: () => ({ asResponse: async () => new Response('{}') }) };
    };
    const owner = clientOf({ client });
    const error = await failureOf(owner.send(message()));
    expect(error).toMatchObject({
      code: 'server_error',
      reason: 'provider_configuration',
      retryable: false,
      message: 'claude: the SDK client could not be made (TypeError)',
    });
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(await statusOf(owner.send(message()))).toBe(200);
    await owner.send(message());
    expect(tries).toBe(2);
  });

  it('sends through our transport when it uses the `fetch` it was given, with headers of its own', async () => {
    const client = (settings: ClientSettings): SdkClient => {
      return {
        post: (path, { fetchOptions, headers }) => ({
          asResponse: () => {
            const known = Object.entries(headers).filter((pair): pair is [string, string] => !!pair[1]);
            const signed = { ...Object.fromEntries(known), 'x-amz-date': '20261122T000000Z' };
            const url = `${upstream.url}${path}`;
            return settings.fetch(url, { method: 'POST', headers: signed, body: '{}', ...fetchOptions });
          },
        }),
      };
    };
    expect(await statusOf(clientOf({ client }).send(message()))).toBe(400);
    expect(upstream.requests).toMatchObject([{ headers: { 'x-amz-date': '20261122T000000Z' } }]);
  });

  it('may rewrite the body of an answer', async () => {
    const client = ({ fetch }: ClientSettings): SdkClient => ({
      post: (path, { fetchOptions }) => ({
        asResponse: async () => {
          const { body } = await fetch(`${upstream.url}${path}`, { method: 'POST', ...fetchOptions });
          return new Response(`rewritten: ${await new Response(body).text()}`);
        },
      }),
    });
    upstream.script(reply.raw('hello'));
    const response = await clientOf({ client }).send(message());
    expect(await bodyOf(response)).toBe('rewritten: hello');
    expect(response.headers.get('content-type')).toContain('event-stream');
  });

  it('may answer by a road of its own', async () => {
    const { client } = factory(() => ({
      asResponse: async () => new Response('hello', { status: 418, headers: { 'request-id': 'req_own' } }),
    }));
    const response = await clientOf({ client }).send(message());
    expect([response.status, response.headers.get('request-id')]).toEqual([418, 'req_own']);
    expect(await bodyOf(response)).toBe('hello');
  });

  it('may fail in its own words, which are handed on', async () => {
    const failure = new TypeError('no region');
    const { client } = factory(() => ({ asResponse: () => Promise.reject(failure) }));
    expect(await failureOf(clientOf({ client }).send(message()))).toBe(failure);
  });

  it('gets the headers as they are: `null` is its way to keep one out', async () => {
    const post = vi.fn<SdkClient['post']>(() => ({ asResponse: async () => new Response('{}') }));
    const headers = { ...message().headers, 'anthropic-beta': null };
    await clientOf({ client: () => ({ post }) }).send(message({ headers }));
    expect(post).toHaveBeenCalledWith(
      '/v1/messages',
      expect.objectContaining({ headers, maxRetries: 0, stream: false, body: message().body }),
    );
  });
});

describe('a `fetch` of the caller’s own', () => {
  it('sends requests and checks alike', async () => {
    const urls: string[] = [];
    const fetch: FetchLike = async (url) => {
      urls.push(url);
      return new Response('{}');
    };
    const client = clientOf({ fetch, baseURL: 'https://claude.example' });
    await client.send(message());
    await client.get(message({ path: '/v1/models' }));
    expect(urls).toEqual(['https://claude.example/v1/messages', 'https://claude.example/v1/models']);
  });
});

it('keeps to the number of connections it was given: more requests wait', async () => {
  upstream.respond(() => reply.text('Hi', { firstMs: 5 }));
  const client = clientOf({ connections: 2 });
  const responses = Array.from({ length: 6 }, () => client.send(message()).then(bodyOf));
  await Promise.all(responses);
  expect([upstream.count, upstream.accepted]).toEqual([6, 2]);
});

describe('close', () => {
  it('lets go of every connection, in use or not, and sends nothing more', async () => {
    const client = clientOf();
    await statusOf(client.send(message()));
    upstream.script(reply.stall());
    const streamed = { ...Object(message().body), stream: true };
    const response = await client.send(message({ body: streamed }));
    expect(upstream.connections).toBeGreaterThan(0);
    await client.close();
    await until(() => upstream.connections === 0);
    expect(await failureOf(bodyOf(response))).toMatchObject({ code: expect.any(String) });
    expect(await failureOf(client.send(message()))).toMatchObject({ code: 'connection' });
    expect(upstream.count).toBe(2);
  });

  it('is fine before the first request', async () => {
    await expect(clientOf().close()).resolves.toBeUndefined();
  });
});

it.each(['not a url', 'ftp://claude.example', 'http://claude.example', 'https://u:p@claude.example'])(
  'refuses the base URL %s when it is made',
  (baseURL) => {
    expect(() => clientOf({ baseURL })).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(clientOf({ baseURL: 'http://claude.example', allowHttp: true })).toBeInstanceOf(AnthropicClient);
  },
);
