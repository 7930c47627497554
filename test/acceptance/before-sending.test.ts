import {
  type CallOptions,
  type ChatRequest,
  isRunestoneError,
  type PoolOptions,
  ProviderPool,
} from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { reply, startUpstream, type Upstream } from 'runestone/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { KEY, question, type Stand, stand } from './lab.ts';

let here: Stand;
let upstream: Upstream;
beforeAll(async () => {
  here = await stand();
  upstream = here.upstream;
});
afterAll(async () => {
  expect(upstream.accepted).toBe(0);
  await here[Symbol.asyncDispose]();
});

/** What a caller in plain JavaScript may hand over. */
const plain = <Type>(value: unknown): Type => value as Type;

/** Both methods must refuse, with the same error, and open no connection. */
async function refused(request: unknown, call?: CallOptions): Promise<Record<string, unknown>> {
  const errors: unknown[] = [];
  for (const method of ['request', 'streamRequest'] as const) {
    errors.push(await failureOf(here.pool[method](plain<ChatRequest>(request), call)));
  }
  for (const error of errors) expect(isRunestoneError(error)).toBe(true);
  const [first, second] = errors.map((error) => Object(error));
  expect([first.code, first.message, first.param]).toEqual([second.code, second.message, second.param]);
  expect(upstream.accepted).toBe(0);
  const { code, message, param, attempts, costUsd } = first;
  return { code, message, param, attempts, costUsd };
}

const user = { role: 'user', content: 'Hi' };
const image = (url: unknown) => ({ type: 'image_url', image_url: { url } });

describe('a wrong field of a request is named by its path', () => {
  it.each<readonly [path: string | null, fields: unknown]>([
    [null, null],
    [null, 'Hi'],
    [null, [user]],
    ['messages', { messages: undefined }],
    ['messages', { messages: [] }],
    ['messages', { messages: 'Hi' }],
    ['messages[0]', { messages: ['Hi'] }],
    ['messages[0].role', { messages: [{ content: 'Hi' }] }],
    ['messages[1].role', { messages: [user, { role: 'robot', content: 'Hi' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
    [
      'messages[0].content[1].type',
      { messages: [{ role: 'user', content: [{ type: 'text', text: '' }, {}] }] },
    ],
    ['messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['messages[0].content[0].image_url', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }],
    ['messages[0].content[0].image_url.url', { messages: [{ role: 'user', content: [image(5)] }] }],
    ['messages[0].content[0].file', { messages: [{ role: 'user', content: [{ type: 'file' }] }] }],
    [
      'messages[1].tool_calls[0].function.name',
      { messages: [user, assistant({ function: { arguments: '{}' } })] },
    ],
    [
      'messages[1].tool_calls[0].function.arguments',
      { messages: [user, assistant({ function: { name: 'f', arguments: {} } })] },
    ],
    ['model', { model: 5 }],
    ['model', { model: '' }],
    ['max_tokens', { max_tokens: 'many' }],
    ['max_completion_tokens', { max_completion_tokens: -1 }],
    ['temperature', { temperature: 'hot' }],
    ['top_p', { top_p: Number.NaN }],
    ['stop', { stop: 5 }],
    ['stop[1]', { stop: ['a', 5] }],
    ['stream_options', { stream_options: 'all' }],
    ['tools', { tools: {} }],
    ['tools[0].type', { tools: [{ function: { name: 'f' } }] }],
    ['tools[0].function', { tools: [{ type: 'function' }] }],
    ['tools[0].function.name', { tools: [{ type: 'function', function: {} }] }],
    ['tool_choice', { tool_choice: 'maybe' }],
    ['parallel_tool_calls', { parallel_tool_calls: 'yes' }],
    ['response_format.type', { response_format: { type: 'xml' } }],
    ['response_format.json_schema', { response_format: { type: 'json_schema' } }],
    ['reasoning_effort', { reasoning_effort: 'heroic' }],
    ['n', { n: 2 }],
    ['seed', { seed: 'lucky' }],
    ['user', { user: 7 }],
    ['metadata', { metadata: 'none' }],
    ['messages[0].content', { messages: [{ role: 'user', content: 1n }] }],
    ['odd', { odd: () => 'a function' }],
  ])('%s', async (param, fields) => {
    const whole = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
    const error = await refused(whole ? { ...question(), ...fields } : fields);
    expect(error).toMatchObject({ code: 'invalid_request', param });
    expect(error['message']).toMatch(/^invalid request: /);
    if (param) expect(error['message']).toContain(`${param}: `);
  });

  function assistant(call: object): object {
    return { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', ...call }] };
  }

  it('all of them at once', async () => {
    const error = await refused({ messages: [{ role: 'x' }], model: 5, n: 3 });
    for (const path of ['messages[0].role: ', 'model: ', 'n: ']) expect(error['message']).toContain(path);
  });

  it.each<readonly [path: string, fields: Partial<ChatRequest>]>([
    [
      'messages[0].content[0]',
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
    ],
    [
      'messages[0].content[0]',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://a.example/i.png' } }] },
        ],
      },
    ],
    ['messages', { messages: [{ role: 'tool', tool_call_id: 'nobody', content: 'x' }] }],
    ['max_completion_tokens', { max_completion_tokens: 0 }],
    // REQ-41: the host would answer this from its edge.
    ['messages', { messages: [{ role: 'user', content: 'x'.repeat(32 * 1024 * 1024) }] }],
  ])('what only Claude cannot take, too: %s', async (path, fields) => {
    const error = await refused({ ...question(), ...fields });
    expect(error).toMatchObject({ code: 'invalid_request', costUsd: 0 });
    expect(String(error['param'])).toContain(path);
  });

  it('what Claude would have dropped with a warning, where a warning is too little', async () => {
    const error = await refused({ ...question(), logit_bias: { 1: 1 } }, { strict: true });
    expect(error).toMatchObject({ code: 'invalid_request', param: 'logit_bias' });
  });
});

describe('nobody to ask', () => {
  it.each([
    [
      'gpt-5',
      'nobody serves the model "gpt-5"; use `provider/model` (providers: anthropic) or an alias (none)',
    ],
    ['openai/gpt-5', 'nobody serves the model "openai/gpt-5"'],
    ['anthropic/gpt-5', 'nobody serves the model "anthropic/gpt-5"'],
    ['claude-opus-4[1m]', 'nobody serves the model "claude-opus-4[1m]"'],
  ])('for the model %s', async (model, message) => {
    const error = await refused(question('Hi', { model }));
    expect(error).toMatchObject({ code: 'no_route', param: 'model', attempts: [] });
    expect(error['message']).toContain(message);
  });

  it('by that name', async () => {
    const error = await refused(question(), { provider: 'openai' });
    expect(error).toMatchObject({ code: 'no_route', param: 'provider' });
    expect(error['message']).toBe('no provider is named "openai" (have: anthropic)');
  });
});

describe('a wrong call', () => {
  it.each<readonly [name: string, call: unknown, message: string]>([
    ['an option that does not exist', { singal: 1 }, 'call options: singal: no such option'],
    ['no signal', { signal: {} }, 'call options: signal: must be an AbortSignal'],
    ['no time', { deadlineMs: 0 }, 'call options: deadlineMs: '],
    ['endless time', { deadlineMs: Number.POSITIVE_INFINITY }, 'call options: deadlineMs: '],
    ['an empty tenant', { tenant: '' }, 'call options: tenant: '],
    ['labels that are none', { metadata: { a: 1 } }, 'call options: metadata.a: '],
    ['a key for nobody', { apiKey: 'sk-x' }, 'call options: apiKey: needs `provider`'],
    ['an empty key', { provider: 'anthropic', apiKey: '' }, 'call options: apiKey: '],
    [
      'a key that forges a header',
      { provider: 'anthropic', apiKey: 'a\r\nb: c' },
      'apiKey: holds a character',
    ],
  ])('has %s', async (_, call, message) => {
    const error = await refused(question(), plain<CallOptions>(call));
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(error['message']).toContain(message);
  });
});

describe('a wrong pool is not made', () => {
  const claude = anthropic({ apiKey: KEY, baseURL: 'http://127.0.0.1:1' });

  it.each<readonly [path: string, options: unknown]>([
    ['providers: ', { providers: [] }],
    ['providers: ', {}],
    ['providers[0].name: ', { providers: [{ stream() {} }] }],
    ['providers[0].stream: ', { providers: [{ name: 'x' }] }],
    ['providers[0].name: ', { providers: [{ name: 'a/b', stream() {} }] }],
    ['providers: two are named "anthropic"', { providers: [claude, claude] }],
    ['provider: no such option', { provider: claude }],
    ['apiKey: no such option', { apiKey: KEY }],
    ['retries: no such option', { retries: 3 }],
    ['retry.attempts: ', { retry: { attempts: 0 } }],
    ['retry.maxRetries: no such option', { retry: { maxRetries: 2 } }],
    ['retry.budget.ratio: ', { retry: { budget: { ratio: -1 } } }],
    ['retry.budget.min: no such option', { retry: { budget: { min: 1 } } }],
    ['breaker.failureThreshold: ', { breaker: { failureThreshold: 1.5 } }],
    ['breaker.threshold: no such option', { breaker: { threshold: 3 } }],
    ['timeouts.idleMs: ', { timeouts: { idleMs: '5s' } }],
    ['timeouts.idle: no such option', { timeouts: { idle: 5 } }],
    ['timeouts.totalMs: ', { timeouts: { totalMs: Number.POSITIVE_INFINITY } }],
    ['cost.limit: no such option', { cost: { limit: 5 } }],
    ['models.fast: ', { models: { fast: [] } }],
    ['models.fast[0]: no provider is named "opnai" (have: anthropic)', { models: { fast: ['opnai/gpt-5'] } }],
    ['middleware[0].name: ', { middleware: [{ attempt() {} }] }],
    ['middleware[0].before: no such option', { middleware: [{ name: 'x', before() {} }] }],
    ['retiredModels: ', { retiredModels: 'ignore' }],
    ['strict: ', { strict: 'yes' }],
  ])('%s', (path, options) => {
    const whole = { ...(path.startsWith('providers') ? {} : { providers: [claude] }), ...Object(options) };
    const make = (): ProviderPool => new ProviderPool(plain<PoolOptions>(whole));
    expect(make).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(make).toThrow(path.includes('named') ? path : `ProviderPool: ${path}`);
  });

  it('lists every fault', () => {
    const options = { providers: [claude], retry: { attempts: 0, tries: 1 }, timeout: 5 };
    const make = (): ProviderPool => new ProviderPool(plain<PoolOptions>(options));
    expect(make).toThrow(/retry\.attempts: .*retry\.tries: no such option.*timeout: no such option/);
  });

  it.each([
    [
      'a missing key',
      { apiKey: '' },
      'anthropic: apiKey: is missing; pass it, or set the environment variable',
    ],
    ['an undefined key', { apiKey: undefined }, 'anthropic: apiKey: is missing'],
    ['an option of the wrong case', { apiKey: KEY, baseUrl: 'https://x.example' }, 'baseUrl: no such option'],
  ])('with a provider that has %s', (_, options, message) => {
    expect(() => anthropic(plain(options))).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(() => anthropic(plain(options))).toThrow(message);
  });

  it('from an environment without a key', () => {
    expect(() => ProviderPool.fromEnv({ env: {} })).toThrow(
      'no provider key is in the environment; set one of: ANTHROPIC_API_KEY',
    );
    expect(() =>
      ProviderPool.fromEnv({ env: {}, providers: { anthropic: { apiKeyEnv: 'CLAUDE_KEY' } } }),
    ).toThrow('set one of: CLAUDE_KEY');
    const env = { ANTHROPIC_API_KEY: KEY };
    expect(() => ProviderPool.fromEnv(plain({ env, retires: 1 }))).toThrow('retires: no such option');
    expect(() => ProviderPool.fromEnv(plain({ env, providers: { anthropic: { basURL: 'x' } } }))).toThrow(
      'anthropic: basURL: no such option',
    );
  });
});

it('asks a provider that nobody knows for no health', async () => {
  await using elsewhere = await startUpstream();
  expect(await failureOf(here.pool.checkHealth('elsewhere'))).toMatchObject({
    code: 'config_invalid',
    message: 'no provider is named "elsewhere" (have: anthropic)',
  });
  expect(elsewhere.accepted).toBe(0);
});

describe('what ended before anything left the process', () => {
  const record = { usage: undefined, costUsd: 0, precision: 'reported' };

  it('costs nothing for sure: a caller who goes while the SDK is being loaded', async () => {
    await using it = await stand();
    const leaving = new AbortController();
    const answer = failureOf(it.pool.request(question(), { signal: leaving.signal }));
    await Promise.resolve();
    leaving.abort();
    expect(await answer).toMatchObject({ code: 'cancelled', costUsd: 0 });
    expect(it.upstream.accepted).toBe(0);
    expect(it.of('cost.recorded')).toMatchObject([{ ...record, outcome: 'cancelled' }]);
    expect(it.pool.stats().total).toMatchObject({
      requests: 0,
      unpriced: 0,
      precision: 'reported',
      inFlight: 0,
    });
  });

  it('says nothing about the target: a request that the translation refuses', async () => {
    await using it = await stand();
    const image = { type: 'image_url' as const, image_url: { url: 'ftp://example.com/cat.png' } };
    const messages = [{ role: 'user' as const, content: [image] }];
    expect(await failureOf(it.pool.request(question('', { messages })))).toMatchObject({
      code: 'invalid_request',
    });
    expect(it.of('cost.recorded')).toMatchObject([{ ...record, outcome: 'error' }]);
    expect(it.pool.stats().total).toMatchObject({ requests: 0, errors: 0, errorRate: undefined });
  });

  it('is no longer so once the request is out', async () => {
    await using it = await stand();
    it.upstream.script(reply.hangBeforeHeaders());
    const leaving = new AbortController();
    const answer = failureOf(it.pool.request(question(), { signal: leaving.signal }));
    await expect.poll(() => it.upstream.requests).toHaveLength(1);
    leaving.abort();
    expect(await answer).toMatchObject({ code: 'cancelled' });
    expect(it.of('cost.recorded')).toMatchObject([{ costUsd: undefined, precision: 'unknown' }]);
    expect(it.pool.stats().total).toMatchObject({ requests: 1, cancelled: 1, unpriced: 1 });
  });
});
