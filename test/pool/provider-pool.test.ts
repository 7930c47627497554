import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatRequest } from '../../src/chat/request.ts';
import { ConfigError, FailoverError, InvalidRequestError, PoolClosedError } from '../../src/errors/index.ts';
import type { Middleware, RequestContext } from '../../src/pipeline/middleware.ts';
import type { CallOptions, PoolOptions } from '../../src/pool/options.ts';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import type { AnyTelemetryEvent } from '../../src/telemetry/events.ts';
import {
  type Scripted,
  type ScriptedProvider,
  scriptedProvider,
} from '../../src/testing/scripted-provider.ts';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { startUpstream } from '../../src/testing/upstream/index.ts';
import { ask, collect, EPOCH_MS, failureOf, silent } from '../contexts.ts';

/** A pool of one scripted provider, on the clock of the (faked) timers and without chance. */
function poolOf(
  steps: readonly Scripted[],
  options: Partial<PoolOptions> = {},
  more: Parameters<typeof scriptedProvider>[2] = {},
): { pool: ProviderPool; provider: ScriptedProvider; told: AnyTelemetryEvent[] } {
  const provider = scriptedProvider('a', steps, more);
  const pool = new ProviderPool(
    { providers: [provider], ...options },
    { nowMs: () => performance.now(), epochMs: () => EPOCH_MS, random: () => 0.5 },
  );
  const told: AnyTelemetryEvent[] = [];
  pool.on('*', (event) => told.push(event));
  return { pool, provider, told };
}

const ok = replies(['Once ', 'upon']);
const contentOf = async (answer: ReturnType<ProviderPool['request']>): Promise<string | null | undefined> =>
  (await answer).choices[0]?.message.content;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a new pool', () => {
  it('complains of every wrong option before anything is sent', () => {
    const { provider } = poolOf([ok]);
    const make = () =>
      new ProviderPool({
        providers: [provider, provider],
        retry: { attempts: Number.NaN },
        timeouts: { idleMs: 0 },
      });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(/retry\.attempts: .+; timeouts\.idleMs: /);
    expect(provider.calls).toHaveLength(0);
  });

  it('complains of an alias that leads nowhere, and of a price that is none', () => {
    expect(() => poolOf([ok], { models: { fast: ['b/x'] } })).toThrow(
      'models.fast[0]: no provider is named "b"',
    );
    const prices = { 'a/m': { inputUsdPerMTok: 2e9, outputUsdPerMTok: 1 } };
    expect(() => poolOf([ok], { cost: { prices } })).toThrow("cost.prices['a/m'].inputUsdPerMTok");
  });

  it('keeps no timer and sends nothing (INV-37)', () => {
    const { provider } = poolOf([ok]);
    expect(vi.getTimerCount()).toBe(0);
    expect(provider.calls).toHaveLength(0);
  });

  it('does not notice when its options are changed afterwards', async () => {
    const provider = scriptedProvider('a', [ok]);
    const providers = [provider];
    const pool = new ProviderPool({ providers });
    providers.length = 0;
    expect(await contentOf(pool.request(ask()))).toBe('Once upon');
    expect(pool.providers()).toHaveLength(1);
  });

  it('shares nothing with another (H16)', async () => {
    const one = poolOf([fails('authentication')]);
    const other = poolOf([ok]);
    await failureOf(one.pool.request(ask()));
    expect(one.pool.health().status).toBe('down');
    expect(await contentOf(other.pool.request(ask()))).toBe('Once upon');
    expect(other.told.filter(({ name }) => name === 'provider.error')).toEqual([]);
  });
});

describe('models', () => {
  it('are every name it takes, in OpenAI’s shape; nothing is sent', () => {
    const { pool, provider } = poolOf([ok], { models: { fast: ['a/m'] } }, { models: [{ id: 'm' }] });
    const { object, data } = pool.models();
    expect(object).toBe('list');
    expect(data.map(({ id, owned_by }) => [id, owned_by])).toEqual([
      ['fast', 'pool'],
      ['m', 'a'],
      ['a/scripted-model', 'a'],
    ]);
    expect(provider.calls).toHaveLength(0);
  });

  it('MOD-6 are refreshed once a day at most, and only when the host says so', async () => {
    const listModels = vi.fn(async () => [{ id: 'brand-new' }]);
    const { pool } = poolOf([ok], {}, { listModels });
    await pool.request(ask());
    expect(listModels).not.toHaveBeenCalled();
    expect(await pool.refreshModels()).toEqual({ a: { status: 'read', models: 1 } });
    expect(pool.models().data.map(({ id }) => id)).toContain('brand-new');
    vi.advanceTimersByTime(86_399_999);
    expect(await pool.refreshModels()).toEqual({ a: { status: 'cached' } });
    vi.advanceTimersByTime(1);
    expect(await pool.refreshModels()).toEqual({ a: { status: 'read', models: 1 } });
    expect(await pool.refreshModels({ maxAgeMs: 0 })).toEqual({ a: { status: 'read', models: 1 } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are not refreshed by a closed pool', async () => {
    const { pool } = poolOf([ok]);
    await pool.close();
    expect(await failureOf(pool.refreshModels())).toBeInstanceOf(PoolClosedError);
    expect(pool.models().data).toHaveLength(1);
  });
});

describe('request', () => {
  it('resolves with the whole answer, and all that is known of it', async () => {
    const prices = { 'a/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 2 } };
    const { pool } = poolOf([ok], { cost: { prices } });
    const answer = await pool.request({ ...ask(), model: 'a/m' }, { requestId: 'mine' });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'm',
      choices: [{ message: { role: 'assistant', content: 'Once upon' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 },
      runestone: {
        requestId: 'mine',
        provider: 'a',
        model: 'm',
        attempts: 1,
        costUsd: 0.000016,
        precision: 'reported',
        warnings: [],
        trace: { attempts: [{ attempt: 1, outcome: 'ok', finishReason: 'stop' }] },
      },
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([true, false, undefined, null])(
    'decides itself that it is no stream: stream is %s',
    async (stream) => {
      const answersWhole = vi.fn(() => true);
      const { pool, provider } = poolOf([ok], {}, { answersWhole });
      const request: ChatRequest = stream === undefined ? ask() : { ...ask(), stream };
      await pool.request(request);
      expect(provider.calls[0]?.request.stream).toBe(false);
      expect(provider.calls[0]?.stream).toBe(false);
    },
  );

  it('hides a break until the answer is whole', async () => {
    const { pool, told } = poolOf([breaks('Once'), ok]);
    const answer = pool.request(ask());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await contentOf(answer)).toBe('Once upon');
    expect(told.filter(({ name }) => name === 'provider.request.start')).toHaveLength(2);
  });

  it('tells what had arrived when nothing helps', async () => {
    const { pool } = poolOf([breaks('Once', { code: 'bad_response' })]);
    const error = await failureOf(pool.request(ask(), { requestId: 'mine' }));
    expect(error).toMatchObject({
      code: 'bad_response',
      requestId: 'mine',
      committed: false,
      partial: { content: 'Once' },
      attempts: [{ attempt: 1, code: 'bad_response' }],
    });
  });

  it('fails as one that nothing was seen of, also when a guardrail refuses the whole', async () => {
    const guardrail: Middleware = {
      name: 'guardrail',
      request: async function* guardrail(context, next) {
        yield* next(context);
        throw new InvalidRequestError('not on Sundays');
      },
    };
    const { pool } = poolOf([ok], { middleware: [guardrail] });
    const error = await failureOf(pool.request(ask()));
    expect(error).toMatchObject({ code: 'invalid_request', committed: false, attempts: [{ outcome: 'ok' }] });
    expect(error).toMatchObject({ partial: { content: 'Once upon' } });
  });

  it('hands on warnings of the translation', async () => {
    const warning = { code: 'clamped', param: 'temperature', message: 'clamped to 1' };
    const { pool, told } = poolOf([replies([{ type: 'warning', warning }, 'Hi'])]);
    const answer = await pool.request(ask());
    expect(answer.runestone.warnings).toEqual([warning]);
    expect(told.filter(({ name }) => name === 'translation.warning')).toMatchObject([
      { ...warning, provider: 'a', requestId: answer.runestone.requestId },
    ]);
  });
});

describe('streamRequest', () => {
  it('resolves at the first content, with a stream', async () => {
    const { pool, provider } = poolOf([replies(['Once ', 'upon'], { delayMs: 100 })]);
    const opening = pool.streamRequest(ask());
    await vi.advanceTimersByTimeAsync(199);
    let settled = false;
    void opening.then(() => {
      settled = true;
    });
    await Promise.resolve();
    expect(settled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const stream = await opening;
    expect(provider.calls[0]?.request.stream).toBe(true);
    const reading = collect(stream.text());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await reading).toEqual(['Once ', 'upon']);
  });

  it('rejects when nobody can begin, with one error for each target', async () => {
    const providers = [
      scriptedProvider('a', [fails('authentication', { status: 401 })]),
      scriptedProvider('b', [fails('bad_response')]),
    ];
    const pool = new ProviderPool({ providers, models: { all: ['a/m', 'b/m'] } });
    const error = await failureOf(pool.streamRequest({ ...ask(), model: 'all' }, { requestId: 'mine' }));
    expect(error).toBeInstanceOf(FailoverError);
    expect(error).toMatchObject({
      requestId: 'mine',
      committed: false,
      attempts: [
        { attempt: 1, provider: 'a', code: 'authentication', status: 401 },
        { attempt: 2, provider: 'b', code: 'bad_response' },
      ],
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('makes no second try once content has been handed over (INV-17)', async () => {
    const { pool, provider } = poolOf([breaks('Once', { code: 'server_error' }), ok]);
    const stream = await pool.streamRequest(ask());
    expect(await failureOf(collect(stream))).toMatchObject({ code: 'server_error', committed: true });
    expect(provider.calls).toHaveLength(1);
  });
});

describe('a request that is wrong', () => {
  it.each([
    ['no messages', {}],
    ['n above 1', { ...ask(), n: 2 }],
    ['a model that is no name', { ...ask(), model: 5 }],
  ])('is refused before anything is sent: %s', async (_, request) => {
    const { pool, provider, told } = poolOf([ok]);
    // @ts-expect-error a caller in plain JavaScript
    expect(await failureOf(pool.request(request))).toBeInstanceOf(InvalidRequestError);
    // @ts-expect-error a caller in plain JavaScript
    expect(await failureOf(pool.streamRequest(request))).toBeInstanceOf(InvalidRequestError);
    expect([provider.calls, told, vi.getTimerCount()]).toEqual([[], [], 0]);
  });

  it('is refused for a model that nobody serves', async () => {
    const { pool, told } = poolOf([ok]);
    expect(await failureOf(pool.request({ ...ask(), model: 'gpt' }))).toMatchObject({
      code: 'no_route',
      param: 'model',
      attempts: [],
      costUsd: 0,
    });
    expect(told.map(({ name }) => name)).toEqual(['request.start', 'request.error', 'request.stop']);
  });

  it.each([
    ['an unknown option', { signl: 1 }, 'call options: signl: no such option'],
    ['a key for nobody in particular', { apiKey: 'sk' }, 'call options: apiKey: needs `provider`'],
  ])('is refused with %s', async (_, call, message) => {
    const { pool, provider } = poolOf([ok]);
    const error = await failureOf(pool.request(ask(), call as CallOptions));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(message);
    expect(provider.calls).toHaveLength(0);
  });

  it('is sent as it was when the call was made, whatever the caller does then (C19)', async () => {
    const { pool, provider } = poolOf([ok]);
    const message = { role: 'user' as const, content: 'as it was' };
    const request = { messages: [message], model: 'a/m', metadata: { a: '1' } };
    const answer = pool.request(request);
    message.content = 'changed';
    request.messages.push({ role: 'user', content: 'added' });
    request.metadata.a = '2';
    await answer;
    expect(provider.calls[0]?.request).toEqual({
      messages: [{ role: 'user', content: 'as it was' }],
      model: 'a/m',
      metadata: { a: '1' },
      stream: false,
    });
  });

  it('may be frozen', async () => {
    const { pool } = poolOf([ok]);
    const request = Object.freeze({
      messages: Object.freeze([Object.freeze({ role: 'user', content: 'x' } as const)]),
    });
    expect(await contentOf(pool.request(request))).toBe('Once upon');
  });
});

describe('what a call may say', () => {
  it('reaches plug-ins and provider', async () => {
    const contexts: RequestContext[] = [];
    const looking: Middleware = {
      name: 'looking',
      request: (context, next) => {
        contexts.push(context);
        return next(context);
      },
    };
    const { pool, provider, told } = poolOf([ok], { middleware: [looking], retiredModels: 'remap' });
    const metadata = { feature: 'search' };
    await pool.request(ask(), { tenant: 'ada', metadata, strict: true, provider: 'a', apiKey: 'sk-theirs' });
    expect(contexts[0]).toMatchObject({ tenant: 'ada', metadata, strict: true, pinned: 'a' });
    const [call] = provider.calls;
    expect(call).toMatchObject({ strict: true, retiredModels: 'remap', key: 0 });
    expect(call?.apiKey?.reveal()).toBe('sk-theirs');
    expect(told.find(({ name }) => name === 'request.start')).toMatchObject({ tenant: 'ada' });
  });

  it('pins one provider', async () => {
    const providers = [
      scriptedProvider('a', [replies('from a')]),
      scriptedProvider('b', [replies('from b')]),
    ];
    const pool = new ProviderPool({ providers });
    expect(await contentOf(pool.request(ask(), { provider: 'b' }))).toBe('from b');
    expect(await failureOf(pool.request(ask(), { provider: 'c' }))).toMatchObject({
      code: 'no_route',
      param: 'provider',
    });
  });

  it('is a key for one call: what it runs into does not take ours away from others', async () => {
    const { pool, provider } = poolOf([
      (call) => (call.apiKey ? fails('authentication', { status: 401 }) : replies('with our key')),
    ]);
    const theirs = pool.request(ask(), { provider: 'a', apiKey: 'sk-wrong' });
    expect(await failureOf(theirs)).toMatchObject({ code: 'authentication' });
    expect(pool.health().status).not.toBe('down');
    expect(await contentOf(pool.request(ask()))).toBe('with our key');
    expect(provider.calls).toHaveLength(2);
  });

  it('is a deadline', async () => {
    const { pool } = poolOf([hangs()]);
    const failing = failureOf(pool.request(ask(), { deadlineMs: 1_500 }));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await failing).toMatchObject({
      code: 'deadline_exceeded',
      message: 'the request was not done within 1500 ms',
      attempts: [{ attempt: 1, outcome: 'error', code: 'deadline_exceeded' }],
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is a signal', async () => {
    const { pool, provider } = poolOf([hangs()]);
    const controller = new AbortController();
    const failing = failureOf(pool.streamRequest(ask(), { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(100);
    controller.abort('enough');
    expect(await failing).toMatchObject({ code: 'cancelled', cause: 'enough' });
    expect([provider.open, vi.getTimerCount(), getEventListeners(controller.signal, 'abort').length]).toEqual(
      [0, 0, 0],
    );
  });

  it('is a signal that has fired: nobody is asked (C1)', async () => {
    const { pool, provider, told } = poolOf([ok]);
    const error = await failureOf(pool.request(ask(), { signal: AbortSignal.abort('early') }));
    expect(error).toMatchObject({ code: 'cancelled', cause: 'early', costUsd: 0 });
    expect(provider.calls).toHaveLength(0);
    expect(told.map(({ name }) => name)).not.toContain('provider.request.start');
  });

  it('is one signal for 1,000 requests at once, which are all let go (C20)', async () => {
    vi.useRealTimers();
    const warned = vi.fn();
    process.on('warning', warned);
    const { pool } = poolOf([ok]);
    const { signal } = new AbortController();
    const answers = Array.from({ length: 1_000 }, (_, index) =>
      index % 2 === 0
        ? pool.request(ask(), { signal })
        : pool.streamRequest(ask(), { signal }).then((stream) => collect(stream)),
    );
    await Promise.all(answers);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(warned).not.toHaveBeenCalled();
  });
});

describe('whoever listens', () => {
  it('hears one event, one provider’s, or all', async () => {
    const providers = [scriptedProvider('a', [ok]), scriptedProvider('b', [ok])];
    const pool = new ProviderPool({ providers });
    const heard: string[] = [];
    pool.on('provider.request.stop', ({ provider }) => heard.push(`any ${provider}`));
    pool.on('provider.b.request.stop', ({ provider }) => heard.push(`only ${provider}`));
    const off = pool.on('request.stop', ({ outcome }) => heard.push(`request ${outcome}`));
    await pool.request(ask(), { provider: 'a' });
    off();
    await pool.request(ask(), { provider: 'b' });
    expect(heard).toEqual(['any a', 'request ok', 'any b', 'only b']);
  });

  it('may ask the pool itself, and is not waited for (H5)', async () => {
    const { pool } = poolOf([ok]);
    const answers: Promise<unknown>[] = [];
    pool.on('request.stop', () => {
      if (answers.length < 3) answers.push(pool.request(ask()));
    });
    await pool.request(ask());
    await vi.advanceTimersByTimeAsync(0);
    expect(await Promise.all(answers)).toHaveLength(3);
    expect(pool.stats().total.requests).toBe(4);
  });

  it('may end the request it hears of (H7)', async () => {
    const { pool, told } = poolOf([hangs()]);
    const controller = new AbortController();
    pool.on('provider.request.start', () => controller.abort());
    expect(await failureOf(pool.request(ask(), { signal: controller.signal }))).toMatchObject({
      code: 'cancelled',
    });
    expect(told.filter(({ name }) => name === 'request.stop')).toHaveLength(1);
  });

  it('cannot change what is counted (H6)', async () => {
    const { pool } = poolOf([ok]);
    pool.on('provider.request.stop', (event) => {
      expect(() => Object.assign(event, { costUsd: 1 })).toThrow(TypeError);
      if (event.usage)
        expect(() => Object.assign(event.usage ?? {}, { inputTokens: 1e6 })).toThrow(TypeError);
    });
    const { runestone } = await pool.request(ask());
    expect([runestone.usage?.inputTokens, pool.stats().total.tokens.inputTokens]).toEqual([10, 10]);
  });
});

describe('what the pool shows', () => {
  it('of its providers (design 3.13)', async () => {
    const { pool } = poolOf([ok], {}, { module: 'acme', models: [{ id: 'm' }, { id: 'n' }] });
    expect(pool.providers()).toEqual([
      { name: 'a', module: 'acme', status: 'unknown', models: ['m', 'n'], targets: [] },
    ]);
    await pool.request({ ...ask(), model: 'm' });
    expect(pool.providers()).toMatchObject([
      {
        status: 'healthy',
        targets: [{ model: 'm', target: 'a/m', circuit: 'closed', inFlight: 0, cooldownUntil: undefined }],
      },
    ]);
  });

  it('of its health: down only when nobody can answer', async () => {
    const providers = [scriptedProvider('a', [fails('authentication')]), scriptedProvider('b', [ok])];
    const pool = new ProviderPool({ providers, models: { all: ['a/m', 'b/m'] } });
    expect(pool.health()).toEqual({ status: 'unknown', providers: { a: 'unknown', b: 'unknown' } });
    await pool.request({ ...ask(), model: 'all' });
    expect(pool.health()).toEqual({ status: 'degraded', providers: { a: 'down', b: 'healthy' } });
  });

  it('of a key that is out, and when it comes back', async () => {
    const { pool } = poolOf([fails('quota_exhausted', { retryAfterMs: 60_000 })]);
    await failureOf(pool.request(ask()));
    expect(pool.providers()[0]).toMatchObject({
      status: 'down',
      targets: [{ cooldownUntil: EPOCH_MS + 60_000 }],
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pool.providers()[0]?.status).not.toBe('down');
  });

  it('of its counts, in total and by target', async () => {
    const { pool } = poolOf([fails('conflict', { status: 409 }), ok], { retry: { baseDelayMs: 1 } });
    await pool.request({ ...ask(), model: 'a/m' });
    await pool.request({ ...ask(), model: 'a/n' });
    const { total, targets } = pool.stats();
    expect(total).toMatchObject({
      requests: 3,
      errors: 1,
      cancelled: 0,
      errorRate: 1 / 3,
      retries: 1,
      inFlight: 0,
      costUsd: 0,
      unpriced: 2,
      precision: 'unknown',
      tokens: { inputTokens: 20, outputTokens: 6 },
    });
    expect(Object.keys(targets)).toEqual(['a/m', 'a/n']);
    expect(targets['a/m']).toMatchObject({ requests: 2, retries: 1, circuit: 'closed' });
    expect(targets['a/n']).toMatchObject({ requests: 1, retries: 0 });
  });

  it('while a request runs, and when it is over (INV-28)', async () => {
    const { pool } = poolOf([hangs('Once')]);
    const stream = await pool.streamRequest(ask());
    expect(pool.stats().total).toMatchObject({ inFlight: 1, requests: 0 });
    await stream.cancel();
    expect(pool.stats().total).toMatchObject({ inFlight: 0, requests: 1, cancelled: 1, errors: 0 });
  });
});

describe('checkHealth', () => {
  it('asks the provider', async () => {
    const check = vi.fn(async () => undefined);
    const { pool } = poolOf([ok], { timeouts: { connectMs: 321 } }, { check });
    expect(await pool.checkHealth('a')).toEqual({ status: 'healthy', latencyMs: 0 });
    expect(check).toHaveBeenCalledWith(expect.objectContaining({ key: 0, connectMs: 321 }));
  });

  it('does not know what a provider cannot say, and who nobody knows', async () => {
    const { pool } = poolOf([ok]);
    expect(await pool.checkHealth('a')).toEqual({ status: 'unknown' });
    expect(String(await failureOf(pool.checkHealth('b')))).toContain('no provider is named "b" (have: a)');
  });
});

describe('closing', () => {
  it('refuses new requests from the first moment on', async () => {
    const { pool, provider } = poolOf([hangs('Once')]);
    const stream = await pool.streamRequest(ask());
    const closing = pool.close();
    for (const call of [pool.request(ask()), pool.streamRequest(ask())]) {
      expect(await failureOf(call)).toBeInstanceOf(PoolClosedError);
    }
    await stream.cancel();
    await closing;
    expect(await failureOf(pool.request(ask()))).toMatchObject({ code: 'pool_closed' });
    expect(provider.calls).toHaveLength(1);
  });

  it('waits for what is under way, then closes the providers, once', async () => {
    const close = vi.fn(async () => undefined);
    const { pool } = poolOf([replies(['Once ', 'upon'], { delayMs: 1_000 })], {}, { close });
    const answer = pool.request(ask());
    await vi.advanceTimersByTimeAsync(500);
    const closing = pool.close();
    expect(pool.close()).toBe(closing);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(close).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(600);
    expect(await contentOf(answer)).toBe('Once upon');
    await closing;
    await pool[Symbol.asyncDispose]();
    expect(close).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends what is left after its time with pool_closed, read or not (H11)', async () => {
    const log: string[] = [];
    const close = async (): Promise<void> => void log.push('closed');
    const { pool, provider, told } = poolOf([hangs('Once')], {}, { close });
    const reading = failureOf(pool.streamRequest(ask()).then((stream) => collect(stream)));
    const unread = await pool.streamRequest(ask());
    provider.calls[1]?.signal.addEventListener('abort', () => log.push('aborted'));
    await vi.advanceTimersByTimeAsync(0);
    const closing = pool.close({ drainMs: 2_000 });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(log).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    expect(log).toEqual(['aborted', 'closed']);
    expect(await reading).toMatchObject({ code: 'pool_closed', committed: true });
    expect(await failureOf(collect(unread))).toMatchObject({ code: 'pool_closed' });
    expect(told.filter(({ name }) => name === 'request.stop')).toHaveLength(2);
    expect([provider.open, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('waits ten seconds unless told otherwise', async () => {
    const { pool } = poolOf([hangs('Once')]);
    const stream = await pool.streamRequest(ask());
    const reading = failureOf(collect(stream));
    const closing = pool.close();
    let over = false;
    void closing.then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    expect(await reading).toMatchObject({ code: 'pool_closed' });
  });

  it('by the end of a block', async () => {
    const close = vi.fn(async () => undefined);
    await (async () => {
      await using pool = poolOf([ok], {}, { close }).pool;
      await pool.request(ask());
    })();
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('of one provider does not keep the others from being closed', async () => {
    const close = vi.fn(async () => undefined);
    const broken = { ...silent, name: 'broken', close: () => Promise.reject(new Error('no clean-up')) };
    const rude = {
      ...silent,
      name: 'rude',
      close: () => {
        throw new Error('no clean-up either');
      },
    };
    const pool = new ProviderPool({ providers: [broken, rude, { ...silent, name: 'good', close }] });
    await expect(pool.close()).rejects.toThrow('no clean-up');
    expect(close).toHaveBeenCalledTimes(1);
  });
});

describe('a pool that is idle', () => {
  it('keeps the process alive by nothing (INV-37, H12)', async () => {
    vi.useRealTimers();
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    // The runner has timers of its own, which come and go when a test begins.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = timers();
    const pool = new ProviderPool({ providers: [scriptedProvider('a', [fails('conflict'), ok])] });
    await pool.request(ask());
    await collect(await pool.streamRequest(ask()));
    const left = await pool.streamRequest(ask());
    await left.cancel();
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

describe('fromEnv', () => {
  it('is a pool that answers', async () => {
    vi.useRealTimers();
    await using upstream = await startUpstream();
    const env = { ANTHROPIC_API_KEY: 'sk-ant-test-key', ANTHROPIC_BASE_URL: upstream.url };
    await using pool = ProviderPool.fromEnv({ env });
    const { choices, runestone } = await pool.request(ask('Say hello'));
    expect(choices[0]?.message.content).toBeTruthy();
    expect(runestone).toMatchObject({ provider: 'anthropic', attempts: 1, precision: 'reported' });
    expect(upstream.count).toBe(1);
    expect(await pool.checkHealth('anthropic')).toMatchObject({ status: 'healthy' });
  });

  it('says what it looked for', () => {
    expect(() => ProviderPool.fromEnv({ env: {} })).toThrow('set one of: ANTHROPIC_API_KEY');
  });
});
