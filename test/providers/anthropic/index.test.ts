import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Provider, Secret } from '../../../src/provider-kit/index.ts';
import { type AnthropicOptions, anthropic } from '../../../src/providers/anthropic/index.ts';
import { maskKey, reply, startUpstream, type Upstream } from '../../../src/testing/index.ts';
import { ask, failureOf } from '../../contexts.ts';
import { until } from '../../provider-kit/loopback.ts';
import { batchesOf, callOf, eventsOf, sideDoors, textOf } from './calls.ts';
import { told } from './wire.ts';

let upstream: Upstream;
const providers: Provider[] = [];

beforeAll(async () => {
  upstream = await startUpstream();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(providers.splice(0).map((provider) => provider.close?.()));
  upstream.reset();
});

afterAll(() => upstream.close());

const KEY = 'sk-ant-canary-key';

function claude(options: Partial<AnthropicOptions> = {}): Provider {
  const provider = anthropic({ apiKey: KEY, baseURL: upstream.url, ...options });
  providers.push(provider);
  return provider;
}

const check = (provider: Provider, facts: Partial<Parameters<NonNullable<Provider['check']>>[0]> = {}) =>
  provider.check?.({ signal: new AbortController().signal, key: 0, connectMs: 1_000, ...facts });

const last = () => upstream.requests.at(-1);
const bodyOf = (): Record<string, unknown> => Object(last()?.body);

describe('the provider', () => {
  it('shows name, kind, keys and a current default model', () => {
    expect(claude()).toMatchObject({
      name: 'anthropic',
      module: 'anthropic',
      keys: ['anthropic[0]'],
      defaultModel: 'claude-sonnet-5-5',
    });
    const named = claude({ name: 'eu', defaultModel: 'claude-haiku-4-5', apiKey: ['a', 'b'] });
    expect(named).toMatchObject({
      name: 'eu',
      module: 'anthropic',
      keys: ['eu[0]', 'eu[1]'],
      defaultModel: 'claude-haiku-4-5-20251001',
    });
  });

  it.each([
    ['claude-3-5-sonnet', 'claude-3-5-sonnet-20241022'],
    ['anthropic/claude-sonnet-5.5', 'claude-sonnet-5-5'],
    ['claude-opus-9-9', 'claude-opus-9-9'],
    ['gpt-5', undefined],
  ])('MOD-1: serves %s as %s', (name, id) => {
    expect(claude().resolveModel?.(name)).toBe(id);
  });

  it.each([
    ['no key', { apiKey: '' }, 'anthropic: apiKey: is missing'],
    ['a blank key', { apiKey: ' \n' }, 'anthropic: apiKey: is missing'],
    ['no key in the list', { apiKey: [] }, 'anthropic: apiKey: is missing'],
    ['a key that forges a header', { apiKey: 'a\r\nx: y' }, 'cannot stand in a header'],
    ['a base URL that is none', { baseURL: 'claude.example' }, 'anthropic: baseURL: is not a URL'],
    ['plain http to another machine', { baseURL: 'http://claude.example' }, 'must begin with https://'],
    ['a default model of another house', { defaultModel: 'gpt-5' }, 'anthropic: defaultModel: "gpt-5"'],
    ['an option that does not exist', { baseUrl: 'https://x.example' }, 'anthropic: baseUrl: no such option'],
  ])('complains at once of %s', (_, options, message) => {
    const make = (): unknown => claude(options as Partial<AnthropicOptions>);
    expect(make).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(make).toThrow(message);
  });
});

describe('one attempt', () => {
  it('asks for a stream and tells it: start, text, usage, what else the host said, finish last', async () => {
    upstream.script(reply.text(['Once ', 'upon']));
    const batches = await batchesOf(claude());
    const events = batches.flat();
    expect(told(events)).toMatchObject({
      text: 'Once upon',
      finish: 'stop',
      raw: 'end_turn',
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      vendor: { model: 'claude-haiku-4-5-20251001', stop_reason: 'end_turn' },
    });
    expect(events[0]).toMatchObject({ type: 'start', id: expect.stringMatching(/^msg_/) });
    expect(events.at(-1)?.type).toBe('finish');
    expect(upstream.count).toBe(1);
  });

  it('T-1: speaks the version that its rules follow', async () => {
    await textOf(claude());
    expect(last()?.headers).toMatchObject({
      'anthropic-version': '2026-10-21',
      authorization: `Bearer ${maskKey(KEY)}`,
    });
    expect(last()?.headers).not.toHaveProperty('x-api-key');
    expect(last()?.headers).not.toHaveProperty('anthropic-beta');
  });

  it('T-3: speaks the older version where it is told to, and then sampling parameters go along', async () => {
    const request = { ...callOf().request, temperature: 0.5 };
    await textOf(claude({ apiVersion: '2023-06-01' }), callOf({ request }));
    expect(last()?.headers['anthropic-version']).toBe('2023-06-01');
    expect(bodyOf()).toMatchObject({ temperature: 0.5 });
    const events = await eventsOf(claude(), callOf({ request }));
    expect(bodyOf()).not.toHaveProperty('temperature');
    expect(told(events).warnings).toMatchObject([{ code: 'unsupported_parameter', param: 'temperature' }]);
  });

  it('T-9: goes to the beta endpoint only when something needs a beta', async () => {
    await textOf(claude());
    expect(last()).toMatchObject({ path: '/v1/messages', query: '' });
    const request = { ...callOf().request, betas: ['one-2026-01-01', 'two-2026-01-01'] };
    await textOf(claude(), callOf({ request }));
    expect(last()).toMatchObject({
      path: '/v1/messages',
      query: '?beta=true',
      headers: { 'anthropic-beta': 'one-2026-01-01,two-2026-01-01' },
    });
    expect(bodyOf()).not.toHaveProperty('betas');
  });

  it('carries headers of the options; what the request says itself wins', async () => {
    const headers = { 'X-Team': 'blue', 'Anthropic-Version': '1999-01-01' };
    await textOf(claude({ headers }));
    expect(last()?.headers).toMatchObject({ 'x-team': 'blue', 'anthropic-version': '2026-10-21' });
  });

  it('warns before anything is sent, and refuses instead where that is wanted', async () => {
    const request = { ...ask(), seed: 7 };
    const [first] = await batchesOf(claude(), callOf({ request }));
    expect(first).toMatchObject([{ type: 'warning', warning: { param: 'seed' } }]);
    upstream.reset();
    expect(await failureOf(eventsOf(claude(), callOf({ request, strict: true })))).toMatchObject({
      code: 'invalid_request',
      param: 'seed',
    });
    expect(upstream.count).toBe(0);
  });

  it('sends nothing for a model that is not Claude', async () => {
    expect(await failureOf(eventsOf(claude(), callOf({ model: 'gpt-5' })))).toMatchObject({
      code: 'model_not_found',
      provider: 'anthropic',
    });
    expect(upstream.count).toBe(0);
  });
});

describe('T-8: the JSON wire', () => {
  it.each([
    [1, true],
    [21_333, true],
    [21_334, false],
    [undefined, false],
  ])('BUG-86: is for answers that may be waited for: max_tokens %s', (max_completion_tokens, whole) => {
    const request = { ...ask(), ...(max_completion_tokens !== undefined && { max_completion_tokens }) };
    expect(claude().answersWhole?.(request, 'claude-haiku-4-5-20251001')).toBe(whole);
  });

  it('is for no model that may be replaced by one with longer answers, and for none that is not ours', () => {
    const request = { ...ask(), max_tokens: 100 };
    expect(claude().answersWhole?.(request, 'claude-3-haiku-20240307')).toBe(false);
    expect(claude().answersWhole?.(request, 'gpt-5')).toBe(false);
  });

  it('tells the same as the stream', async () => {
    upstream.respond(() => reply.text(['Once ', 'upon']));
    const streamed = told(await eventsOf(claude()));
    expect(bodyOf()).toMatchObject({ stream: true });
    const whole = told(await eventsOf(claude(), callOf({ stream: false })));
    expect(bodyOf()).not.toMatchObject({ stream: true });
    expect({ ...whole, vendor: {} }).toEqual({ ...streamed, vendor: {} });
  });
});

describe('T-5: a failure is told once, with one request', () => {
  it.each([
    [429, 'rate_limited', { 'retry-after': '7' }, 7_000],
    [500, 'server_error', {}, undefined],
    [529, 'overloaded', {}, undefined],
  ])('%s is %s', async (status, code, headers, retryAfterMs) => {
    upstream.respond(() => reply.status(status, { headers }));
    const error = await failureOf(eventsOf(claude({ name: 'eu' })));
    expect(error).toMatchObject({
      code,
      status,
      provider: 'eu',
      model: 'claude-haiku-4-5-20251001',
      upstreamRequestId: expect.stringMatching(/^req_/),
    });
    expect(error).toHaveProperty(...((retryAfterMs ? ['retryAfterMs', retryAfterMs] : ['code']) as [string]));
    expect(upstream.count).toBe(1);
  });

  it('no key in what the host says back of it', async () => {
    upstream.respond(() => reply.status(401, { message: `invalid key ${KEY}` }));
    const error = await failureOf(eventsOf(claude()));
    expect(error).toMatchObject({ code: 'authentication' });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('canary');
  });

  it('ERR-62: a path in the host’s words becomes the caller’s', async () => {
    upstream.script(reply.status(400, { message: 'messages.0.content.0.text: too rude' }));
    const request = { messages: [{ role: 'system', content: 'Be kind.' } as const, ...ask('Hi').messages] };
    expect(await failureOf(eventsOf(claude(), callOf({ request })))).toMatchObject({
      code: 'invalid_request',
      param: 'messages[1].content',
    });
  });

  it('nobody listens', async () => {
    const gone = await startUpstream();
    await gone.close();
    expect(await failureOf(eventsOf(claude({ baseURL: gone.url })))).toMatchObject({
      code: 'connection',
      retryable: false,
    });
  });
});

describe('T-4: the environment and the console', () => {
  it('the one decides nothing, the other shows nothing, not even of a model near its end', async () => {
    await using elsewhere = await startUpstream();
    for (const [name, value] of Object.entries(sideDoors(elsewhere.url))) vi.stubEnv(name, value);
    const methods = ['debug', 'info', 'log', 'warn', 'error'] as const;
    const spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => {}));
    const provider = claude();
    const thinking = { type: 'enabled', budget_tokens: 1_024 };
    const request = { ...ask('question'), thinking, max_completion_tokens: 2_000 };
    for (const model of ['claude-sonnet-4-5-20250929', 'claude-3-opus-20240229', 'claude-opus-4-6']) {
      await textOf(provider, callOf({ model, request }));
    }
    await check(provider);
    const printed = spies.flatMap((spy) => spy.mock.calls);
    for (const spy of spies) spy.mockRestore();
    expect(printed).toEqual([]);
    expect(elsewhere.accepted).toBe(0);
    expect(upstream.requests).toHaveLength(4);
    expect(JSON.stringify(upstream.requests)).not.toContain('canary');
    expect(new Set(upstream.requests.map(({ key }) => key))).toEqual(new Set([maskKey(KEY)]));
  });
});

describe('keys', () => {
  const keysSent = () => upstream.requests.map(({ key }) => key);

  it('of a list are chosen by the call', async () => {
    const provider = claude({ apiKey: ['first-key', () => 'second-key'] });
    for (const key of [1, 0]) await textOf(provider, callOf({ key }));
    expect(keysSent()).toEqual([maskKey('second-key'), maskKey('first-key')]);
  });

  it('from a function are read anew for each attempt', async () => {
    let turn = 0;
    const provider = claude({ apiKey: async () => `key-number-${++turn}` });
    await textOf(provider);
    await textOf(provider);
    await check(provider);
    expect(keysSent()).toEqual([1, 2, 3].map((n) => maskKey(`key-number-${n}`)));
  });

  it('of the caller’s own go before ours, for this call alone', async () => {
    const provider = claude();
    await textOf(provider, callOf({ apiKey: new Secret('their-own-key') }));
    await check(provider, { apiKey: new Secret('their-own-key') });
    await textOf(provider);
    expect(keysSent()).toEqual([maskKey('their-own-key'), maskKey('their-own-key'), maskKey(KEY)]);
  });

  it('that cannot be had fail the attempt before anything is sent', async () => {
    const provider = claude({
      apiKey: () => {
        throw new Error(`vault says ${KEY}`);
      },
    });
    const error = await failureOf(eventsOf(provider));
    expect(error).toMatchObject({ code: 'authentication', provider: 'anthropic' });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('canary');
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('the end of an attempt', () => {
  it('an abort rejects with its reason and cuts the connection', async () => {
    upstream.script(reply.stall());
    const controller = new AbortController();
    const reason = new Error('enough');
    const provider = claude();
    const reading = failureOf(
      (async () => {
        for await (const _ of provider.stream(callOf({ signal: controller.signal })))
          controller.abort(reason);
      })(),
    );
    expect(await reading).toBe(reason);
    await until(() => upstream.inFlight === 0, 150);
    expect(last()?.closedByClient).toBe(true);
  });

  it('a consumer who leaves cuts the connection', async () => {
    upstream.script(reply.text('word '.repeat(1_000), { delayMs: 5 }));
    for await (const _ of claude().stream(callOf())) break;
    await until(() => upstream.inFlight === 0, 250);
    expect(last()?.closedByClient).toBe(true);
  });

  it('two streams of one provider do not mix', async () => {
    upstream.respond(({ body }) => {
      const said = JSON.stringify(body).includes('one') ? 'one ' : 'two ';
      return reply.text(said.repeat(20), { delayMs: 1 });
    });
    const provider = claude();
    const texts = ['one', 'two'].map((word) => textOf(provider, callOf({ request: ask(word) })));
    expect(await Promise.all(texts)).toEqual(['one '.repeat(20), 'two '.repeat(20)]);
  });

  it('close lets go of every connection', async () => {
    const provider = claude();
    await textOf(provider);
    await provider.close?.();
    await until(() => upstream.connections === 0);
    expect(await failureOf(eventsOf(provider))).toMatchObject({ code: 'connection' });
  });
});

describe('a client of the caller’s own', () => {
  const client = (): never => {
    throw new Error('not called');
  };

  it('needs no key and no target for each, and is not checked by a call that its host may not know', () => {
    const provider = anthropic({ client });
    expect(provider.keys).toBeUndefined();
    expect(provider.check).toBeUndefined();
    expect(claude().check).toBeDefined();
  });

  it('without it, a key is needed', () => {
    const options = {} as AnthropicOptions;
    expect(() => anthropic(options)).toThrow(
      expect.objectContaining({ code: 'config_invalid', param: 'apiKey' }),
    );
  });
});

describe('modelIds', () => {
  const modelIds = { 'claude-haiku-4-5': 'us.haiku' };

  it('serve a model by either name, and send the host’s', async () => {
    const provider = claude({ modelIds });
    const names = ['us.haiku', 'claude-haiku-4-5', 'claude-haiku-4-5-20251001'];
    expect(names.map((name) => provider.resolveModel?.(name))).toEqual(
      Array(3).fill('claude-haiku-4-5-20251001'),
    );
    expect(provider.resolveModel?.('eu.haiku')).toBeUndefined();
    await textOf(provider);
    expect(bodyOf()['model']).toBe('us.haiku');
  });

  it('a model that is not named keeps its id', async () => {
    await textOf(claude({ modelIds }), callOf({ model: 'claude-opus-5-5' }));
    expect(bodyOf()['model']).toBe('claude-opus-5-5');
  });

  it('MOD-4: the successor of a retired model is sent by its name here', async () => {
    const ids = { 'claude-haiku-4-5': 'us.haiku' };
    const call = callOf({ model: 'claude-3-5-haiku-20241022', retiredModels: 'remap' });
    await textOf(claude({ modelIds: ids }), call);
    expect(bodyOf()['model']).toBe('us.haiku');
  });

  it('are counted by', async () => {
    await claude({ modelIds }).countTokens?.(callOf());
    expect(bodyOf()['model']).toBe('us.haiku');
  });
});

describe('check', () => {
  it('asks for the cheapest thing there is, with key and version', async () => {
    await expect(check(claude())).resolves.toBeUndefined();
    expect(last()).toMatchObject({
      method: 'GET',
      path: '/v1/models',
      query: '?limit=1',
      key: maskKey(KEY),
      headers: { 'anthropic-version': '2026-10-21' },
    });
    expect(upstream.count).toBe(0);
  });

  it.each([
    [401, 'authentication'],
    [529, 'overloaded'],
    [404, 'model_not_found'],
  ])('rejects by the status: %s is %s', async (status, code) => {
    upstream.respond(() => reply.status(status));
    expect(await failureOf(Promise.resolve(check(claude())))).toMatchObject({ code, status });
  });

  it('rejects when nobody listens, and when it is called off', async () => {
    const gone = await startUpstream();
    await gone.close();
    const refused = claude({ baseURL: gone.url });
    expect(await failureOf(Promise.resolve(check(refused)))).toMatchObject({ code: 'connection' });
    upstream.respond(() => reply.hangBeforeHeaders());
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    expect(await failureOf(Promise.resolve(check(claude(), { signal })))).toBe(reason);
  });
});

describe('with msw', () => {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledRequest: 'bypass' }));
  afterAll(() => server.close());

  it('answers through `fetch: globalThis.fetch`', async () => {
    const seen: string[] = [];
    server.use(
      http.post('https://api.anthropic.com/v1/messages', async ({ request }) => {
        seen.push(request.headers.get('authorization') ?? '');
        return HttpResponse.json({
          ...{ id: 'msg_msw', type: 'message', role: 'assistant', model: 'claude-haiku-4-5-20251001' },
          content: [{ type: 'text', text: 'mocked' }],
          ...{ stop_reason: 'end_turn', usage: { input_tokens: 1, output_tokens: 1 } },
        });
      }),
    );
    const { fetch } = globalThis;
    const mocked = anthropic({ apiKey: KEY, fetch });
    expect(await textOf(mocked, callOf({ stream: false }))).toBe('mocked');
    expect(seen).toEqual([`Bearer ${KEY}`]);
  });
});
