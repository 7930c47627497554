import {
  type AnswerInfo,
  type AnyRunestoneError,
  type CallOptions,
  type ChatCompletion,
  type ChatCompletionChunk,
  type ChatEvent,
  type ChatRequest,
  type ChatStream,
  type HealthCheck,
  isRunestoneError,
  type PoolHealth,
  type PoolOptions,
  type PoolStats,
  type Provider,
  type ProviderInfo,
  ProviderPool,
  type RouteTarget,
  type RunestoneError,
  type TelemetryEvents,
} from 'runestone';
import { type AnthropicOptions, anthropic } from 'runestone/providers/anthropic';
import { maskKey, reply, startUpstream } from 'runestone/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { collect, failureOf } from '../contexts.ts';
import { around, KEY, lastBody, question, stand, wordsOf } from './lab.ts';

/** Checked by the compiler: these fail in `tsc`, not at run time. */
describe('types, as in design 3.13', () => {
  it('options of the pool', () => {
    expectTypeOf<keyof PoolOptions>().toEqualTypeOf<
      | 'providers'
      | 'models'
      | 'defaultModel'
      | 'routing'
      | 'retry'
      | 'breaker'
      | 'timeouts'
      | 'limits'
      | 'hedge'
      | 'shared'
      | 'cost'
      | 'ledger'
      | 'singleFlight'
      | 'autoContinue'
      | 'midStream'
      | 'retiredModels'
      | 'strict'
      | 'middleware'
    >();
    expectTypeOf<PoolOptions['providers']>().toEqualTypeOf<readonly Provider[]>();
    expectTypeOf<PoolOptions['retiredModels']>().toEqualTypeOf<'warn' | 'reject' | 'remap' | undefined>();
    expectTypeOf<false>().toExtend<NonNullable<PoolOptions['retry']>>();
    expectTypeOf<false>().toExtend<NonNullable<PoolOptions['breaker']>>();
    expectTypeOf<'groq/llama'>().toExtend<RouteTarget>();
    expectTypeOf<{ target: string; tier: number; weight: number }>().toExtend<RouteTarget>();
    // @ts-expect-error a word of another library
    expectTypeOf<PoolOptions>().toHaveProperty('maxRetries');
  });

  it('sections of them', () => {
    type Section<Name extends keyof PoolOptions> = keyof Exclude<NonNullable<PoolOptions[Name]>, false>;
    expectTypeOf<Section<'retry'>>().toEqualTypeOf<
      | 'attempts'
      | 'attemptsPerTarget'
      | 'baseDelayMs'
      | 'maxDelayMs'
      | 'retryAfterCapMs'
      | 'preferWaitMs'
      | 'budget'
    >();
    expectTypeOf<Section<'breaker'>>().toEqualTypeOf<
      | 'failureThreshold'
      | 'failureRatio'
      | 'minimumRequests'
      | 'windowMs'
      | 'openMs'
      | 'maxOpenMs'
      | 'slowStartMs'
    >();
    expectTypeOf<Section<'timeouts'>>().toEqualTypeOf<
      'connectMs' | 'firstTokenMs' | 'reasoningFirstTokenMs' | 'idleMs' | 'progressMs' | 'totalMs'
    >();
  });

  it('options of a call, and of a provider', () => {
    expectTypeOf<keyof CallOptions>().toEqualTypeOf<
      | 'signal'
      | 'deadlineMs'
      | 'requestId'
      | 'tenant'
      | 'priority'
      | 'metadata'
      | 'maxCostUsd'
      | 'sessionId'
      | 'strict'
      | 'singleFlight'
      | 'provider'
      | 'apiKey'
    >();
    expectTypeOf<string>().toExtend<AnthropicOptions['apiKey']>();
    expectTypeOf<() => Promise<string>>().toExtend<AnthropicOptions['apiKey']>();
    expectTypeOf<readonly (string | (() => string))[]>().toExtend<AnthropicOptions['apiKey']>();
    expectTypeOf<typeof globalThis.fetch>().toExtend<NonNullable<AnthropicOptions['fetch']>>();
    // @ts-expect-error a key there must be
    expectTypeOf(anthropic).toBeCallableWith({});
  });

  it('what the methods give', () => {
    expectTypeOf<Awaited<ReturnType<ProviderPool['request']>>>().toEqualTypeOf<ChatCompletion>();
    expectTypeOf<Awaited<ReturnType<ProviderPool['streamRequest']>>>().toEqualTypeOf<ChatStream>();
    expectTypeOf<ChatStream>().toExtend<AsyncIterable<ChatCompletionChunk>>();
    expectTypeOf<ChatStream['events']>().returns.toExtend<AsyncIterable<ChatEvent>>();
    expectTypeOf<ChatStream['text']>().returns.toExtend<AsyncIterable<string>>();
    expectTypeOf<ChatStream['completion']>().returns.resolves.toEqualTypeOf<ChatCompletion>();
    expectTypeOf<ChatStream['toResponse']>().returns.toEqualTypeOf<Response>();
    expectTypeOf<ChatStream['runestone']>().toEqualTypeOf<AnswerInfo>();
    expectTypeOf<keyof AnswerInfo>().toEqualTypeOf<
      | 'provider'
      | 'model'
      | 'requestId'
      | 'attempts'
      | 'usage'
      | 'costUsd'
      | 'precision'
      | 'ttftMs'
      | 'durationMs'
      | 'warnings'
      | 'trace'
    >();
    expectTypeOf<ProviderPool['providers']>().returns.toEqualTypeOf<readonly ProviderInfo[]>();
    expectTypeOf<ProviderPool['health']>().returns.toEqualTypeOf<PoolHealth>();
    expectTypeOf<ProviderPool['stats']>().returns.toEqualTypeOf<PoolStats>();
    expectTypeOf<ProviderPool['checkHealth']>().returns.resolves.toEqualTypeOf<HealthCheck>();
    expectTypeOf<ProviderPool>().toExtend<AsyncDisposable>();
  });

  it('`on` narrows by the name, `switch` by the code', () => {
    const pool = new ProviderPool({ providers: [anthropic({ apiKey: KEY })] });
    pool.on('provider.request.stop', (event) => {
      expectTypeOf(event).toExtend<TelemetryEvents['provider.request.stop']>();
      expectTypeOf(event.name).toEqualTypeOf<'provider.request.stop'>();
    });
    pool.on('provider.anthropic.error', ({ code, status }) => {
      expectTypeOf(code).toBeString();
      expectTypeOf(status).toEqualTypeOf<number | undefined>();
    });
    pool.on('*', (event) => {
      if (event.name === 'failover') expectTypeOf(event.from).toBeString();
    });
    // @ts-expect-error no such event
    pool.on('provider.finished', () => {});
    const narrow = (error: AnyRunestoneError): void => {
      if (error.code === 'failover_exhausted')
        expectTypeOf(error.errors).toExtend<readonly RunestoneError[]>();
      if (error.code === 'timeout') expectTypeOf(error.provider).toEqualTypeOf<string>();
      if (error.code === 'cancelled') expectTypeOf(error.provider).toEqualTypeOf<string | undefined>();
    };
    expect(narrow).toBeTypeOf('function');
    expectTypeOf(isRunestoneError).guards.toEqualTypeOf<AnyRunestoneError>();
  });
});

describe('what an answer tells of itself, as in design 3.13', () => {
  const told = {
    requestId: 'mine',
    provider: 'anthropic',
    model: 'claude-haiku-4-5-20251001',
    attempts: 1,
    usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
    costUsd: expect.any(Number),
    precision: 'reported',
    ttftMs: expect.any(Number),
    durationMs: expect.any(Number),
    warnings: [],
    trace: expect.objectContaining({ attempts: [expect.objectContaining({ attempt: 1, outcome: 'ok' })] }),
  };

  it('whole, streamed, and on the last chunk alone', async () => {
    await using it = await stand();
    const call = { requestId: 'mine' };
    const { runestone } = await it.pool.request(question(), call);
    expect(runestone).toMatchObject(told);
    expect(Object.keys(runestone).sort()).toEqual(Object.keys(told).sort());
    const stream = await it.pool.streamRequest(question(), call);
    expect(stream.requestId).toBe('mine');
    const chunks = await collect(stream);
    expect(chunks.map((chunk) => chunk.runestone !== undefined)).toEqual([
      ...chunks.slice(1).map(() => false),
      true,
    ]);
    expect(chunks.at(-1)?.runestone).toMatchObject(told);
    expect(stream.runestone).toMatchObject(told);
    expect((await stream.completion()).runestone).toMatchObject(told);
  });

  it('usage on a chunk only for those who ask for it', async () => {
    await using it = await stand();
    const usages = async (fields: Partial<ChatRequest>): Promise<unknown[]> =>
      (await collect(await it.pool.streamRequest(question('Hi', fields)))).map(({ usage }) => usage);
    expect((await usages({})).every((usage) => usage === undefined)).toBe(true);
    const asked = await usages({ stream_options: { include_usage: true } });
    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(asked.slice(0, -1).every((usage) => usage === null)).toBe(true);
  });

  it('`completion()` before, during and after the reading, and one reader only', async () => {
    await using it = await stand();
    it.upstream.respond(() => reply.text('one two three', { delayMs: 2 }));
    const before = await it.pool.streamRequest(question());
    const [early, words] = [before.text(), before.completion()];
    expect((await collect(early)).join('')).toBe('one two three');
    expect((await words).choices[0]?.message.content).toBe('one two three');
    expect((await before.completion()).choices[0]?.message.content).toBe('one two three');
    expect(() => before.text()).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});

describe('what a pool shows of itself', () => {
  it('providers, health, stats', async () => {
    await using it = await stand();
    expect(it.pool.providers()).toMatchObject([
      { name: 'anthropic', module: 'anthropic', status: 'unknown' },
    ]);
    await it.pool.request(question());
    expect(it.pool.providers()).toMatchObject([
      {
        name: 'anthropic',
        module: 'anthropic',
        status: 'healthy',
        models: expect.arrayContaining(['claude-sonnet-5-5', 'claude-3-opus-20240229']),
        targets: [
          {
            model: 'claude-haiku-4-5-20251001',
            circuit: 'closed',
            inFlight: 0,
            ttftMs: expect.any(Number),
            cooldownUntil: undefined,
          },
        ],
      },
    ]);
    expect(it.pool.health()).toEqual({ status: 'healthy', providers: { anthropic: 'healthy' } });
    const { total, targets } = it.pool.stats();
    const row = targets['anthropic/claude-haiku-4-5-20251001'];
    expect(row).toMatchObject({
      requests: 1,
      errors: 0,
      errorRate: 0,
      retries: 0,
      latencyMs: { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) },
      ttftMs: { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) },
      tokens: { inputTokens: expect.any(Number), outputTokens: expect.any(Number), cacheReadTokens: 0 },
      costUsd: expect.any(Number),
      precision: 'reported',
      circuit: 'closed',
    });
    expect(total).toMatchObject({ requests: 1, costUsd: row?.costUsd, tokens: row?.tokens });
  });

  it('checkHealth: healthy, refused, gone', async () => {
    await using it = await stand();
    expect(await it.pool.checkHealth('anthropic')).toEqual({
      status: 'healthy',
      latencyMs: expect.any(Number),
    });
    it.upstream.respond(() => reply.status(401));
    expect(await it.pool.checkHealth('anthropic')).toMatchObject({ status: 'down', code: 'authentication' });
    await it.upstream.close();
    expect(await it.pool.checkHealth('anthropic')).toMatchObject({ status: 'down', code: 'connection' });
  });
});

describe('the brief’s runtime configuration', () => {
  it('`streamRequest(request, { provider, apiKey })`: one provider, another key, for this call alone', async () => {
    await using other = await startUpstream();
    const upstream = await startUpstream();
    const providers = [
      anthropic({ name: 'main', apiKey: 'our-own-key', baseURL: other.url }),
      anthropic({ name: 'second', apiKey: ['our-second-key', 'our-third-key'], baseURL: upstream.url }),
    ];
    await using it = around(upstream, { providers });
    const request = question();
    await wordsOf(await it.pool.streamRequest(request, { provider: 'second', apiKey: 'their-own-key' }));
    await it.pool.request(request, { provider: 'second' });
    await it.pool.request(request);
    expect(upstream.requests.map(({ key }) => key)).toEqual(['their-own-key', 'our-second-key'].map(maskKey));
    expect(other.requests.map(({ key }) => key)).toEqual([maskKey('our-own-key')]);
    // What their key runs into is no news of ours.
    upstream.script(reply.status(401));
    const error = await failureOf(
      it.pool.request(request, { provider: 'second', apiKey: 'their-wrong-key' }),
    );
    expect(error).toMatchObject({ code: 'authentication', attempts: [{ provider: 'second' }] });
    expect(it.pool.health().providers['second']).toBe('healthy');
  });

  it('`apiKeyEnv`, `defaultModel`, `baseURL`, with and without `/v1`', async () => {
    await using upstream = await startUpstream();
    for (const baseURL of [upstream.url, `${upstream.url}/v1`, `${upstream.url}/v1/`]) {
      const pool = ProviderPool.fromEnv({
        env: { ANTHROPIC_API_KEY: 'not-this-one', CLAUDE_KEY: 'but-this-one' },
        providers: { anthropic: { apiKeyEnv: 'CLAUDE_KEY', defaultModel: 'claude-haiku-4-5', baseURL } },
      });
      await pool.request({ messages: [{ role: 'user', content: 'Hi' }] });
      await pool.close();
      expect(upstream.requests.at(-1)).toMatchObject({ path: '/v1/messages', key: maskKey('but-this-one') });
      expect(lastBody(upstream)['model']).toBe('claude-haiku-4-5-20251001');
    }
  });

  it('`fromEnv` reads ANTHROPIC_BASE_URL; what is said in code wins', async () => {
    await using named = await startUpstream();
    await using said = await startUpstream();
    const env = { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: `${named.url}/v1` };
    const pools = [{}, { providers: { anthropic: { baseURL: said.url } } }];
    for (const options of pools) {
      const pool = ProviderPool.fromEnv({ env, ...options });
      await pool.request(question());
      await pool.close();
    }
    expect([named.count, said.count]).toEqual([1, 1]);
  });

  it('a model of the pool goes before that of its first provider', async () => {
    await using it = await stand({
      claude: { defaultModel: 'claude-opus-5-5' },
      pool: { defaultModel: 'quick', models: { quick: ['anthropic/claude-haiku-5-5'] } },
    });
    await it.pool.request({ messages: [{ role: 'user', content: 'Hi' }] });
    expect(lastBody(it.upstream)['model']).toBe('claude-haiku-5-5');
  });
});
