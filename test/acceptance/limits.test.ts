import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type ChatRequest,
  httpStatusOf,
  isRunestoneError,
  LimitExceededError,
  type LimitsOptions,
  type PoolOptions,
  type Provider,
  ProviderPool,
} from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openai } from 'runestone/providers/openai-compatible';
import { replies, reply, scriptedProvider, startUpstream, type Upstream } from 'runestone/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../contexts.ts';
import { around, KEY, question, stand, wordsOf } from './lab.ts';

afterEach(() => {
  vi.useRealTimers();
});

const hello: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }] };

/** The most requests that a host had to do at once. */
function mostAtOnce({ requests }: Upstream): number {
  const steps = requests.flatMap(({ arrivedMs, endedMs = Number.POSITIVE_INFINITY }) => [
    { atMs: arrivedMs, by: 1 },
    { atMs: endedMs, by: -1 },
  ]);
  let [now, most] = [0, 0];
  for (const { by } of steps.sort((one, other) => one.atMs - other.atMs || one.by - other.by)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** What was asked, in the order in which the host saw it: the first letter of each. */
function seenBy({ requests }: Upstream): string {
  return requests.map(({ body }) => String(Object(body).messages[0].content[0].text).slice(0, 1)).join('');
}

/** A pool of one host, each of whose answers takes `ms`. */
function slowStand(ms: number, limits: LimitsOptions, pool: Partial<PoolOptions> = {}) {
  const respond = (): ReturnType<typeof reply.text> => reply.text('Done', { firstMs: ms });
  return stand({ upstream: { respond }, pool: { limits, ...pool } });
}

/** A pool of a host that answers at once, on a clock that the test moves. */
function onFakedClock(limits: LimitsOptions, provider: Provider = scriptedProvider('a', [replies('Done')])) {
  vi.useFakeTimers();
  const environment = { nowMs: () => performance.now(), epochMs: () => Date.now(), random: () => 0.5 };
  return new ProviderPool({ providers: [provider], limits }, environment);
}

/** What became of requests that were sent at once. */
async function outcomes(requests: readonly Promise<unknown>[]): Promise<string[]> {
  return Promise.all(
    requests.map((request) =>
      request.then(
        () => 'ok',
        (error: unknown) => (isRunestoneError(error) ? error.code : String(error)),
      ),
    ),
  );
}

describe('so many a minute', () => {
  it('of requests: what is over them is let in as the minute goes by, and no sooner', async () => {
    const pool = onFakedClock({ pool: { requestsPerMinute: 6 }, queue: { maxWaitMs: 60_000 } });
    const doneMs: number[] = [];
    const all = Array.from({ length: 10 }, () =>
      pool.request(hello).then(() => doneMs.push(Math.round(performance.now()))),
    );
    await vi.advanceTimersByTimeAsync(0);
    expect([doneMs.length, pool.stats().limits]).toEqual([
      6,
      { waiting: 4, pool: { inUse: 0 }, providers: {} },
    ]);
    await vi.advanceTimersByTimeAsync(40_000);
    await Promise.all(all);
    const began = doneMs[0] ?? 0;
    expect(doneMs.slice(6).map((ms) => Math.round((ms - began) / 1_000))).toEqual([10, 20, 30, 40]);
  });

  it('of tokens: reserved by what is expected, settled by what was used', async () => {
    const spends = replies('Done', { usage: { inputTokens: 40, outputTokens: 60 } });
    const limits = { pool: { tokensPerMinute: 1_000 }, queue: { maxWaitMs: 0 } };
    const pool = onFakedClock(limits, scriptedProvider('a', [spends]));
    // Each expects 900 and uses 100; two at once do not fit, one after the other do.
    const asking = { ...hello, max_completion_tokens: 880 };
    expect(await outcomes([pool.request(asking), pool.request(asking)])).toEqual(['ok', 'limit_exceeded']);
    expect(await outcomes([pool.request(asking)])).toEqual(['ok']);
    expect(await outcomes([pool.request(asking)])).toEqual(['limit_exceeded']);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await outcomes([pool.request(asking)])).toEqual(['ok']);
  });

  it('H8: a wall clock that jumps changes nothing', async () => {
    const pool = onFakedClock({ pool: { requestsPerMinute: 1 }, queue: { maxWaitMs: 60_000 } });
    await pool.request(hello);
    const second = pool.request(hello);
    vi.setSystemTime(Date.now() + 10 * 365 * 86_400_000);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(pool.stats().limits.waiting).toBe(1);
    vi.setSystemTime(0);
    await vi.advanceTimersByTimeAsync(1_010);
    await second;
  });
});

describe('so many at once', () => {
  it.each<[string, LimitsOptions]>([
    ['for the pool', { pool: { concurrency: 3 } }],
    ['for a provider', { perProvider: { anthropic: { concurrency: 3 } } }],
    ['for a tenant', { perTenant: { concurrency: 3 } }],
  ])('%s: never more, streamed or not, and all get done', async (_, limits) => {
    await using it = await slowStand(15, limits);
    const calls = Array.from({ length: 18 }, (_, n) =>
      n % 2
        ? it.pool.request(question(), { tenant: 'a' })
        : it.pool.streamRequest(question(), { tenant: 'a' }).then(wordsOf),
    );
    await Promise.all(calls);
    expect([mostAtOnce(it.upstream), it.upstream.count]).toEqual([3, 18]);
    await it.upstream.idle();
    expect(it.pool.stats().limits).toMatchObject({ waiting: 0 });
    expect(it.of('limiter.queued')).toHaveLength(15);
    expect(it.of('limiter.admitted')).toHaveLength(15);
  });

  it('adaptive: goes down with the refusals of a host that takes four, and up again', async () => {
    let running = 0;
    await using it = await stand({
      pool: { limits: { perProvider: { anthropic: { concurrency: 'adaptive' } } }, breaker: false },
      upstream: {
        respond: async () => {
          if (running >= 4) return reply.status(429, { headers: { 'retry-after-ms': '5' } });
          running += 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
          running -= 1;
          return undefined;
        },
      },
    });
    const settled = await outcomes(Array.from({ length: 200 }, () => it.pool.request(question())));
    const { concurrency = 0 } = it.pool.stats().limits.providers['anthropic'] ?? {};
    expect(concurrency).toBeLessThanOrEqual(6);
    expect(settled.filter((outcome) => outcome === 'ok').length).toBeGreaterThan(150);
    const refused = it.upstream.requests.filter(({ status }) => status === 429);
    expect(refused.length).toBeLessThan(it.upstream.requests.length / 3);
  });
});

describe('who is let in first', () => {
  it('is who came first', async () => {
    await using it = await slowStand(5, { pool: { concurrency: 1 } });
    await Promise.all([...'abcdefgh'].map((letter) => it.pool.request(question(letter))));
    expect(seenBy(it.upstream)).toBe('abcdefgh');
  });

  it('is who is more urgent', async () => {
    await using it = await slowStand(5, { pool: { concurrency: 1 } });
    const order = [
      ['first', 'normal'],
      ['low', 'low'],
      ['normal', 'normal'],
      ['high', 'high'],
    ] as const;
    await Promise.all(order.map(([word, priority]) => it.pool.request(question(word), { priority })));
    expect(seenBy(it.upstream)).toBe('fhnl');
  });

  it('is, of several tenants, each in turn, whoever floods the pool', async () => {
    await using it = await slowStand(2, { pool: { concurrency: 1 } });
    const flood = Array.from({ length: 20 }, () => it.pool.request(question('A'), { tenant: 'flood' }));
    const small = Array.from({ length: 3 }, () => it.pool.request(question('b'), { tenant: 'small' }));
    await Promise.all([...flood, ...small]);
    expect(seenBy(it.upstream).slice(0, 8)).toMatch(/^A(Ab){3}A$|^A(bA){3}A$/);
  });

  it('is never a tenant over its own limit, and nobody else waits for it', async () => {
    const perTenant = (tenant: string) => (tenant === 'slow' ? { concurrency: 1 } : {});
    await using it = await slowStand(30, { pool: { concurrency: 10 }, perTenant });
    const slow = Array.from({ length: 5 }, () => it.pool.request(question('s'), { tenant: 'slow' }));
    const quick = Array.from({ length: 5 }, () => it.pool.request(question('q'), { tenant: 'quick' }));
    await Promise.all(quick);
    expect(seenBy(it.upstream).slice(0, 6).split('').sort().join('')).toBe('qqqqqs');
    await Promise.all(slow);
    expect(it.upstream.count).toBe(10);
  });

  it('P16: a full queue refuses at once, and keeps its places for small tenants too', async () => {
    await using it = await slowStand(30, { pool: { concurrency: 1 }, queue: { size: 10 } });
    const beganMs = performance.now();
    const flood = Array.from({ length: 500 }, () => it.pool.request(question('A'), { tenant: 'flood' }));
    const small = it.pool.request(question('b'), { tenant: 'small' });
    const refused = await Promise.race(flood.map((each) => failureOf(each)));
    expect(performance.now() - beganMs).toBeLessThan(500);
    expect(refused).toMatchObject({ code: 'queue_full', scope: 'pool' });
    await small;
    const settled = await outcomes(flood);
    expect(settled.filter((outcome) => outcome === 'ok')).toHaveLength(10);
    expect(settled.filter((outcome) => outcome === 'queue_full')).toHaveLength(490);
  });
});

describe('a wait ends', () => {
  const one = { pool: { concurrency: 1 } };

  it('C2: at once when the caller aborts; the order of the others is kept', async () => {
    await using it = await slowStand(150, one);
    const controller = new AbortController();
    const first = it.pool.request(question('1'));
    const gone = failureOf(it.pool.request(question('2'), { signal: controller.signal }));
    const rest = ['3', '4'].map((word) => it.pool.request(question(word)));
    const beganMs = performance.now();
    controller.abort();
    expect(await gone).toMatchObject({ code: 'cancelled', attempts: [] });
    expect(performance.now() - beganMs).toBeLessThan(100);
    await Promise.all([first, ...rest]);
    expect(seenBy(it.upstream)).toBe('134');
    expect(it.of('limiter.rejected')).toMatchObject([{ code: 'cancelled', scope: 'pool' }]);
  });

  it('with the deadline, which it counts against', async () => {
    await using it = await slowStand(300, one);
    const first = it.pool.request(question());
    const error = await failureOf(it.pool.request(question(), { deadlineMs: 40 }));
    expect(error).toMatchObject({ code: 'deadline_exceeded', attempts: [] });
    await first;
    expect(it.upstream.count).toBe(1);
  });

  it('after `maxWaitMs`, with a time to come back', async () => {
    await using it = await slowStand(300, { ...one, queue: { maxWaitMs: 40 } });
    const first = it.pool.request(question());
    const error = await failureOf(it.pool.request(question()));
    expect(error).toMatchObject({ code: 'queue_timeout', scope: 'pool' });
    expect(Object(error).retryAfterMs).toBeGreaterThan(0);
    await first;
  });

  it('with the pool: what waits is drained as what runs, and then ended', async () => {
    await using it = await slowStand(100, one);
    const three = outcomes([1, 2, 3].map(() => it.pool.request(question())));
    await it.pool.close({ drainMs: 160 });
    expect(await three).toEqual(['ok', 'pool_closed', 'pool_closed']);
    expect(it.pool.stats().limits).toEqual({ waiting: 0, pool: { inUse: 0, concurrency: 1 }, providers: {} });
  });

  it('when the one in front of it leaves in the middle of its stream', async () => {
    const respond = () =>
      reply.text(
        Array.from({ length: 200 }, () => 'word '),
        { delayMs: 5 },
      );
    await using it = await stand({ upstream: { respond }, pool: { limits: one } });
    for await (const _ of await it.pool.streamRequest(question())) break;
    const second = await it.pool.streamRequest(question());
    await second.cancel();
    expect(it.pool.stats().limits.pool).toEqual({ inUse: 0, concurrency: 1 });
  });

  it('with nothing left behind (S0)', async () => {
    await using it = await slowStand(5, { ...one, perProvider: { anthropic: { concurrency: 1 } } });
    const { signal } = new AbortController();
    await outcomes(Array.from({ length: 10 }, () => it.pool.request(question(), { signal })));
    const controller = new AbortController();
    const some = outcomes(
      Array.from({ length: 10 }, () => it.pool.request(question(), { signal: controller.signal })),
    );
    controller.abort();
    await some;
    await it.upstream.idle();
    expect(it.pool.stats().limits).toEqual({
      waiting: 0,
      pool: { inUse: 0, concurrency: 1 },
      providers: { anthropic: { inUse: 0, concurrency: 1 } },
    });
    expect(it.of('request.start')).toHaveLength(20);
    expect(it.of('request.stop')).toHaveLength(20);
    expect(it.of('limiter.queued')).toHaveLength(
      it.of('limiter.admitted').length + it.of('limiter.rejected').length,
    );
  });
});

describe('a refusal', () => {
  it('is a 429 in OpenAI’s shape, with an honest time', async () => {
    const pool = onFakedClock({ perTenant: { requestsPerMinute: 2 }, queue: { maxWaitMs: 0 } });
    for (let n = 0; n < 2; n++) await pool.request(hello, { tenant: 'ada' });
    const error = await failureOf(pool.request(hello, { tenant: 'ada', requestId: 'mine' }));
    if (!(error instanceof LimitExceededError)) throw error;
    expect(httpStatusOf(error)).toBe(429);
    expect(error).toMatchObject({
      scope: 'tenant',
      retryAfterMs: 30_000,
      requestId: 'mine',
      attempts: [],
      costUsd: 0,
    });
    expect(error.toOpenAI()).toEqual({
      error: {
        message: 'the tenant: its limit is reached; come back in 30 s',
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        param: null,
      },
    });
    // Another tenant is none of this.
    await pool.request(hello, { tenant: 'bob' });
    await vi.advanceTimersByTimeAsync(29_990);
    expect(await outcomes([pool.request(hello, { tenant: 'ada' })])).toEqual(['limit_exceeded']);
    await vi.advanceTimersByTimeAsync(10);
    expect(await outcomes([pool.request(hello, { tenant: 'ada' })])).toEqual(['ok']);
  });

  it('comes before a wait that would be in vain', async () => {
    const pool = onFakedClock({ pool: { requestsPerMinute: 1 } });
    await pool.request(hello);
    const error = await failureOf(pool.request(hello));
    expect(error).toMatchObject({ code: 'limit_exceeded', retryAfterMs: 60_000 });
  });

  it('of all providers is a 429 too', async () => {
    const perProvider = { a: { requestsPerMinute: 1 }, b: { requestsPerMinute: 1 } };
    vi.useFakeTimers();
    const pool = new ProviderPool({
      providers: ['a', 'b'].map((name) => scriptedProvider(name, [replies('Done')])),
      models: { any: ['a/m', 'b/m'] },
      limits: { perProvider, queue: { maxWaitMs: 0 } },
    });
    const ask = () => pool.request({ ...hello, model: 'any' });
    const answers = [await ask(), await ask()];
    expect(answers.map(({ runestone }) => runestone.provider)).toEqual(['a', 'b']);
    const error = await failureOf(ask());
    if (!isRunestoneError(error)) throw error;
    expect(error).toMatchObject({ code: 'failover_exhausted', attempts: [] });
    expect([httpStatusOf(error), error.toOpenAI().error.type]).toEqual([429, 'rate_limit_error']);
    expect(Math.round((error.retryAfterMs ?? 0) / 1_000)).toBe(60);
  });

  it('is none of the breaker’s business', async () => {
    const pool = onFakedClock({ perProvider: { a: { requestsPerMinute: 1 } }, queue: { maxWaitMs: 0 } });
    for (let n = 0; n < 20; n++) await outcomes([pool.request(hello)]);
    expect(Object.values(pool.stats().targets)).toMatchObject([
      { requests: 1, errors: 0, circuit: 'closed' },
    ]);
  });
});

describe('what a host’s own headers say', () => {
  const spentUntil = (ms: number) => new Date(Date.now() + ms).toISOString();

  it.each<[string, (url: string) => Provider, () => Record<string, string>]>([
    [
      'Anthropic (HDR-4)',
      (url) => anthropic({ name: 'first', apiKey: KEY, baseURL: url }),
      () => ({
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': spentUntil(30_000),
      }),
    ],
    [
      'Anthropic, of input tokens (HDR-6)',
      (url) => anthropic({ name: 'first', apiKey: KEY, baseURL: url }),
      () => ({
        'anthropic-ratelimit-requests-remaining': '50',
        'anthropic-ratelimit-requests-reset': spentUntil(1_000),
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': spentUntil(30_000),
      }),
    ],
    [
      'OpenAI (HDR-11, HDR-12)',
      (url) => openai({ name: 'first', apiKey: KEY, baseURL: `${url}/v1` }),
      () => ({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '30s' }),
    ],
    [
      'OpenAI, of tokens (HDR-12)',
      (url) => openai({ name: 'first', apiKey: KEY, baseURL: `${url}/v1` }),
      () => ({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m12.5s' }),
    ],
    [
      'another host (HDR-14)',
      (url) => openai({ name: 'first', apiKey: KEY, baseURL: `${url}/v1` }),
      () => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }),
    ],
  ])('%s: the next request goes elsewhere before it is refused', async (_, first, headers) => {
    const respond = () => reply.text('from the first', { headers: headers() });
    await using one = await startUpstream({ respond });
    await using two = await startUpstream();
    const second = anthropic({ name: 'second', apiKey: KEY, baseURL: two.url });
    await using it = around(one, {
      providers: [first(one.url), second],
      models: { pair: ['first/claude-haiku-4-5', 'second/claude-haiku-4-5'] },
    });
    const asked = question('?', { model: 'pair' });
    const providers: string[] = [];
    for (let n = 0; n < 4; n++) {
      const stream = await it.pool.streamRequest(asked);
      await wordsOf(stream);
      providers.push((await stream.completion()).runestone.provider);
    }
    expect(providers).toEqual(['first', 'second', 'second', 'second']);
    const { candidates, excluded } = it.pool.explain(asked);
    expect(candidates.map(({ provider }) => provider)).toEqual(['second']);
    expect(excluded).toMatchObject([{ reason: 'rate_limit' }]);
  });

  it('S17: of the only host is waited for while that is a moment', async () => {
    let n = 0;
    const respond = () => {
      const headers = {
        'x-ratelimit-remaining-requests': n++ === 0 ? '0' : '9',
        'x-ratelimit-reset-requests': '120ms',
      };
      return reply.text('Done', { headers });
    };
    await using upstream = await startUpstream({ respond });
    await using it = around(upstream, {
      providers: [openai({ apiKey: KEY, baseURL: `${upstream.url}/v1` })],
    });
    const asked = question('?', { model: 'openai/gpt-4.1' });
    await it.pool.request(asked);
    const { runestone } = await it.pool.request(asked);
    const [first, second] = upstream.requests;
    expect((second?.arrivedMs ?? 0) - (first?.arrivedMs ?? 0)).toBeGreaterThanOrEqual(115);
    expect(runestone.trace.attempts[0]?.waitedMs).toBeGreaterThan(50);
    expect(it.of('limiter.admitted')).toMatchObject([{ scope: 'upstream' }]);
  });

  it('of a target that is not asked again counts for no other', async () => {
    const headers = {
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': spentUntil(50_000),
    };
    await using it = await stand({ upstream: { respond: () => reply.text('Done', { headers }) } });
    await it.pool.request(question());
    const beganMs = performance.now();
    await it.pool.request(question('?', { model: 'claude-sonnet-4-5' }));
    expect(performance.now() - beganMs).toBeLessThan(1_000);
  });
});

/** What is held, in bytes, once what nobody holds is gone. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

it('L4: 10,000 requests at once on 200 permits are done in order, in flat memory', async () => {
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const inner = scriptedProvider('a', [replies('Done')]);
  const provider: Provider = {
    ...inner,
    async *stream(call) {
      order.push(Number(call.requestId));
      running += 1;
      most = Math.max(most, running);
      try {
        await new Promise((resolve) => setImmediate(resolve));
        yield [
          { type: 'text_delta', text: 'Done' },
          { type: 'finish', reason: 'stop', raw: 'stop' },
        ];
      } finally {
        running -= 1;
      }
    },
  };
  const pool = new ProviderPool({
    providers: [provider],
    limits: { pool: { concurrency: 200 }, queue: { size: 10_000 } },
  });
  const before = heldBytes();
  const all = Array.from({ length: 10_000 }, (_, n) => pool.request(hello, { requestId: String(n) }));
  expect(pool.stats().limits.waiting).toBe(9_800);
  expect((heldBytes() - before) / 10_000).toBeLessThan(8 * 1_024);
  const answers = await Promise.all(all);
  expect(answers.every(({ choices }) => choices[0]?.message.content === 'Done')).toBe(true);
  expect(most).toBe(200);
  expect(order).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
  expect(pool.stats().limits).toEqual({ waiting: 0, pool: { inUse: 0, concurrency: 200 }, providers: {} });
  await pool.close();
});
