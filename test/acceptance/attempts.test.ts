import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { reply, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { around, KEY, question, stand, wordsOf } from './lab.ts';

describe('one upstream request for each attempt, and at most 3 attempts', () => {
  it.each([
    ['request', 429],
    ['request', 500],
    ['request', 529],
    ['streamRequest', 429],
    ['streamRequest', 500],
    ['streamRequest', 529],
  ] as const)('%s, always %s: 2 at one target, which is the limit of a target', async (method, status) => {
    await using it = await stand({ upstream: { respond: () => reply.status(status) } });
    const error = await failureOf(it.pool[method](question()));
    expect(error).toMatchObject({ status, attempts: [{ attempt: 1 }, { attempt: 2 }] });
    expect(it.upstream.count).toBe(2);
    expect(it.of('provider.request.start')).toHaveLength(2);
  });

  it.each(['request', 'streamRequest'] as const)('%s: 3 over all targets, however many', async (method) => {
    const upstream = await startUpstream({ respond: () => reply.status(500) });
    const providers = ['a', 'b', 'c', 'd'].map((name) =>
      anthropic({ name, apiKey: KEY, baseURL: upstream.url }),
    );
    const models = { all: providers.map(({ name }) => `${name}/claude-haiku-4-5`) };
    await using it = around(upstream, { providers, models });
    const error = await failureOf(it.pool[method](question('?', { model: 'all' })));
    expect(error).toMatchObject({ code: 'failover_exhausted' });
    expect(upstream.count).toBe(3);
  });

  it.each([
    [1, 1],
    [2, 2],
    [5, 5],
  ])('as many as the options say: %s', async (attempts, count) => {
    const retry = { attempts, attemptsPerTarget: attempts, baseDelayMs: 1 };
    await using it = await stand({ pool: { retry }, upstream: { respond: () => reply.status(500) } });
    await failureOf(it.pool.request(question()));
    expect(it.upstream.count).toBe(count);
  });

  it('`retry: false` is one', async () => {
    await using it = await stand({ pool: { retry: false }, upstream: { respond: () => reply.status(500) } });
    await failureOf(it.pool.streamRequest(question()));
    expect(it.upstream.count).toBe(1);
    expect(it.of('retry.scheduled')).toEqual([]);
  });

  it('the trace of a good answer names each of them', async () => {
    await using it = await stand();
    it.upstream.script(reply.status(529), reply.text('Better now.'));
    const stream = await it.pool.streamRequest(question());
    expect(await wordsOf(stream)).toBe('Better now.');
    expect(stream.runestone).toMatchObject({
      attempts: 2,
      trace: {
        attempts: [
          { attempt: 1, outcome: 'error', code: 'overloaded', status: 529 },
          { attempt: 2, outcome: 'ok', finishReason: 'stop' },
        ],
      },
    });
    expect(it.upstream.count).toBe(2);
  });

  it('ERR-65: a whole answer that timed out may have been paid for, and the retry says so', async () => {
    await using it = await stand();
    it.upstream.script(reply.status(504), reply.text('Better late.'));
    const { runestone } = await it.pool.request(question());
    expect(it.upstream.requests.map(({ body }) => Object(body).stream)).not.toContain(true);
    expect(it.of('cost.recorded')).toMatchObject([{ precision: 'unknown' }, { precision: 'reported' }]);
    expect(runestone.trace.attempts.map(({ costUsd }) => costUsd)).toEqual([undefined, expect.any(Number)]);
    expect(runestone).toMatchObject({ costUsd: undefined, precision: 'unknown' });
  });

  it('an error event before the first content is retried; after it, it is a typed error', async () => {
    await using it = await stand();
    it.upstream.script(reply.errorEvent({ after: 0 }), reply.text('Better now.'));
    expect(await wordsOf(await it.pool.streamRequest(question()))).toBe('Better now.');
    it.upstream.script(reply.errorEvent({ after: 1, answer: reply.text('one two') }));
    const stream = await it.pool.streamRequest(question());
    expect(await failureOf(wordsOf(stream))).toMatchObject({
      code: 'overloaded',
      committed: true,
      partial: { content: 'one' },
    });
    expect(it.upstream.count).toBe(3);
  });
});

describe('`Retry-After`', () => {
  it.each([
    [{ 'retry-after-ms': '40' }, 40],
    [{ 'retry-after': '0.03' }, 30],
  ])('is waited for, to the millisecond: %j', async (headers, delayMs) => {
    await using it = await stand();
    it.upstream.script(reply.status(429, { headers }), reply.text('Thanks for waiting.'));
    await it.pool.request(question());
    expect(it.of('retry.scheduled')).toMatchObject([{ delayMs, code: 'rate_limited' }]);
    const [first, second] = it.upstream.requests;
    expect((second?.arrivedMs ?? 0) - (first?.arrivedMs ?? 0)).toBeGreaterThanOrEqual(delayMs - 1);
  });

  it('longer than the cap is not waited for, but told', async () => {
    await using it = await stand({ pool: { retry: { retryAfterCapMs: 20 } } });
    it.upstream.script(reply.status(429, { headers: { 'retry-after-ms': '21' } }));
    expect(await failureOf(it.pool.request(question()))).toMatchObject({ retryAfterMs: 21 });
    expect(it.of('retry.exhausted')).toMatchObject([{ reason: 'retry_after' }]);
  });

  it('longer than the time left is not waited for either', async () => {
    await using it = await stand();
    it.upstream.script(reply.status(429, { headers: { 'retry-after': '30' } }));
    const error = await failureOf(it.pool.request(question(), { deadlineMs: 1_000 }));
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
    expect(it.of('retry.exhausted')).toMatchObject([{ reason: 'deadline' }]);
  });
});

describe('the retry budget', () => {
  const budget = { ratio: 0, minimum: 2, windowMs: 60_000 };

  it('holds for all requests of a pool together', async () => {
    const retry = { baseDelayMs: 1, budget };
    await using it = await stand({
      pool: { retry, breaker: false },
      upstream: { respond: () => reply.status(500) },
    });
    for (let n = 0; n < 5; n++) await failureOf(it.pool.request(question()));
    expect(it.upstream.count).toBe(5 + 2);
    expect(it.of('retry.exhausted').map(({ reason }) => reason)).toEqual([
      ...['attempts', 'attempts'],
      ...['budget', 'budget', 'budget'],
    ]);
    expect(it.pool.stats().total).toMatchObject({ requests: 7, errors: 7, retries: 2 });
  });

  it('is not drawn upon by going to another target', async () => {
    const upstream = await startUpstream();
    const [first, second] = ['first', 'second'].map((name) =>
      anthropic({ name, apiKey: `${name}-key`, baseURL: upstream.url }),
    );
    if (!first || !second) throw new Error('two were made');
    const none = { budget: { ...budget, minimum: 0 } };
    await using it = around(upstream, {
      providers: [first, second],
      models: { pair: ['first/claude-haiku-4-5', 'second/claude-haiku-4-5'] },
      retry: none,
    });
    upstream.script(reply.status(500), reply.text('from the second'));
    const { choices } = await it.pool.request(question('?', { model: 'pair' }));
    expect(choices[0]?.message.content).toBe('from the second');
    expect(it.of('retry.exhausted')).toMatchObject([
      { reason: 'budget', target: expect.stringMatching(/^first/) },
    ]);
  });
});

describe('the circuit breaker', () => {
  const breaker = { failureThreshold: 2, openMs: 150, maxOpenMs: 150, slowStartMs: 0 };

  /** `first` may fail; `second` is well. */
  async function pair() {
    const second = await startUpstream({ respond: () => reply.text('from the second') });
    const first = await startUpstream();
    const it = around(first, {
      providers: [
        anthropic({ name: 'first', apiKey: KEY, baseURL: first.url }),
        anthropic({ name: 'second', apiKey: KEY, baseURL: second.url }),
      ],
      models: { pair: ['first/claude-haiku-4-5', 'second/claude-haiku-4-5'] },
      retry: { attemptsPerTarget: 1 },
      breaker,
    });
    const ask = async (): Promise<unknown> =>
      (await it.pool.request(question('?', { model: 'pair' }))).choices[0]?.message.content;
    const close = async (): Promise<void> => {
      await it[Symbol.asyncDispose]();
      await second.close();
    };
    return { ...it, second, ask, [Symbol.asyncDispose]: close };
  }

  const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  it('opens, lets a probe through, closes; and tells each step', async () => {
    await using it = await pair();
    it.upstream.respond(() => reply.status(500));
    for (let n = 0; n < 4; n++) expect(await it.ask()).toBe('from the second');
    // Two failures opened it; the third and fourth request did not even ask.
    expect([it.upstream.count, it.second.count]).toEqual([2, 4]);
    expect(it.pool.stats().targets['first/claude-haiku-4-5-20251001']).toMatchObject({ circuit: 'open' });
    expect(it.pool.health()).toMatchObject({ status: 'degraded', providers: { first: 'down' } });
    it.upstream.respond(() => reply.text('from the first'));
    await passed(200);
    expect(await it.ask()).toBe('from the first');
    expect(await it.ask()).toBe('from the first');
    expect(it.pool.providers()[0]).toMatchObject({ status: 'healthy', targets: [{ circuit: 'closed' }] });
    const steps = it.told.filter(({ name }) => name.startsWith('circuit_breaker.'));
    const target = 'first/claude-haiku-4-5-20251001';
    expect(steps).toMatchObject([
      { name: 'circuit_breaker.open', target, from: 'closed', to: 'open', reason: 'failures' },
      { name: 'circuit_breaker.half_open', target, from: 'open', reason: 'open_time_over' },
      { name: 'circuit_breaker.close', target, from: 'half_open', reason: 'probe_succeeded' },
    ]);
    expect(steps[0]).toHaveProperty('openMs', expect.any(Number));
  });

  it('opens again when the probe fails, and one probe is out at a time', async () => {
    await using it = await pair();
    it.upstream.respond(() => reply.status(500));
    for (let n = 0; n < 2; n++) await it.ask();
    await passed(200);
    it.upstream.respond(() => reply.status(500, { firstMs: 15 }));
    await Promise.all([it.ask(), it.ask(), it.ask()]);
    expect(it.upstream.count).toBe(2 + 1);
    expect(it.of('circuit_breaker.open').map(({ reason }) => reason)).toEqual(['failures', 'probe_failed']);
  });

  it('takes no 429 for a failure, and no refusal of the request', async () => {
    await using it = await stand({ pool: { breaker, retry: false } });
    for (const status of [400, 422, 429, 400, 429, 413]) {
      it.upstream.script(reply.status(status));
      await failureOf(it.pool.request(question()));
    }
    expect(it.of('circuit_breaker.open')).toEqual([]);
    expect(it.upstream.count).toBe(6);
  });

  it('leaves the last target one request for each probe interval', async () => {
    await using it = await stand({
      pool: { breaker: { ...breaker, openMs: 5_000, maxOpenMs: 5_000 }, retry: false },
      upstream: { respond: () => reply.status(500) },
    });
    const codes: unknown[] = [];
    for (let n = 0; n < 4; n++) {
      const error = await failureOf(it.pool.request(question()));
      codes.push(Object(error).code);
    }
    expect(codes.slice(0, 2)).toEqual(['server_error', 'server_error']);
    expect(codes.slice(2)).toContain('circuit_open');
    expect(it.upstream.count).toBeLessThanOrEqual(3);
  });

  it('`breaker: false` never opens', async () => {
    await using it = await stand({
      pool: { breaker: false, retry: false },
      upstream: { respond: () => reply.status(500) },
    });
    for (let n = 0; n < 12; n++) await failureOf(it.pool.request(question()));
    expect(it.upstream.count).toBe(12);
  });
});

it('two pools share nothing', async () => {
  await using it = await stand({ upstream: { respond: () => reply.status(401) } });
  await failureOf(it.pool.request(question()));
  const other = new ProviderPool({
    providers: [anthropic({ apiKey: KEY, baseURL: it.upstream.url })],
  });
  it.upstream.respond(undefined);
  expect(other.health().status).toBe('unknown');
  expect((await other.request(question())).choices[0]?.finish_reason).toBe('stop');
  await other.close();
});
