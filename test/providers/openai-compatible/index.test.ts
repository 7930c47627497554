import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Provider } from '../../../src/provider-kit/index.ts';
import {
  type OpenAICompatibleOptions,
  type OpenAIOptions,
  openai,
  openaiCompatible,
} from '../../../src/providers/openai-compatible/index.ts';
import { maskKey, reply, startUpstream, type Upstream } from '../../../src/testing/index.ts';
import { ask, failureOf } from '../../contexts.ts';
import { thrownBy, told } from '../anthropic/wire.ts';
import { batchesOf, chatCall, eventsOf } from './chat.ts';

let upstream: Upstream;
const providers: Provider[] = [];
const KEY = 'sk-canary-0123456789';

beforeAll(async () => {
  upstream = await startUpstream();
});

afterEach(async () => {
  await Promise.all(providers.splice(0).map((provider) => provider.close?.()));
  upstream.reset();
});

afterAll(() => upstream.close());

function keep(provider: Provider): Provider {
  providers.push(provider);
  return provider;
}

const gpt = (options: Partial<OpenAIOptions> = {}): Provider =>
  keep(openai({ apiKey: KEY, baseURL: `${upstream.url}/v1`, ...options }));

const acme = (options: Partial<OpenAICompatibleOptions> = {}): Provider =>
  keep(openaiCompatible({ name: 'acme', baseURL: `${upstream.url}/openai/v1`, apiKey: KEY, ...options }));

const check = (provider: Provider) =>
  provider.check?.({ signal: new AbortController().signal, key: 0, connectMs: 1_000 });

const last = () => upstream.requests.at(-1);

describe('the provider', () => {
  it('shows name, kind, keys and models', () => {
    expect(gpt()).toMatchObject({
      name: 'openai',
      module: 'openai',
      keys: ['openai[0]'],
      defaultModel: 'gpt-5.5',
    });
    expect(gpt({ name: 'eu', defaultModel: 'gpt-4.1' })).toMatchObject({
      name: 'eu',
      defaultModel: 'gpt-4.1',
    });
    const models = [{ id: 'm', aliases: ['latest'] }];
    expect(acme({ apiKey: ['a', 'b'], models, defaultModel: 'm' })).toMatchObject({
      name: 'acme',
      module: 'openai-compatible',
      keys: ['acme[0]', 'acme[1]'],
      models,
      defaultModel: 'm',
    });
  });

  it('needs no key where there is none', () => {
    const local = keep(openaiCompatible({ name: 'local', baseURL: upstream.url, keyless: true }));
    expect(local).not.toHaveProperty('keys');
  });

  it.each([
    ['no key', () => openai({ apiKey: '' }), 'openai: apiKey: is missing'],
    [
      'no key',
      () => openaiCompatible({ name: 'acme', baseURL: 'https://a.example' }),
      'acme: apiKey: is missing',
    ],
    [
      'plain http to another machine',
      () => acme({ baseURL: 'http://a.example' }),
      'must begin with https://',
    ],
    ['a base URL that is none', () => acme({ baseURL: 'a.example' }), 'acme: baseURL: is not a URL'],
    [
      'an option that does not exist',
      () => gpt({ baseUrl: 'https://a.example' } as never),
      'openai: baseUrl: no such option',
    ],
  ])('complains at once of %s', (_, make, message) => {
    expect(thrownBy(make)).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(message),
    });
  });
});

describe('one attempt', () => {
  it('tells a stream: start, text, usage, what else the host said, finish last', async () => {
    upstream.script(reply.text(['Once ', 'upon']));
    const events = (await batchesOf(gpt())).flat();
    expect(told(events)).toMatchObject({
      text: 'Once upon',
      finish: 'stop',
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      vendor: { system_fingerprint: 'fp_upstream' },
    });
    expect(events[0]).toMatchObject({
      type: 'start',
      id: expect.stringMatching(/^chatcmpl-/),
      model: 'model-1',
    });
    expect(events.at(-1)?.type).toBe('finish');
    expect(last()).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${maskKey(KEY)}` },
    });
  });

  it('tells the same whole', async () => {
    const script = () =>
      upstream.script(reply.tools([{ name: 'f', id: 'call_1', input: { x: 1 } }], { text: 'Let me see.' }));
    script();
    const streamed = await eventsOf(gpt());
    script();
    const whole = await eventsOf(gpt(), chatCall({ stream: false }));
    expect({ ...told(whole), usage: 0 }).toEqual({ ...told(streamed), usage: 0 });
  });

  it("4.5: makes of any request one that OpenAI takes: its check refuses what is not OpenAI's", async () => {
    const request = {
      ...ask(),
      messages: [
        { role: 'developer' as const, content: 'Be kind.' },
        {
          role: 'user' as const,
          content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }],
        },
        {
          role: 'assistant' as const,
          content: null,
          refusal: null,
          reasoning_content: 'hm',
          thinking_blocks: [{ type: 'thinking', thinking: '', signature: 's' }],
          provider_specific_fields: { anthropic: {}, openai: { system_fingerprint: 'fp' } },
          annotations: [],
          tool_calls: [{ id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool' as const, tool_call_id: 'toolu_1', content: '42', is_error: true },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'f', parameters: { type: 'object' } },
          cache_control: { type: 'ephemeral' },
        },
      ],
      max_tokens: 100,
      temperature: 0.2,
      top_p: 0.5,
      stop: ['a', 'b', 'c', 'd', 'e'],
      thinking: { type: 'adaptive' },
      anthropic: { autoCache: true },
    };
    const events = await eventsOf(gpt(), chatCall({ request, model: 'gpt-5.2' }));
    expect(told(events)).toMatchObject({ finish: expect.any(String) });
    expect(told(events).warnings.map(({ param }) => param)).toEqual([
      'thinking',
      'temperature',
      'top_p',
      'stop',
      'messages[3].is_error',
    ]);
    expect(last()?.body).toMatchObject({ model: 'gpt-5.2', max_completion_tokens: 100 });
  });

  it("4.5: leaves sampling to models that do not reason, and at effort 'none'", async () => {
    const request = { ...ask(), temperature: 0.2, max_tokens: 100 };
    await eventsOf(gpt(), chatCall({ request, model: 'gpt-4.1' }));
    expect(last()?.body).toMatchObject({ temperature: 0.2, max_completion_tokens: 100 });
    await eventsOf(gpt(), chatCall({ request: { ...request, reasoning_effort: 'none' }, model: 'gpt-5.5' }));
    expect(last()?.body).toMatchObject({ temperature: 0.2, reasoning_effort: 'none' });
  });

  it("keeps a developer's role for OpenAI, and makes it the system's for others", async () => {
    const request = { messages: [{ role: 'developer' as const, content: 'x' }, ...ask().messages] };
    const roleSent = () => (last()!.body as { messages: { role: string }[] }).messages[0]?.role;
    await eventsOf(gpt(), chatCall({ request }));
    expect(roleSent()).toBe('developer');
    await eventsOf(acme(), chatCall({ request }));
    expect(roleSent()).toBe('system');
  });

  it('fails with the error of the host', async () => {
    upstream.script(reply.status(401));
    expect(await failureOf(eventsOf(gpt()))).toMatchObject({
      code: 'authentication',
      provider: 'openai',
      status: 401,
    });
    upstream.script(reply.errorEvent({ after: 1, answer: reply.text('one two three') }));
    expect(await failureOf(eventsOf(gpt()))).toMatchObject({ code: 'overloaded' });
  });

  it('just ends when the host stops without a finish reason', async () => {
    upstream.script(reply.cut({ after: 1, answer: reply.text('one two three') }));
    expect(told(await eventsOf(gpt()))).toMatchObject({ text: 'one', finish: undefined });
  });

  it('serves a stream of embeddings and one of chats side by side', async () => {
    const call = {
      ...chatCall(),
      request: { model: 'e', input: ['a', 'b'] },
      model: 'text-embedding-3-small',
    };
    const [embedded, events] = await Promise.all([gpt().embed?.(call), eventsOf(gpt())]);
    expect(embedded?.data).toHaveLength(2);
    expect(embedded?.usage?.inputTokens).toBeGreaterThan(0);
    expect(told(events).finish).toBe('stop');
  });
});

describe('a whole answer', () => {
  it.each([
    ['a short cap', { max_completion_tokens: 21_333 }, true],
    ['a long cap', { max_completion_tokens: 21_334 }, false],
    ['a short cap of old', { max_tokens: 100 }, true],
    ['the newer of two caps', { max_tokens: 100_000, max_completion_tokens: 100 }, true],
    ['no cap', {}, false],
  ])('T-8: is waited for when it cannot be long: %s', (_, request, whole) => {
    expect(gpt().answersWhole?.({ ...ask(), ...request }, 'model-1')).toBe(whole);
  });

  it('T-8: knows how long the answers of a model can be', () => {
    const models = [
      { id: 'short', maxOutputTokens: 8_192 },
      { id: 'long', maxOutputTokens: 128_000 },
    ];
    const provider = acme({ models });
    expect(['short', 'long', 'other'].map((model) => provider.answersWhole?.(ask(), model))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the health check', () => {
  it('asks for the models, with the key', async () => {
    await expect(check(acme())).resolves.toBeUndefined();
    expect(last()).toMatchObject({ method: 'GET', path: '/openai/v1/models' });
  });

  it('can ask for something else', async () => {
    upstream.respond(() => reply.status(200, { body: {} }));
    await expect(check(acme({ paths: { models: '/health' } }))).resolves.toBeUndefined();
    expect(last()).toMatchObject({ path: '/openai/v1/health' });
  });

  it('fails with the error of the host', async () => {
    upstream.respond(() => reply.status(401, { message: `bad key ${KEY}` }));
    const error = await failureOf(Promise.resolve(check(gpt())));
    expect(error).toMatchObject({ code: 'authentication', provider: 'openai' });
    expect(String(error)).not.toContain('canary');
  });
});
