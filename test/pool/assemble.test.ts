import { describe, expect, it } from 'vitest';
import type { Batch, ChatEvent } from '../../src/chat/events.ts';
import { ProviderError } from '../../src/errors/index.ts';
import {
  type AttemptContext,
  type Middleware,
  perEvent,
  type RequestContext,
} from '../../src/pipeline/middleware.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { fails, replies } from '../../src/testing/scripted-steps.ts';
import { ask, finish, text } from '../contexts.ts';
import { run, world } from './world.ts';

/** A world of one provider that answers, with these plug-ins. */
function setUp(middleware: readonly Middleware[], options: Partial<PoolOptions> = {}) {
  const provider = scriptedProvider('a', [replies(['Hello ', 'there'])]);
  const all = world({ providers: [provider], middleware, retry: { baseDelayMs: 1 }, ...options });
  return { provider, all };
}

const noting = (name: string, log: string[]): Middleware => ({
  name,
  request: async function* note(context, next) {
    log.push(`${name} request`);
    try {
      yield* next(context);
      log.push(`${name} request over`);
    } finally {
      log.push(`${name} request left`);
    }
  },
  attempt: async function* note(context, next) {
    log.push(`${name} attempt ${context.attempt}`);
    try {
      yield* next(context);
    } finally {
      log.push(`${name} attempt left`);
    }
  },
});

describe('plug-ins', () => {
  it('are passed in order, first is outermost, once for the request and once for each attempt', async () => {
    const log: string[] = [];
    const provider = scriptedProvider('a', [fails('conflict'), replies('Hi')]);
    const middleware = [noting('x', log), noting('y', log)];
    await run(world({ providers: [provider], middleware, retry: { baseDelayMs: 1 } })).ended;
    expect(log).toEqual([
      ...['x request', 'y request'],
      ...['x attempt 1', 'y attempt 1', 'y attempt left', 'x attempt left'],
      ...['x attempt 2', 'y attempt 2', 'y attempt left', 'x attempt left'],
      ...['y request over', 'y request left', 'x request over', 'x request left'],
    ]);
  });

  it('may have one scope alone, or none', async () => {
    const log: string[] = [];
    const { request, attempt } = noting('x', log);
    if (!request || !attempt) throw new Error('both are there');
    const { all } = setUp([{ name: 'r', request }, { name: 'a', attempt }, { name: 'none' }]);
    const { ended, texts } = run(all);
    await ended;
    expect(texts()).toBe('Hello there');
    expect(log.filter((line) => !line.includes('left'))).toEqual([
      'x request',
      'x attempt 1',
      'x request over',
    ]);
  });

  it('can answer themselves: a cache asks nobody and costs nothing', async () => {
    const store = new Map<string, Batch[]>();
    const cache: Middleware = {
      name: 'cache',
      request: async function* cache(context, next) {
        const key = JSON.stringify(context.request.messages);
        const kept = store.get(key);
        if (kept) return yield* kept;
        const batches: Batch[] = [];
        for await (const batch of next(context)) {
          batches.push(batch);
          yield batch;
        }
        store.set(key, batches);
      },
    };
    const { provider, all } = setUp([cache]);
    const first = run(all);
    await first.ended;
    const second = run(all);
    await second.ended;
    expect(second.got).toEqual(first.got);
    expect(provider.calls).toHaveLength(1);
    expect(all.told.of('request.stop')).toMatchObject([
      { outcome: 'ok', attempts: 1 },
      { outcome: 'ok', attempts: 0, costUsd: 0, precision: 'reported' },
    ]);
    expect(all.told.of('cost.recorded')).toHaveLength(1);
  });

  it('can pass on a changed request: a redactor, of which those outside see nothing', async () => {
    const redactor: Middleware = {
      name: 'redactor',
      request: (context, next) =>
        next({ ...context, request: { ...context.request, messages: ask('[redacted]').messages } }),
    };
    const outside: RequestContext[] = [];
    const inside: AttemptContext[] = [];
    const looking: Middleware = {
      name: 'looking',
      request: (context, next) => {
        outside.push(context);
        return next(context);
      },
      attempt: (context, next) => {
        inside.push(context);
        return next(context);
      },
    };
    const { provider, all } = setUp([looking, redactor]);
    const { ended, context } = run(all, ask('my secret'));
    await ended;
    expect(provider.calls[0]?.request.messages).toEqual(ask('[redacted]').messages);
    expect(outside[0]?.request.messages).toEqual(ask('my secret').messages);
    expect(inside[0]?.request.request.messages).toEqual(ask('[redacted]').messages);
    // One trail for all of them, or telemetry would lose the attempts.
    expect(inside[0]?.request.trail).toBe(context.trail);
    expect(all.told.of('request.stop')).toMatchObject([{ attempts: 1 }]);
  });

  it('can change the answer, event by event if they like', async () => {
    const shouting = perEvent<RequestContext>(async function* shouting(context, next) {
      for await (const [event] of next(context)) {
        if (event) yield [event.type === 'text_delta' ? text(event.text.toUpperCase()) : event];
      }
    });
    const { all } = setUp([{ name: 'shouting', request: shouting }]);
    const { ended, texts, got } = run(all);
    await ended;
    expect(texts()).toBe('HELLO THERE');
    expect(got.every((batch) => batch.length === 1)).toBe(true);
  });

  it('can ask again: a guardrail that does not like the first answer', async () => {
    const guardrail: Middleware = {
      name: 'guardrail',
      request: async function* guardrail(context, next) {
        const read: ChatEvent[] = [];
        for await (const batch of next(context)) read.push(...batch);
        if (read.some((event) => event.type === 'text_delta' && event.text.includes('rude')))
          yield* next(context);
        else yield read;
      },
    };
    const provider = scriptedProvider('a', [replies('rude'), replies('polite')]);
    const all = world({ providers: [provider], middleware: [guardrail] });
    const { ended, texts, context } = run(all);
    await ended;
    expect(texts()).toBe('polite');
    expect(context.trail.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'ok'],
      [2, 'ok'],
    ]);
    expect(all.told.of('request.stop')).toHaveLength(1);
  });

  it('can refuse with an error of their own, which is told and passed on unchanged', async () => {
    const mine = new RangeError('not on Sundays');
    const refusing: Middleware = {
      name: 'refusing',
      request: async function* refusing() {
        yield* [] as Batch[];
        throw mine;
      },
    };
    const { provider, all } = setUp([refusing]);
    const going = run(all);
    await going.ended;
    expect(going.error).toBe(mine);
    expect(provider.calls).toHaveLength(0);
    expect(all.told.names()).toEqual(['request.start', 'request.stop']);
  });
});

describe('the layers of an attempt', () => {
  it('let your plug-in see real tries only: what the circuit refuses is none', async () => {
    const seen: number[] = [];
    const looking: Middleware = {
      name: 'looking',
      attempt: (context, next) => {
        seen.push(context.attempt);
        return next(context);
      },
    };
    const provider = scriptedProvider('a', [fails('server_error', { status: 500 })]);
    const options = { retry: false, breaker: { failureThreshold: 1 } } as const;
    const all = world({ providers: [provider], middleware: [looking], ...options });
    await run(all).ended;
    const refused = run(all);
    await refused.ended;
    expect(refused.error).toMatchObject({ code: 'circuit_open' });
    expect(seen).toEqual([1]);
    expect(all.told.of('provider.request.start')).toHaveLength(1);
  });

  it('settle the cost before your plug-in is over, also when the attempt broke', async () => {
    const costs: unknown[] = [];
    const looking: Middleware = {
      name: 'looking',
      attempt: async function* looking(context, next) {
        try {
          yield* next(context);
        } finally {
          costs.push([context.tally.costUsd, context.tally.precision]);
        }
      },
    };
    const prices = { 'a/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 1 } };
    const provider = scriptedProvider('a', [fails('conflict', { status: 409 }), replies('four letters')]);
    const all = world({
      providers: [provider],
      middleware: [looking],
      cost: { prices },
      retry: { baseDelayMs: 1 },
    });
    await run(all).ended;
    expect(costs).toEqual([
      [0, 'reported'],
      [0.000013, 'reported'],
    ]);
  });

  it('hold your plug-in’s failure against nobody, and the provider’s against its target', async () => {
    const options = { retry: false, breaker: { failureThreshold: 1 } } as const;
    const clumsy: Middleware = {
      name: 'clumsy',
      attempt: async function* clumsy(context, next) {
        yield* next(context);
        throw new TypeError('mine');
      },
    };
    const { all } = setUp([clumsy], options);
    await run(all).ended;
    expect([...all.states.all()].map(({ circuit }) => circuit)).toEqual(['closed']);
    const strict: Middleware = {
      name: 'strict',
      attempt: async function* strict(context, next) {
        yield* next(context);
        throw new ProviderError({ provider: 'a', code: 'bad_response', message: 'no JSON' });
      },
    };
    const other = setUp([strict], options);
    await run(other.all).ended;
    expect([...other.all.states.all()].map(({ circuit }) => circuit)).toEqual(['open']);
  });

  it('tell an answer that a plug-in cut short from a complete one', async () => {
    const cutting: Middleware = {
      name: 'cutting',
      attempt: async function* cutting(context, next) {
        for await (const batch of next(context)) {
          yield batch;
          if (batch.some((event) => event.type === 'text_delta')) {
            yield [finish];
            return;
          }
        }
      },
    };
    const { all, provider } = setUp([cutting]);
    const { ended, texts } = run(all);
    await ended;
    expect(texts()).toBe('Hello ');
    expect(all.told.of('provider.request.stop')).toHaveLength(1);
    expect(all.told.of('cost.recorded')).toMatchObject([{ outcome: 'cancelled' }]);
    expect(provider.calls[0]?.signal.aborted).toBe(true);
    await Promise.resolve();
    expect(provider.open).toBe(0);
  });
});

describe('one world', () => {
  it('shares its retry budget among all requests', async () => {
    const provider = scriptedProvider('a', [fails('server_error')]);
    const retry = { budget: { ratio: 0, minimum: 2 }, baseDelayMs: 1 };
    const all = world({ providers: [provider], retry, breaker: false });
    for (let request = 0; request < 5; request++) await run(all).ended;
    expect(provider.calls).toHaveLength(5 + 2);
  });
});
