import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatRequest } from '../../src/chat/request.ts';
import { isRunestoneError } from '../../src/errors/index.ts';
import type { Middleware } from '../../src/pipeline/middleware.ts';
import type { CallOptions, PoolOptions } from '../../src/pool/options.ts';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import type { AnyTelemetryEvent } from '../../src/telemetry/events.ts';
import { type Scripted, scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { ask, EPOCH_MS, failureOf } from '../contexts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** An answer in which each event takes 10 ms. */
const slow = replies(['Once ', 'upon'], { delayMs: 10 });

function setUp(
  steps: readonly Scripted[] = [slow],
  options: Partial<PoolOptions> = {},
  more: Parameters<typeof scriptedProvider>[2] = {},
) {
  const provider = scriptedProvider('a', steps, more);
  const pool = new ProviderPool(
    {
      providers: [provider],
      singleFlight: true,
      cost: { prices: { 'scripted-model': { inputUsdPerMTok: 1, outputUsdPerMTok: 1 } } },
      ...options,
    },
    { nowMs: () => performance.now(), epochMs: () => EPOCH_MS, random: () => 0.5 },
  );
  const told: AnyTelemetryEvent[] = [];
  pool.on('*', (event) => told.push(event));
  const of = <Name extends AnyTelemetryEvent['name']>(name: Name) =>
    told.filter((event): event is Extract<AnyTelemetryEvent, { name: Name }> => event.name === name);
  const asking = (requestId: string, call: CallOptions = {}, request: Partial<ChatRequest> = {}) =>
    pool.request({ ...ask(), ...request }, { requestId, ...call });
  return { pool, provider, told, of, asking, calls: () => provider.calls.length };
}

describe('requests that ask for the same at the same time', () => {
  it('share one upstream call, and each gets the whole answer', async () => {
    const { asking, calls, pool } = setUp();
    const all = Array.from({ length: 100 }, (_, n) => asking(String(n)));
    await pass(25);
    all.push(asking('late'));
    await pass(100);
    const answers = await Promise.all(all);
    expect(answers.map(({ choices }) => choices[0]?.message.content)).toEqual(all.map(() => 'Once upon'));
    expect([calls(), pool.stats().total.requests]).toEqual([1, 1]);
  });

  it('share nothing once the answer is there', async () => {
    const { asking, calls } = setUp();
    for (const id of ['one', 'two']) {
      const answer = asking(id);
      await pass(100);
      expect((await answer).runestone).toMatchObject({ requestId: id, attempts: 1 });
    }
    expect(calls()).toBe(2);
  });

  it('are booked once, to the first; the others cost nothing, and name it', async () => {
    const { asking, of } = setUp();
    const all = [asking('one'), asking('two'), asking('three')];
    await pass(100);
    const [one, two, three] = (await Promise.all(all)).map(({ runestone }) => runestone);
    expect(one).toMatchObject({ requestId: 'one', attempts: 1, costUsd: 0.000013, precision: 'reported' });
    expect(one?.trace.sharedWith).toBeUndefined();
    for (const [id, other] of Object.entries({ two, three })) {
      expect(other).toMatchObject({
        requestId: id,
        attempts: 0,
        costUsd: 0,
        precision: 'reported',
        provider: 'a',
        model: 'scripted-model',
        usage: { inputTokens: 10 },
        trace: { sharedWith: 'one', attempts: [], candidates: ['a/scripted-model'] },
      });
    }
    expect(of('cost.recorded').map(({ requestId }) => requestId)).toEqual(['one']);
  });

  it('have each a start and a stop, with all attempts within those of the first', async () => {
    const { asking, told, of } = setUp();
    const all = [asking('one'), asking('two')];
    await pass(100);
    await Promise.all(all);
    expect(of('request.start').map(({ requestId }) => requestId)).toEqual(['one', 'two']);
    expect(of('request.stop')).toMatchObject([
      { requestId: 'one', outcome: 'ok', attempts: 1, costUsd: 0.000013, sharedWith: undefined },
      { requestId: 'two', outcome: 'ok', attempts: 0, costUsd: 0, sharedWith: 'one', usage: undefined },
    ]);
    const ofOne = told.flatMap((event) =>
      'requestId' in event && event.requestId === 'one' ? [event.name] : [],
    );
    expect([ofOne.at(0), ofOne.at(-1)]).toEqual(['request.start', 'request.stop']);
  });

  it('fail together, each with an error of its own', async () => {
    const { asking, calls } = setUp([fails('invalid_request', { status: 400 })]);
    const [one, two] = await Promise.all([failureOf(asking('one')), failureOf(asking('two'))]);
    expect(calls()).toBe(1);
    expect(one).toMatchObject({ code: 'invalid_request', requestId: 'one', attempts: [{ attempt: 1 }] });
    expect(two).toMatchObject({ code: 'invalid_request', requestId: 'two', attempts: [], provider: 'a' });
    expect([one !== two, two instanceof Error, isRunestoneError(two)]).toEqual([true, true, true]);
    expect(String(Reflect.get(Object(two), 'stack'))).toContain('ProviderError');
  });

  it('share retries and failover too', async () => {
    const { asking, calls } = setUp([fails('server_error', { status: 500 }), breaks('Once'), slow]);
    const all = Promise.allSettled([asking('one'), asking('two')]);
    await pass(5_000);
    const settled = await all;
    expect([calls(), settled.map(({ status }) => status)]).toEqual([2, ['rejected', 'rejected']]);
  });

  it('are told of the warnings', async () => {
    const warning = { code: 'clamped', message: 'less' };
    const { asking } = setUp([replies([{ type: 'warning', warning }, 'Hi'], { delayMs: 10 })]);
    const all = [asking('one'), asking('two')];
    await pass(100);
    const warnings = (await Promise.all(all)).map(({ runestone }) => runestone.warnings);
    expect(warnings).toEqual([[warning], [warning]]);
  });

  it('cannot change each other’s answer', async () => {
    const block = { type: 'thinking' as const, thinking: 'Hm', signature: 'signed' };
    const { asking } = setUp([replies([{ type: 'thinking_block', block }, 'Hi'], { delayMs: 10 })]);
    const all = [asking('one'), asking('two')];
    await pass(100);
    const [one, two] = (await Promise.all(all)).map(({ choices }) => choices[0]?.message.thinking_blocks);
    Object.assign(Object(one?.[0]), { thinking: 'changed' });
    expect(two).toEqual([{ type: 'thinking', thinking: 'Hm', signature: 'signed' }]);
  });

  it('are embeddings as well', async () => {
    const embed = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { data: [{ object: 'embedding' as const, index: 0, embedding: [1, 2] }] };
    });
    const { pool } = setUp([slow], {}, { embed });
    const asked = { model: 'a/scripted-model', input: 'Hi' };
    const all = [pool.embed(asked), pool.embed(asked), pool.embed({ ...asked, input: 'Ho' })];
    await pass(50);
    const answers = await Promise.all(all);
    expect(embed).toHaveBeenCalledTimes(2);
    expect(answers.map(({ data }) => data[0]?.embedding)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });
});

describe('rule 44: requests share nothing when they differ', () => {
  it.each<[string, CallOptions, Partial<ChatRequest>?]>([
    ['in their tenant', { tenant: 'other' }],
    ['in having a tenant', {}],
    ['in their provider', { tenant: 't', provider: 'a' }],
    ['in their model', { tenant: 't' }, { model: 'a/other' }],
    ['in what they ask', { tenant: 't' }, { messages: [{ role: 'user', content: 'Hello?' }] }],
    ['in a parameter', { tenant: 't' }, { temperature: 0 }],
    ['in a parameter that nobody knows', { tenant: 't' }, { brand_new: 1 }],
    ['in how strict they are', { tenant: 't', strict: true }],
    ['in their conversation', { tenant: 't', sessionId: 's' }],
    ['in their priority', { tenant: 't', priority: 'high' }],
    ['in their labels', { tenant: 't', metadata: { region: 'eu' } }],
  ])('%s', async (_, call, request) => {
    const { asking, calls } = setUp();
    const all = [
      asking('one', { tenant: 't' }),
      asking('two', call, request),
      asking('three', call, request),
    ];
    await pass(100);
    await Promise.all(all);
    expect(calls()).toBe(2);
  });

  it('in tenants whose names look alike (rule 29)', async () => {
    const { asking, calls } = setUp();
    const names = ['a:b', 'a', 'b', 'a","b', '["a"]', 'null'];
    const all = names.map((tenant) => asking(tenant, { tenant, sessionId: 'b' }));
    await pass(100);
    await Promise.all(all);
    expect(calls()).toBe(names.length);
  });

  it('with a key of the call’s own', async () => {
    const { asking, calls } = setUp();
    const call = { provider: 'a', apiKey: 'sk-own' };
    const all = [asking('one', call), asking('two', call)];
    await pass(100);
    await Promise.all(all);
    expect(calls()).toBe(2);
  });
});

describe('who shares', () => {
  it.each<[string, boolean | undefined, boolean | undefined, number]>([
    ['is nobody unless it is asked for', undefined, undefined, 2],
    ['may be said by the call', undefined, true, 1],
    ['may be denied by the call', true, false, 2],
  ])('%s', async (_, ofPool, ofCall, expected) => {
    const { pool, calls } = setUp([slow], {
      ...(ofPool === undefined ? { singleFlight: false } : { singleFlight: ofPool }),
    });
    const call = ofCall === undefined ? {} : { singleFlight: ofCall };
    const all = [pool.request(ask(), call), pool.request(ask(), call)];
    await pass(100);
    await Promise.all(all);
    expect(calls()).toBe(expected);
  });

  it('is no stream', async () => {
    const { pool, calls } = setUp([replies('Hi')]);
    const streams = await Promise.all([pool.streamRequest(ask()), pool.streamRequest(ask())]);
    expect(await Promise.all(streams.map((stream) => stream.completion()))).toHaveLength(2);
    expect(calls()).toBe(2);
  });

  it('is decided by what your middlewares made of a request, and each of them sees every one', async () => {
    const seen: string[] = [];
    const redact: Middleware = {
      name: 'redact',
      request: (context, next) => {
        seen.push(context.requestId);
        return next({
          ...context,
          request: { ...context.request, messages: [{ role: 'user', content: '***' }] },
        });
      },
    };
    const { asking, calls } = setUp([slow], { middleware: [redact] });
    const all = ['one', 'two'].map((id) => asking(id, {}, { messages: [{ role: 'user', content: id }] }));
    await pass(100);
    const answers = await Promise.all(all);
    expect([calls(), seen]).toEqual([1, ['one', 'two']]);
    expect(answers[1]?.runestone.trace.sharedWith).toBe('one');
  });

  it('is not one request that asks twice: it pays for what it asked', async () => {
    const twice: Middleware = {
      name: 'twice',
      async *request(context, next) {
        const [first] = await Promise.all(
          [next(context), next(context)].map(async (source) => {
            const batches = [];
            for await (const batch of source) batches.push(batch);
            return batches;
          }),
        );
        yield* first ?? [];
      },
    };
    const { asking, calls } = setUp([slow], { middleware: [twice] });
    const answer = asking('one');
    await pass(100);
    const { runestone } = await answer;
    expect([calls(), runestone.attempts, runestone.trace.sharedWith]).toEqual([1, 1, undefined]);
  });
});

describe('whoever leaves', () => {
  it('leaves alone: the others get their answer', async () => {
    const { asking, calls, of } = setUp();
    const controller = new AbortController();
    const leaving = failureOf(asking('two', { signal: controller.signal }));
    const staying = [asking('one'), asking('three')];
    await pass(15);
    controller.abort();
    expect(await leaving).toMatchObject({ code: 'cancelled', requestId: 'two' });
    await pass(100);
    expect((await Promise.all(staying)).map(({ runestone }) => runestone.trace.sharedWith)).toEqual([
      'two',
      'two',
    ]);
    expect(calls()).toBe(1);
    expect(of('request.stop').filter(({ requestId }) => requestId === 'two')).toHaveLength(1);
  });

  it('may be the first: its caller goes at once, its request ends with the attempt that is booked to it', async () => {
    const { asking, told, of } = setUp();
    const controller = new AbortController();
    const leader = failureOf(asking('one', { signal: controller.signal }));
    const staying = asking('two');
    await pass(15);
    controller.abort();
    expect(await leader).toMatchObject({ code: 'cancelled' });
    expect(of('request.stop')).toEqual([]);
    await pass(100);
    expect((await staying).choices[0]?.message.content).toBe('Once upon');
    expect(of('request.stop')).toMatchObject([
      { requestId: 'one', outcome: 'cancelled', attempts: 1, costUsd: 0.000013 },
      { requestId: 'two', outcome: 'ok', attempts: 0, costUsd: 0, sharedWith: 'one' },
    ]);
    const ofOne = told.flatMap((event) =>
      'requestId' in event && event.requestId === 'one' ? [event.name] : [],
    );
    expect(ofOne.at(-1)).toBe('request.stop');
  });

  it('as the last ends the attempt, which is told before the stop', async () => {
    const { asking, provider, told, of } = setUp([hangs()]);
    const controllers = [new AbortController(), new AbortController()];
    const all = controllers.map(({ signal }, n) => failureOf(asking(String(n), { signal })));
    await pass(10);
    controllers[0]?.abort();
    await pass(10);
    expect(provider.open).toBe(1);
    controllers[1]?.abort();
    await pass(0);
    expect(provider.open).toBe(0);
    await Promise.all(all);
    expect(of('provider.request.stop')).toMatchObject([{ requestId: '0', outcome: 'cancelled' }]);
    expect(
      of('request.stop')
        .map(({ requestId }) => requestId)
        .sort(),
    ).toEqual(['0', '1']);
    expect(told.filter(({ name }) => name.startsWith('provider.')).at(-1)).toMatchObject({
      name: 'provider.request.stop',
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('and comes back after the last has gone, starts anew', async () => {
    const { asking, calls } = setUp([hangs(), slow]);
    const controller = new AbortController();
    const gone = failureOf(asking('one', { signal: controller.signal }));
    await pass(5);
    controller.abort();
    await pass(0);
    const anew = asking('two');
    await pass(100);
    await gone;
    expect([calls(), (await anew).runestone.attempts]).toEqual([2, 1]);
  });

  it('because its own time is over leaves the others theirs', async () => {
    const { asking, calls } = setUp([replies('Hi', { delayMs: 100 })]);
    const hasty = failureOf(asking('one', { deadlineMs: 150 }));
    const patient = asking('two', { deadlineMs: 5_000 });
    await pass(1_000);
    expect(await hasty).toMatchObject({ code: 'deadline_exceeded' });
    expect([(await patient).choices[0]?.message.content, calls()]).toEqual(['Hi', 1]);
  });

  it('has had its time for further attempts too, when it was the most patient', async () => {
    const { asking, calls } = setUp([fails('server_error', { status: 500 }), replies('Hi')], {
      retry: { baseDelayMs: 2_000, maxDelayMs: 2_000 },
    });
    const hasty = failureOf(asking('one', { deadlineMs: 500 }));
    const patient = asking('two', { deadlineMs: 60_000 });
    await pass(5_000);
    expect(await hasty).toMatchObject({ code: 'deadline_exceeded' });
    expect([(await patient).choices[0]?.message.content, calls()]).toEqual(['Hi', 2]);
  });

  it('is sent away by a pool that closes, like everybody', async () => {
    const { asking, pool, provider } = setUp([hangs()]);
    const all = [failureOf(asking('one')), failureOf(asking('two'))];
    await pass(1);
    const closing = pool.close({ drainMs: 100 });
    await pass(200);
    await closing;
    expect(await Promise.all(all)).toMatchObject([{ code: 'pool_closed' }, { code: 'pool_closed' }]);
    expect(provider.open).toBe(0);
  });
});

describe('limits', () => {
  it('hold back the shared attempt alone, and are given back', async () => {
    const { asking, pool } = setUp([slow], { limits: { pool: { concurrency: 1, requestsPerMinute: 10 } } });
    const all = [asking('one'), asking('two'), asking('three')];
    await pass(1);
    expect(pool.stats().limits).toMatchObject({ waiting: 0, pool: { inUse: 1 } });
    await pass(100);
    await Promise.all(all);
    expect(pool.stats().limits.pool?.inUse).toBe(0);
  });

  it('are given back only when the attempts are over, whose leader has left', async () => {
    const { asking, pool } = setUp([slow], { limits: { pool: { concurrency: 1 } } });
    const controller = new AbortController();
    const leader = failureOf(asking('one', { signal: controller.signal }));
    const other = asking('two');
    await pass(5);
    controller.abort();
    await leader;
    expect(pool.stats().limits.pool?.inUse).toBe(1);
    await pass(100);
    await other;
    expect(pool.stats().limits.pool?.inUse).toBe(0);
  });
});
