import type { PoolOptions } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openai } from 'runestone/providers/openai-compatible';
import { type Reply, reply, startUpstream, type Upstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { until } from '../provider-kit/loopback.ts';
import { around, KEY, question, type Stand, wordsOf } from './lab.ts';

/** Claude at the first host, an OpenAI-style model at the second, behind the alias `both`; `pool` has both. */
async function pair(replies: readonly [Reply, Reply], options: Partial<PoolOptions> = {}) {
  const one = await startUpstream({ respond: () => replies[0] });
  const two = await startUpstream({ respond: () => replies[1] });
  const providers = [
    anthropic({ name: 'one', apiKey: KEY, baseURL: one.url }),
    openai({ name: 'two', apiKey: KEY, baseURL: `${two.url}/v1` }),
  ] as const;
  const models = { both: ['one/claude-haiku-4-5', 'two/gpt-4.1'] };
  const it = around(one, { providers, models, ...options });
  return {
    ...it,
    providers,
    models,
    one,
    two,
    async [Symbol.asyncDispose]() {
      await it[Symbol.asyncDispose]();
      await two.close();
    },
  };
}

/** Every request had one stop for its start, every attempt too, and nothing is under way. */
function nothingIsLeft({ pool, told }: Pick<Stand, 'pool' | 'told'>): void {
  expect(pool.stats().total.inFlight).toBe(0);
  const count = (name: string): number => told.filter((event) => event.name === name).length;
  expect(count('request.stop')).toBe(count('request.start'));
  expect(count('provider.request.stop')).toBe(count('provider.request.start'));
}

const words = 'word '.repeat(40).trim();
/** Long enough for all to be under way at once. */
const story = 'word '.repeat(150).trim();

describe('P21: a provider that is removed while 100 streams are with it', () => {
  it('ends all of them well, gets no new one, and is closed after the last', async () => {
    await using lab = await pair([reply.text(story, { delayMs: 6 }), reply.text('elsewhere')]);
    const { pool, providers, one, two, models } = lab;
    const streams = await Promise.all(
      Array.from({ length: 100 }, () => pool.streamRequest(question('?', { model: 'both' }))),
    );
    expect(one.inFlight).toBe(100);
    const [, second] = providers;
    const changed = pool.update({ providers: [second], models: { both: models.both.slice(1) } });
    expect(changed).toContain('providers.one');

    const fresh = await pool.request(question('?', { model: 'both' }));
    expect([fresh.runestone.provider, fresh.choices[0]?.message.content]).toEqual(['two', 'elsewhere']);
    expect(await failureOf(pool.request(question('?', { model: 'one/claude-haiku-4-5' })))).toMatchObject({
      code: 'no_route',
    });
    expect(one.connections).toBeGreaterThan(0);
    expect(await Promise.all(streams.map(wordsOf))).toEqual(streams.map(() => story));
    expect([one.count, two.count]).toEqual([100, 1]);
    // Its own connections are let go of with it.
    await until(() => one.connections === 0, 2_000);
    nothingIsLeft(lab);
  });
});

describe('a hundred requests for the same at the same time', () => {
  it('are one upstream, and cost what one costs', async () => {
    await using lab = await pair([reply.text(words, { firstMs: 50 }), reply.text('never')], {
      singleFlight: true,
    });
    const all = Array.from({ length: 100 }, () => lab.pool.request(question('?', { model: 'both' })));
    const answers = await Promise.all(all);
    expect(answers.every(({ choices }) => choices[0]?.message.content === words)).toBe(true);
    expect([lab.one.count, lab.two.count]).toEqual([1, 0]);
    const costs = answers.map(({ runestone }) => runestone.costUsd ?? Number.NaN);
    const booked = lab.of('cost.recorded');
    expect(booked).toHaveLength(1);
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(booked[0]?.costUsd);
    nothingIsLeft(lab);
  });

  it('are one upstream for each tenant', async () => {
    await using lab = await pair([reply.text(words, { firstMs: 50 }), reply.text('never')], {
      singleFlight: true,
    });
    const all = Array.from({ length: 100 }, (_, n) =>
      lab.pool.request(question('?', { model: 'both' }), { tenant: `t${n % 5}` }),
    );
    await Promise.all(all);
    expect(lab.one.count).toBe(5);
  });

  it('cut the one upstream only when the last has left', async () => {
    await using lab = await pair([reply.text(words, { firstMs: 5_000 }), reply.text('never')], {
      singleFlight: true,
    });
    const controllers = Array.from({ length: 10 }, () => new AbortController());
    const all = controllers.map(({ signal }) =>
      failureOf(lab.pool.request(question('?', { model: 'both' }), { signal })),
    );
    await until(() => lab.one.inFlight === 1, 2_000);
    const [last, ...others] = controllers;
    for (const other of others) other.abort();
    await Promise.all(all.slice(1));
    expect(lab.one.inFlight).toBe(1);
    last?.abort();
    expect(await all[0]).toMatchObject({ code: 'cancelled' });
    await until(() => lab.one.inFlight === 0, 2_000);
    expect([lab.one.count, lab.one.requests[0]?.closedByClient]).toEqual([1, true]);
    nothingIsLeft(lab);
  });
});

describe('a host that hangs before its first content', () => {
  const hanging = reply.text('late', { firstMs: 10_000 });
  const gone = ({ inFlight, requests }: Upstream): boolean =>
    inFlight === 0 && requests[0]?.closedByClient === true;

  it.each([true, false])('is left for the next, and let go of (stream: %s)', async (stream) => {
    await using lab = await pair([hanging, reply.text('quick')], { hedge: { afterMs: 20 } });
    const asked = question('?', { model: 'both' });
    const answer = stream
      ? await (await lab.pool.streamRequest(asked)).completion()
      : await lab.pool.request(asked);
    expect([answer.choices[0]?.message.content, lab.one.count, lab.two.count]).toEqual(['quick', 1, 1]);
    await until(() => gone(lab.one), 1_000);
    expect(answer.runestone).toMatchObject({
      provider: 'two',
      attempts: 2,
      trace: {
        attempts: [
          { attempt: 1, provider: 'one', outcome: 'cancelled', lost: true },
          { attempt: 2, provider: 'two', outcome: 'ok', hedge: true },
        ],
      },
    });
    expect(lab.of('hedge')).toHaveLength(1);
    expect(lab.of('cost.recorded').map(({ outcome }) => outcome)).toEqual(['cancelled', 'ok']);
    nothingIsLeft(lab);
  });

  it('is asked as ever without hedges', async () => {
    await using lab = await pair([reply.text('slow', { firstMs: 100 }), reply.text('quick')]);
    const answer = await lab.pool.request(question('?', { model: 'both' }));
    expect([answer.choices[0]?.message.content, lab.two.count]).toEqual(['slow', 0]);
  });

  it('in an outage adds a tenth of the load at most, beyond a minimum: the retry budget holds', async () => {
    await using lab = await pair([hanging, reply.text('quick')], {
      hedge: { afterMs: 10 },
      timeouts: { firstTokenMs: 200, totalMs: 5_000 },
      retry: { budget: { ratio: 0.1, minimum: 5 } },
    });
    const all = Array.from({ length: 60 }, () => lab.pool.request(question('?', { model: 'both' })));
    await Promise.allSettled(all);
    expect(lab.of('hedge')).toHaveLength(6);
    nothingIsLeft(lab);
  });
});
