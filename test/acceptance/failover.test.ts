import { type AnyTelemetryEvent, FailoverError, isRunestoneError, type PoolOptions } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { maskKey, type Reply, reply, startUpstream, type Upstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { around, KEY, question, type Stand, stand, wordsOf } from './lab.ts';

/** Two hosts behind one name. */
interface Pair extends Stand {
  readonly second: Upstream;
}

const MODEL = 'claude-haiku-4-5-20251001';

async function pair(
  first: Reply,
  second: Reply = reply.text('from the second'),
  options: Partial<PoolOptions> = {},
): Promise<Pair> {
  const hosts = [
    await startUpstream({ respond: () => first }),
    await startUpstream({ respond: () => second }),
  ];
  const [one, two] = hosts;
  if (!one || !two) throw new Error('two were started');
  const it = around(one, {
    providers: [
      anthropic({ name: 'first', apiKey: KEY, baseURL: one.url }),
      anthropic({ name: 'second', apiKey: KEY, baseURL: two.url }),
    ],
    models: { pair: ['first/claude-haiku-4-5', 'second/claude-haiku-4-5'] },
    ...options,
  });
  const close = async (): Promise<void> => {
    await it[Symbol.asyncDispose]();
    await two.close();
  };
  return { ...it, second: two, [Symbol.asyncDispose]: close };
}

const asked = question('?', { model: 'pair' });

/** An event in a few words. */
function brief(event: AnyTelemetryEvent): string {
  const { name, target, outcome, code, from, to } = Object(event);
  return [name, target ?? (from && `${from} > ${to}`), outcome, code]
    .filter(Boolean)
    .join(' ')
    .replaceAll(`/${MODEL}`, '');
}

describe('the telemetry of a request that another target answered', () => {
  it('tells each step once, in order', async () => {
    await using it = await pair(reply.status(529));
    const stream = await it.pool.streamRequest(asked, { requestId: 'mine', tenant: 'ada' });
    expect(await wordsOf(stream)).toBe('from the second');
    const seen = it.told.filter(({ name }) => name !== 'provider.stream.chunk');
    expect(seen.map(brief)).toEqual([
      'request.start',
      'router.decide',
      'provider.request.start first',
      'cost.recorded first error overloaded',
      'provider.error first overloaded',
      'provider.request.stop first error overloaded',
      'failover first > second overloaded',
      'provider.request.start second',
      'provider.stream.first_token second',
      'cost.recorded second ok',
      'provider.request.stop second ok',
      'request.stop ok',
    ]);
    for (const event of it.told) if ('requestId' in event) expect(event.requestId).toBe('mine');
    expect(it.of('request.start')).toMatchObject([{ tenant: 'ada', requestedModel: 'pair', stream: true }]);
    expect(it.of('request.stop')).toMatchObject([
      { tenant: 'ada', attempts: 2, provider: 'second', model: MODEL, finishReason: 'stop' },
    ]);
    expect(it.of('router.decide')).toMatchObject([
      { candidates: [`first/${MODEL}`, `second/${MODEL}`], excluded: [], requestedModel: 'pair' },
    ]);
    expect(it.of('provider.stream.chunk').length).toBeGreaterThan(1);
  });

  it('tells a retry first, where the same target may do better', async () => {
    await using it = await pair(reply.status(500));
    await it.pool.request(asked);
    expect(it.told.map(brief).filter((each) => /retry|failover/.test(each))).toEqual([
      'retry.scheduled first server_error',
      'retry.exhausted first server_error',
      'failover first > second server_error',
    ]);
    expect(it.pool.stats().targets).toMatchObject({
      [`first/${MODEL}`]: { requests: 2, errors: 2, retries: 1, errorRate: 1 },
      [`second/${MODEL}`]: { requests: 1, errors: 0, retries: 0, errorRate: 0 },
    });
  });

  it('when both fail: one error for each, and the words of the pool', async () => {
    await using it = await pair(
      reply.status(401),
      reply.status(529, { headers: { 'retry-after': '36000' } }),
    );
    const error = await failureOf(it.pool.request(asked));
    if (!isRunestoneError(error) || !(error instanceof FailoverError)) throw error;
    expect(error.errors.map(({ provider, code }) => [provider, code])).toEqual([
      ['first', 'authentication'],
      ['second', 'overloaded'],
    ]);
    expect(error).toMatchObject({ retryAfterMs: 36_000_000, attempts: [{ status: 401 }, { status: 529 }] });
    expect(it.of('request.error')).toMatchObject([{ code: 'failover_exhausted' }]);
    expect(it.of('request.stop')).toMatchObject([
      { outcome: 'error', code: 'failover_exhausted', attempts: 2 },
    ]);
  });

  it('a listener that throws, rejects or blocks changes nothing', async () => {
    await using it = await pair(reply.status(529));
    it.pool.on('provider.request.start', () => {
      throw new Error('mine');
    });
    it.pool.on('failover', () => Promise.reject(new Error('mine too')));
    it.pool.on('provider.error', () => {
      const untilMs = performance.now() + 20;
      while (performance.now() < untilMs);
    });
    const { choices } = await it.pool.request(asked);
    expect(choices[0]?.message.content).toBe('from the second');
    await new Promise((resolve) => setImmediate(resolve));
    expect(
      it
        .of('telemetry.listener_failed')
        .map(({ event }) => event)
        .sort(),
    ).toEqual(['failover', 'provider.request.start']);
  });
});

it('nobody listens at the first: not tried again there, the second is asked at once', async () => {
  await using it = await pair(reply.text('from the first'));
  await it.upstream.close();
  const { choices, runestone } = await it.pool.request(asked);
  expect(choices[0]?.message.content).toBe('from the second');
  expect(runestone).toMatchObject({
    precision: 'reported',
    trace: { attempts: [{ outcome: 'error', code: 'connection', costUsd: 0 }, { outcome: 'ok' }] },
  });
  expect(it.told.map(brief).filter((each) => /retry|failover/.test(each))).toEqual([
    'failover first > second connection',
  ]);
});

describe('the cost of attempts that failed', () => {
  const said = reply.text('one two three four', { usage: { input_tokens: 1_000, output_tokens: 400 } });
  const prices = { inputUsdPerMTok: 1, outputUsdPerMTok: 5 };
  const options: Partial<PoolOptions> = {
    cost: { prices: { [`first/${MODEL}`]: prices, [`second/${MODEL}`]: prices } },
    retry: false,
  };
  const ofSecond = (1_000 * 1 + 400 * 5) / 1e6;

  it.each<readonly [name: string, first: Reply, costUsd: number | undefined, precision: string]>([
    ['refused: nothing, for sure', reply.status(529), 0, 'reported'],
    ['refused key: nothing, for sure', reply.status(401), 0, 'reported'],
    [
      'a break before the input was counted: not known',
      reply.cut({ after: 'head', answer: said }),
      undefined,
      'unknown',
    ],
    [
      'a break after it: the input, and the output by its length',
      reply.cut({ after: 0, answer: said }),
      0.001,
      'estimated',
    ],
    ['no head at all: not known', reply.dropBeforeHeaders('reset', 5), undefined, 'unknown'],
  ])('%s', async (_, first, costUsd, precision) => {
    await using it = await pair(first, said, { ...options, retry: { attemptsPerTarget: 1 } });
    const { runestone } = await (await it.pool.streamRequest(asked)).completion();
    const recorded = it.of('cost.recorded');
    expect(recorded).toMatchObject([
      { target: `first/${MODEL}`, outcome: 'error', precision },
      { target: `second/${MODEL}`, outcome: 'ok', precision: 'reported', costUsd: ofSecond },
    ]);
    if (costUsd === undefined) expect(recorded[0]?.costUsd).toBeUndefined();
    // The one output token of the opening usage is the host's own placeholder.
    else expect(recorded[0]?.costUsd).toBeCloseTo(costUsd, 4);
    const first_ = recorded[0]?.costUsd;
    expect(runestone.precision).toBe(precision);
    if (first_ === undefined) expect(runestone.costUsd).toBeUndefined();
    else expect(runestone.costUsd).toBe(Math.round((first_ + ofSecond) * 1e9) / 1e9);
    expect(runestone.trace.attempts.map((record) => record.costUsd)).toEqual(
      recorded.map((event) => event.costUsd),
    );
    const { total } = it.pool.stats();
    expect(total).toMatchObject({ requests: 2, unpriced: first_ === undefined ? 1 : 0 });
    expect(total.costUsd).toBeCloseTo((first_ ?? 0) + ofSecond, 9);
  });

  it('is in the error of a stream that breaks, with what was used', async () => {
    await using it = await pair(reply.cut({ after: 2, answer: said }), said, options);
    const stream = await it.pool.streamRequest(asked);
    const error = await failureOf(wordsOf(stream));
    if (!isRunestoneError(error)) throw error;
    expect(error).toMatchObject({
      committed: true,
      usage: { inputTokens: 1_000 },
      attempts: [{ precision: 'estimated', outcome: 'error' }],
    });
    expect(error.costUsd).toBeGreaterThanOrEqual(0.001);
    expect(error.costUsd).toBeLessThan(ofSecond);
    expect(stream.runestone.costUsd).toBe(error.costUsd);
    expect(it.second.count).toBe(0);
  });

  it('of an answer that its reader left is an estimate, never nothing', async () => {
    await using it = await pair(reply.text('word '.repeat(500), { delayMs: 2 }), said, options);
    const stream = await it.pool.streamRequest(asked);
    for await (const _ of stream) break;
    expect(it.of('cost.recorded')).toMatchObject([{ outcome: 'cancelled', precision: 'estimated' }]);
    expect(stream.runestone.costUsd).toBeGreaterThan(0);
    expect(it.pool.stats().total).toMatchObject({ cancelled: 1, errors: 0, precision: 'estimated' });
  });

  it('counts cache reads and writes in buckets of their own', async () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 20,
      cache_read_input_tokens: 1_000,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
    };
    await using it = await stand({ upstream: { respond: () => reply.text('Hi', { usage }) } });
    for (const ask of [
      () => it.pool.request(question()),
      async () => (await it.pool.streamRequest(question())).completion(),
    ]) {
      const { runestone, usage: told } = await ask();
      expect(runestone.usage).toMatchObject({
        inputTokens: 10,
        outputTokens: 20,
        cacheReadTokens: 1_000,
        cacheWrite5mTokens: 100,
        cacheWrite1hTokens: 200,
      });
      // Haiku 4.5 costs 1 and 5 USD; a read 0.1, writes 1.25 and 2 times the input.
      const usd = (10 * 1 + 20 * 5 + 1_000 * 0.1 + 100 * 1.25 + 200 * 2) / 1e6;
      expect(runestone).toMatchObject({ costUsd: usd, precision: 'reported' });
      expect(told).toMatchObject({
        prompt_tokens: 1_310,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 1_000 },
      });
    }
  });
});

describe('several keys of one provider', () => {
  it('are targets of their own: when the first is refused the second answers, and goes on to', async () => {
    await using it = await stand({
      claude: { apiKey: ['first-key', 'second-key'] },
      upstream: { apiKeys: ['second-key'] },
    });
    const answer = await it.pool.request(question());
    expect(answer.runestone).toMatchObject({
      attempts: 2,
      trace: {
        attempts: [
          { outcome: 'error', code: 'authentication', status: 401 },
          { outcome: 'ok', code: undefined },
        ],
      },
    });
    const [first, second] = [`anthropic[0]/${MODEL}`, `anthropic[1]/${MODEL}`];
    expect(it.of('failover')).toMatchObject([{ from: first, to: second, code: 'authentication' }]);
    expect(it.of('target.cooldown')).toMatchObject([{ target: first, code: 'authentication' }]);
    // The first key stays out, for every model.
    await it.pool.request(question('Hi', { model: 'claude-haiku-5-5' }));
    expect(it.upstream.requests.map(({ key }) => key)).toEqual(
      ['first-key', 'second-key', 'second-key'].map(maskKey),
    );
    expect(it.pool.stats().targets).toMatchObject({ [first]: { errors: 1 }, [second]: { errors: 0 } });
    const targets = it.pool.providers()[0]?.targets ?? [];
    const until = Object.fromEntries(targets.map(({ target, cooldownUntil }) => [target, cooldownUntil]));
    expect(until).toMatchObject({ [first]: expect.any(Number), [second]: undefined });
  });

  it('are of no interest to a call that brings its own', async () => {
    await using it = await stand({ claude: { apiKey: ['first-key', 'second-key'] } });
    it.upstream.respond(() => reply.status(401));
    const call = { provider: 'anthropic', apiKey: 'their-own-key' };
    await failureOf(it.pool.request(question(), call));
    expect(it.upstream.requests.map(({ key }) => key)).toEqual([maskKey('their-own-key')]);
    it.upstream.respond(undefined);
    await it.pool.request(question());
    expect(it.upstream.requests.at(-1)?.key).toBe(maskKey('first-key'));
  });

  it('may come from functions that rotate', async () => {
    let turn = 0;
    await using it = await stand({ claude: { apiKey: () => `key-of-turn-${++turn}` } });
    it.upstream.script(reply.status(500));
    await it.pool.request(question());
    expect(it.upstream.requests.map(({ key }) => key)).toEqual(
      ['key-of-turn-1', 'key-of-turn-2'].map(maskKey),
    );
  });
});
