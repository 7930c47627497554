import { describe, expect, it } from 'vitest';
import { type FetchLike, Secret } from '../../../src/provider-kit/index.ts';
import type { OpenAICompatibleOptions } from '../../../src/providers/openai-compatible/index.ts';
import { OpenAIHost } from '../../../src/providers/openai-compatible/openai-host.ts';
import { failureOf } from '../../contexts.ts';
import { bodyOf } from '../../provider-kit/loopback.ts';

type Sent = { url: string; init: Parameters<FetchLike>[1] };

/** A host that answers nothing, and what it was sent. */
function hostWith(options: Partial<OpenAICompatibleOptions> = {}) {
  const sent: Sent[] = [];
  const fetch: FetchLike = async (url, init) => {
    sent.push({ url, init });
    return new Response('{}');
  };
  const host = new OpenAIHost({
    name: 'acme',
    baseURL: 'https://acme.example/v1',
    apiKey: 'key-1',
    fetch,
    ...options,
  });
  return { host, sent };
}

const signal = new AbortController().signal;
const facts = { model: 'org/model 1', signal, connectMs: 1_000, accept: 'text/event-stream' } as const;

async function post(options: Partial<OpenAICompatibleOptions> = {}, key?: string): Promise<Sent> {
  const { host, sent } = hostWith(options);
  const apiKey = key ?? (await host.reveal({ key: 0 }));
  await host.post('chat', { a: 1 }, apiKey, facts);
  return sent[0]!;
}

describe('a request', () => {
  it('is JSON, with the key as a bearer token', async () => {
    const { url, init } = await post();
    expect(url).toBe('https://acme.example/v1/chat/completions');
    expect(init).toMatchObject({ method: 'POST', body: '{"a":1}' });
    expect(init.headers).toEqual({
      'user-agent': 'runestone',
      accept: 'text/event-stream',
      authorization: 'Bearer key-1',
      'content-type': 'application/json',
    });
  });

  it('has the key in a header of its own for Azure, with a deployment and a version in the URL', async () => {
    const { url, init } = await post({
      baseURL: 'https://res.openai.azure.com/openai/',
      keyHeader: 'api-key',
      query: { 'api-version': '2026-01-01-preview', x: 'a b' },
      paths: { chat: '/deployments/{model}/chat/completions' },
    });
    expect(url).toBe(
      'https://res.openai.azure.com/openai/deployments/org%2Fmodel%201/chat/completions?api-version=2026-01-01-preview&x=a+b',
    );
    expect(init.headers).toMatchObject({ 'api-key': 'key-1' });
    expect(init.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['https://acme.example', 'https://acme.example/chat/completions'],
    ['https://acme.example/', 'https://acme.example/chat/completions'],
    ['https://acme.example/v1/', 'https://acme.example/v1/chat/completions'],
    ['https://acme.example/v1beta/openai/', 'https://acme.example/v1beta/openai/chat/completions'],
    ['https://acme.example/openai/v1', 'https://acme.example/openai/v1/chat/completions'],
    ['http://localhost:11434/v1', 'http://localhost:11434/v1/chat/completions'],
  ])('keeps the path of its base URL: %s', async (baseURL, url) => {
    expect((await post({ baseURL })).url).toBe(url);
  });

  it("brings the caller's headers, but ours go before them, whatever their case", async () => {
    const headers = {
      'OpenAI-Organization': 'org-1',
      'User-Agent': 'mine',
      Authorization: 'Bearer other',
      'Content-Type': 'text/plain',
      ACCEPT: '*/*',
    };
    const { init } = await post({ headers });
    expect(init.headers).toEqual({
      'openai-organization': 'org-1',
      'user-agent': 'mine',
      accept: 'text/event-stream',
      authorization: 'Bearer key-1',
      'content-type': 'application/json',
    });
  });

  it('asks for the models, or what stands for them', async () => {
    const { host, sent } = hostWith({ paths: { models: '/health' } });
    await host.listModels('key-1', signal, 1_000);
    expect(sent[0]).toMatchObject({ url: 'https://acme.example/v1/health', init: { method: 'GET' } });
    expect(sent[0]?.init).not.toHaveProperty('body');
  });

  it('is answered with whatever status there is', async () => {
    const { host } = hostWith({ fetch: async () => new Response('no', { status: 418 }) });
    const response = await host.post('embeddings', {}, 'k', facts);
    expect([response.status, await bodyOf(response)]).toEqual([418, 'no']);
  });
});

describe('the key', () => {
  it('is one of several, each a target of its own', async () => {
    const { host } = hostWith({ apiKey: ['a', () => 'b', async () => 'c'] });
    expect(host.keyLabels).toEqual(['acme[0]', 'acme[1]', 'acme[2]']);
    const keys = await Promise.all([0, 1, 2].map((key) => host.reveal({ key })));
    expect(keys).toEqual(['a', 'b', 'c']);
  });

  it("may be the caller's own for one call", async () => {
    expect(await hostWith().host.reveal({ key: 0, apiKey: new Secret('mine') })).toBe('mine');
    const { host } = hostWith({ keyless: true, apiKey: undefined as never });
    expect(await host.reveal({ key: 0, apiKey: new Secret('mine') })).toBe('mine');
  });

  it('is needed, unless the host is keyless', async () => {
    const { apiKey: _, ...bare } = { name: 'acme', baseURL: 'https://acme.example', apiKey: '' };
    expect(() => new OpenAIHost(bare)).toThrow('acme: apiKey: is missing');
    const host = new OpenAIHost({ ...bare, keyless: true });
    expect(host.keyLabels).toBeUndefined();
    expect(await host.reveal({ key: 0 })).toBe('');
    const { init } = await post({ keyless: true }, '');
    expect(init.headers).not.toHaveProperty('authorization');
  });

  it('is sent to a keyless host that was given one all the same', async () => {
    const { host } = hostWith({ keyless: true, apiKey: 'given' });
    expect(host.keyLabels).toEqual(['acme[0]']);
    expect(await host.reveal({ key: 0 })).toBe('given');
  });

  it('is a failure of authentication when it cannot be read', async () => {
    const { host } = hostWith({ apiKey: () => Promise.reject(new Error('vault: secret path')) });
    const error = await failureOf(host.reveal({ key: 0 }));
    expect(error).toMatchObject({ code: 'authentication' });
    expect(String(error)).not.toContain('vault');
  });

  it('is masked in errors with whatever else only we and the host know', () => {
    const { host } = hostWith({ headers: { 'x-token': 'canary' } });
    expect(host.secrets('key-1')).toEqual(['key-1', 'canary']);
    expect(hostWith().host.secrets('')).toEqual([]);
  });
});

describe('what is known of a model', () => {
  const spec = { id: 'model-1', aliases: ['latest'], contextWindow: 8_000 };

  it('is found by id and by alias', () => {
    const { host } = hostWith({ models: [spec] });
    expect([host.spec('model-1'), host.spec('latest'), host.spec('other')]).toEqual([spec, spec, undefined]);
    expect(hostWith().host.spec('constructor')).toBeUndefined();
  });
});
