import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Batch, ChatEvent } from '../../src/chat/events.ts';
import { CancelledError, DeadlineExceededError, ProviderError } from '../../src/errors/index.ts';
import { runProvider } from '../../src/middleware/run-provider.ts';
import type { AttemptContext } from '../../src/pipeline/middleware.ts';
import type { Watch } from '../../src/pipeline/observe.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import type { Provider, ProviderCall } from '../../src/provider-kit/provider.ts';
import { Secret } from '../../src/provider-kit/secret.ts';
import {
  ask,
  attemptContext,
  collect,
  failureOf,
  finish,
  requestContext,
  start,
  targetOf,
  text,
  usage,
  watchedCancellation,
} from '../contexts.ts';

const timers = { connectMs: 10_000, idleMs: 60_000, progressMs: 300_000 };
const now = (): number => performance.now();
const run = runProvider({ timers, nowMs: now, watches: [] });

type Source = (call: ProviderCall) => AsyncIterable<ChatEvent | Batch>;

interface Setup extends Partial<Omit<AttemptContext, 'request'>> {
  readonly request?: Parameters<typeof requestContext>[0];
}

/** An attempt at a provider made of the given source. */
function setUp(source: Source, { request: asked, ...facts }: Setup = {}) {
  const calls: ProviderCall[] = [];
  const provider: Provider = {
    name: 'acme',
    stream: (call) => {
      calls.push(call);
      return source(call);
    },
  };
  const { cancellation, listeners } = watchedCancellation();
  const request = requestContext({ cancellation, ...asked });
  const attempt = attemptContext({ request, target: targetOf(provider), tally: new Tally(now()), ...facts });
  return {
    calls,
    attempt,
    cancellation,
    listeners,
    read: () => collect(run(attempt)),
  };
}

const yielding = (...items: (ChatEvent | Batch)[]): Source =>
  async function* yielding() {
    yield* items;
  };

/** Yields each item after its time has passed; then says nothing more, and never looks at its signal. */
const timeline = (...steps: readonly (readonly [afterMs: number, Batch])[]): Source =>
  async function* timeline() {
    for (const [afterMs, batch] of steps) {
      if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
      yield batch;
    }
    await new Promise(() => undefined);
  };

/** A pull that never ends, and a `return` that waits for it, as a generator's does. */
const deaf = (): Source => timeline();

const ping: Batch = [];

describe('the call', () => {
  it('carries what the provider needs, and no key that nobody gave', async () => {
    const { calls, read, attempt } = setUp(yielding(finish));
    await read();
    expect(calls).toHaveLength(1);
    const { signal, onSend, onHead, ...facts } = calls[0] ?? {};
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(onSend).toBeTypeOf('function');
    expect(onHead).toBeTypeOf('function');
    expect(facts).toEqual({
      request: attempt.request.request,
      model: 'model-1',
      stream: true,
      requestId: 'req-1',
      key: 0,
      strict: false,
      retiredModels: 'warn',
      connectMs: 10_000,
      repairs: [],
      mayPause: false,
    });
  });

  it("carries the caller's own key, the index of ours, and what the pool decided", async () => {
    const apiKey = new Secret('sk-theirs');
    const request = requestContext({ apiKey, strict: true, retiredModels: 'reject', requestId: 'mine' });
    const provider: Provider = { name: 'acme', stream: yielding(finish) };
    const stream = vi.spyOn(provider, 'stream');
    const target = targetOf(provider, { key: 2, model: 'model-9' });
    await collect(run(attemptContext({ request, target, stream: false, tally: new Tally(now()) })));
    const wanted = { apiKey, strict: true, retiredModels: 'reject', key: 2, model: 'model-9', stream: false };
    expect(stream.mock.calls[0]?.[0]).toMatchObject({ ...wanted, requestId: 'mine' });
  });

  it('carries what the target asked for, and where to go on from', async () => {
    const provider: Provider = { name: 'acme', stream: yielding(finish) };
    const stream = vi.spyOn(provider, 'stream');
    const facts = { repairs: [{ kind: 'shorter' }], continues: { role: 'assistant' }, mayPause: true };
    await collect(run(attemptContext({ ...facts, target: targetOf(provider), tally: new Tally(now()) })));
    expect(stream.mock.calls[0]?.[0]).toMatchObject(facts);
  });

  it.each([
    [false, false, true],
    [false, true, true],
    [true, false, false],
    [true, true, true],
  ])(
    'counts as sent, unless the provider would have told: tells %s, told %s',
    async (tellsSending, told, sent) => {
      const provider: Provider = {
        name: 'acme',
        tellsSending,
        async *stream({ onSend }) {
          if (told) onSend?.();
          yield finish;
        },
      };
      const attempt = attemptContext({ target: targetOf(provider), tally: new Tally(now()) });
      await collect(run(attempt));
      expect(attempt.tally.sent).toBe(sent);
    },
  );

  it('is made when the stream is pulled, not before', async () => {
    const { calls, attempt } = setUp(yielding(finish));
    const iterator = run(attempt)[Symbol.asyncIterator]();
    expect(calls).toHaveLength(0);
    await iterator.next();
    expect(calls).toHaveLength(1);
    await iterator.return?.();
  });
});

describe('the watchers', () => {
  function watched(source: Source, refusal?: Error) {
    const setup = setUp(source);
    const told: unknown[] = [];
    const watch =
      (name: string): Watch<AttemptContext> =>
      () => {
        if (refusal && name === 'second') throw refusal;
        told.push([name, 'begins', setup.calls.length]);
        return {
          onBatch: (batch) => told.push([name, batch.map(({ type }) => type)]),
          onEnd: (ending) => told.push([name, ending]),
        };
      };
    const look = runProvider({ timers, nowMs: now, watches: [watch('first'), watch('second')] });
    return { ...setup, told, stream: () => look(setup.attempt)[Symbol.asyncIterator]() };
  }

  it('begin before the provider is called, see what is handed on, and end once, the first one last', async () => {
    const { told, stream } = watched(yielding(ping, [text('a'), finish, text('after the end')]));
    const iterator = stream();
    expect(told).toEqual([]);
    await iterator.next();
    const ok = { outcome: 'ok' };
    const seen = ['text_delta', 'finish'];
    const all = [
      ['first', 'begins', 0],
      ['second', 'begins', 0],
      ['first', seen],
      ['second', seen],
    ];
    expect(told).toEqual(all);
    await iterator.next();
    await iterator.next();
    await iterator.return?.();
    expect(told).toEqual([...all, ['second', ok], ['first', ok]]);
  });

  it('learn of a failure as the consumer does, and of one that left', async () => {
    const failing = watched(yielding(text('a')));
    const iterator = failing.stream();
    await iterator.next();
    const error = await failureOf(iterator.next());
    await iterator.return?.();
    expect(failing.told.slice(-2)).toEqual([
      ['second', { outcome: 'error', error }],
      ['first', { outcome: 'error', error }],
    ]);

    const left = watched(yielding(text('a'), finish));
    const early = left.stream();
    await early.next();
    await early.return?.();
    await early.return?.();
    expect(left.told.slice(4)).toEqual([
      ['second', { outcome: 'cancelled' }],
      ['first', { outcome: 'cancelled' }],
    ]);
  });

  it('may refuse: then the provider is not called, and who had begun is told', async () => {
    const refusal = new ProviderError({ provider: 'acme', code: 'overloaded', message: 'not now' });
    const { calls, told, stream } = watched(yielding(finish), refusal);
    expect(await failureOf(stream().next())).toBe(refusal);
    expect(calls).toHaveLength(0);
    expect(told).toEqual([
      ['first', 'begins', 0],
      ['first', { outcome: 'error', error: refusal }],
    ]);
  });

  it('hear nothing of an attempt whose request ended before it began', async () => {
    const { told, stream, cancellation } = watched(yielding(finish));
    cancellation.cancel(new CancelledError('gone'));
    expect(await failureOf(stream().next())).toMatchObject({ code: 'cancelled' });
    expect(told).toEqual([]);
  });
});

describe('the answer', () => {
  it('comes in batches: single events alone, reads as they are, empty ones not at all', async () => {
    const read: Batch = [text('b'), text('c')];
    const setup = setUp(yielding(start, text('a'), ping, read, ping, finish));
    const out = await setup.read();
    expect(out).toEqual([[start], [text('a')], read, [finish]]);
    expect(out[2]).toBe(read);
  });

  it('fills the tally before the batch is handed on, and hands warnings to the request', async () => {
    const warning = { code: 'clamped', param: 'temperature', message: 'clamped to 1' };
    const counts = { inputTokens: 3, outputTokens: 1 };
    const { attempt } = setUp(
      yielding(start, { type: 'warning', warning }, text('Hi'), usage(counts), finish),
    );
    const seen: unknown[] = [];
    for await (const _ of run(attempt)) seen.push(attempt.tally.outputChars);
    expect(seen).toEqual([0, 0, 2, 2, 2]);
    expect(attempt.tally).toMatchObject({ usage: counts, finish: 'stop', servedModel: 'served-model' });
    expect(attempt.tally.committed).toBe(true);
    expect(attempt.request.warnings).toEqual([warning]);
  });

  it('ends with the finish, whatever follows it', async () => {
    let pulled = 0;
    const { read } = setUp(async function* source() {
      for (const batch of [[text('a')], [finish, text('late')], [text('later')]]) {
        pulled++;
        yield batch;
      }
    });
    expect(await read()).toEqual([[text('a')], [finish]]);
    expect(pulled).toBe(2);
  });

  it('lets its provider go without an abort, so that the connection can be used again', async () => {
    let letGo = false;
    const setup = setUp(async function* source() {
      try {
        yield [text('a'), finish];
      } finally {
        letGo = true;
      }
    });
    await setup.read();
    await Promise.resolve();
    expect(letGo).toBe(true);
    expect(setup.calls[0]?.signal.aborted).toBe(false);
  });

  it('without a finish is cut: stream_truncated, and upstream is let go', async () => {
    const { read, calls } = setUp(yielding(text('a')));
    expect(await failureOf(read())).toMatchObject({ code: 'stream_truncated', provider: 'acme' });
    expect(calls[0]?.signal.aborted).toBe(true);
  });
});

describe('a sloppy provider', () => {
  const secret = 'the secret plan of the geese';
  const foreign = new TypeError(`failed at ${secret}`);
  const sources: readonly (readonly [string, Source])[] = [
    [
      'throws while it streams',
      async function* source() {
        yield text('a');
        throw foreign;
      },
    ],
    [
      'throws before it streams',
      () => {
        throw foreign;
      },
    ],
    // @ts-expect-error a provider in plain JavaScript
    ['returns nothing', () => undefined],
    // @ts-expect-error a provider in plain JavaScript
    ['is no stream', () => ({ length: 1 })],
    // @ts-expect-error a provider in plain JavaScript
    ['yields nothing', yielding(undefined)],
    // @ts-expect-error a provider in plain JavaScript
    ['yields text', yielding('Hello')],
    [
      'has an iterator that throws at once',
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => {
            throw foreign;
          },
        }),
      }),
    ],
  ];

  it.each(sources)('that %s is a bad_response in our words', async (_, source) => {
    const { read, listeners, calls } = setUp(source);
    const error = await failureOf(read());
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      code: 'bad_response',
      provider: 'acme',
      model: 'model-1',
      retryable: false,
    });
    expect(String(error)).not.toContain(secret);
    expect(listeners()).toBe(0);
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it('that quotes the conversation is masked', async () => {
    const words = new ProviderError({ provider: 'acme', code: 'invalid_request', message: `bad: ${secret}` });
    const request = { request: ask(secret) };
    const { read } = setUp(
      async function* source() {
        yield* [];
        throw words;
      },
      { request },
    );
    expect(await failureOf(read())).toMatchObject({ code: 'invalid_request', message: 'acme: bad: […]' });
  });

  it.each(['rejects', 'throws'] as const)('whose clean-up %s changes nothing', async (how) => {
    let step = 0;
    const { read } = setUp(() => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ value: step++ === 0 ? text('a') : finish, done: false }),
        return: () => {
          if (how === 'throws') throw foreign;
          return Promise.reject(foreign);
        },
      }),
    }));
    expect(await read()).toEqual([[text('a')], [finish]]);
  });
});

describe('an abort (STR-21, BUG-57)', () => {
  const reason = new CancelledError('the request was aborted by its caller');

  it.each([
    ['ignores it', deaf()],
    [
      'throws an error of its own',
      async function* source({ signal }: ProviderCall) {
        yield text('a');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new DOMException('aborted', 'AbortError');
      },
    ],
    [
      'just ends',
      async function* source({ signal }: ProviderCall) {
        yield text('a');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    ],
  ] satisfies [string, Source][])(
    'STR-21 BUG-57: settles at once with its own reason when the provider %s',
    async (_, source) => {
      const { read, cancellation, listeners, calls } = setUp(source);
      const reading = failureOf(read());
      await new Promise((resolve) => setImmediate(resolve));
      cancellation.cancel(reason);
      expect(await reading).toBe(reason);
      expect(calls[0]?.signal.reason).toBe(reason);
      expect(listeners()).toBe(0);
    },
  );

  it('that came while the consumer did not read is found at the next pull, and asks the provider no more', async () => {
    let pulled = 0;
    const { attempt, cancellation } = setUp(async function* source() {
      for (const event of [text('a'), text('b'), finish]) {
        pulled++;
        yield event;
      }
    });
    const iterator = run(attempt)[Symbol.asyncIterator]();
    await iterator.next();
    cancellation.cancel(reason);
    expect(await failureOf(iterator.next())).toBe(reason);
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
    expect(pulled).toBe(1);
  });

  it('outranks what the provider threw in the same moment', async () => {
    const { read, cancellation } = setUp(async function* source() {
      yield text('a');
      cancellation.cancel(reason);
      throw new ProviderError({ provider: 'acme', code: 'overloaded', message: 'busy' });
    });
    expect(await failureOf(read())).toBe(reason);
  });

  it('before the first pull is the end, and leaves nothing behind', async () => {
    const { read, listeners, cancellation } = setUp(timeline());
    cancellation.cancel(new DeadlineExceededError('over'));
    expect(await failureOf(read())).toMatchObject({ code: 'deadline_exceeded' });
    expect(listeners()).toBe(0);
  });
});

describe('a consumer who leaves', () => {
  it('cuts upstream first and lets go of it then: return alone waits for a pending pull', async () => {
    const log: string[] = [];
    const setup = setUp(({ signal }) => {
      signal.addEventListener('abort', () => log.push('abort'));
      return {
        [Symbol.asyncIterator]: () => ({
          next: async () => ({ value: text('a'), done: false as const }),
          return: async () => {
            log.push('return');
            return { value: undefined, done: true as const };
          },
        }),
      };
    });
    for await (const _ of run(setup.attempt)) break;
    expect(log).toEqual(['abort', 'return']);
    expect(setup.listeners()).toBe(0);
    expect(setup.cancellation.isCancelled).toBe(false);
  });

  it('does not wait for a provider that cannot stop', async () => {
    let step = 0;
    const { attempt } = setUp(() => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ value: step++ === 0 ? text('a') : finish, done: false as const }),
        return: () => new Promise<never>(() => undefined),
      }),
    }));
    for await (const _ of run(attempt)) break;
    expect(step).toBe(1);
  });
});

describe('the clock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Reads without pause and notes what came and how it ended. */
  function follow(source: Source, facts: Setup = {}) {
    const setup = setUp(source, facts);
    const got: Batch[] = [];
    const state: { error?: unknown; endedMs?: number } = {};
    const startedMs = now();
    const reading = (async () => {
      try {
        for await (const batch of run(setup.attempt)) got.push(batch);
      } catch (error) {
        state.error = error;
      }
      state.endedMs = now() - startedMs;
    })();
    return { ...setup, got, state, reading };
  }

  const timeout = (phase: string, message: string) => ({
    name: 'ProviderError',
    code: 'timeout',
    phase,
    message: `acme: ${message}`,
    provider: 'acme',
    model: 'model-1',
    retryable: false,
  });

  describe('to the first token', () => {
    it.each([
      ['silence', deaf()],
      ['a start alone', timeline([1_000, [start]])],
      ['usage and pings', timeline([1_000, [usage({ inputTokens: 1 })]], [8_000, ping], [8_000, ping])],
    ])('runs from the start of the attempt, whatever else comes: %s', async (_, source) => {
      const { state, listeners, calls } = follow(source, { firstTokenMs: 20_000 });
      await vi.advanceTimersByTimeAsync(19_990);
      expect(state.error).toBeUndefined();
      await vi.advanceTimersByTimeAsync(20);
      expect(state.error).toMatchObject(timeout('first_token', 'no content came within 20000 ms'));
      expect(listeners()).toBe(0);
      expect(calls[0]?.signal.aborted).toBe(true);
    });

    it('stops at the commit point', async () => {
      const { state, got } = follow(timeline([19_000, [text('Hi')]], [50_000, [finish]]), {
        firstTokenMs: 20_000,
      });
      await vi.advanceTimersByTimeAsync(69_500);
      expect(got).toEqual([[text('Hi')], [finish]]);
      expect(state.error).toBeUndefined();
    });

    it('has been running since before this attempt was pulled', async () => {
      const tally = new Tally(now());
      await vi.advanceTimersByTimeAsync(5_000);
      const { state } = follow(deaf(), { firstTokenMs: 6_000, tally });
      await vi.advanceTimersByTimeAsync(1_010);
      expect(state.error).toMatchObject({ phase: 'first_token' });
    });
  });

  describe('between reads', () => {
    it('gives up a stream that went silent after the commit point', async () => {
      const { state } = follow(timeline([0, [text('Hi')]], [59_000, [text('!')]]));
      await vi.advanceTimersByTimeAsync(59_000 + 59_990);
      expect(state.error).toBeUndefined();
      await vi.advanceTimersByTimeAsync(20);
      expect(state.error).toMatchObject(
        timeout('idle', 'the stream went silent: no byte came within 60000 ms'),
      );
    });

    it('is kept going by pings', async () => {
      const pings = Array.from({ length: 4 }, () => [50_000, ping] as const);
      const { state, got } = follow(timeline([0, [text('Hi')]], ...pings, [50_000, [finish]]));
      await vi.advanceTimersByTimeAsync(250_100);
      expect(state.error).toBeUndefined();
      expect(got).toEqual([[text('Hi')], [finish]]);
    });
  });

  describe('between pieces of content', () => {
    const pings = Array.from({ length: 100 }, () => [15_000, ping] as const);

    it('is not reset by pings (T42)', async () => {
      const { state } = follow(timeline([0, [text('Hi')]], ...pings));
      await vi.advanceTimersByTimeAsync(299_900);
      expect(state.error).toBeUndefined();
      await vi.advanceTimersByTimeAsync(200);
      expect(state.error).toMatchObject(
        timeout('progress', 'the stream made no progress: no content came within 300000 ms'),
      );
    });

    it('is reset by content', async () => {
      const { state } = follow(
        timeline([0, [text('Hi')]], ...pings.slice(0, 19), [1, [text('!')]], ...pings),
      );
      await vi.advanceTimersByTimeAsync(19 * 15_000 + 299_000);
      expect(state.error).toBeUndefined();
      await vi.advanceTimersByTimeAsync(1_200);
      expect(state.error).toMatchObject({ phase: 'progress' });
    });

    it('is off for a request that reasons', async () => {
      const { state } = follow(timeline([0, [text('Hi')]], ...pings, [15_000, [finish]]), {
        reasoning: true,
      });
      await vi.advanceTimersByTimeAsync(101 * 15_000 + 10);
      expect(state).toMatchObject({ endedMs: 101 * 15_000 });
      expect(state.error).toBeUndefined();
    });

    it('leaves the idle timer on for a request that reasons', async () => {
      const { state } = follow(timeline([0, [text('Hi')]]), { reasoning: true });
      await vi.advanceTimersByTimeAsync(60_010);
      expect(state.error).toMatchObject({ phase: 'idle' });
    });
  });

  it('is off on the JSON wire, where nothing comes before the whole answer', async () => {
    const answer: Batch = [start, text('Hi'), finish];
    const { state, got } = follow(timeline([3_000_000, answer]), {
      stream: false,
      firstTokenMs: Number.POSITIVE_INFINITY,
    });
    await vi.advanceTimersByTimeAsync(2_999_000);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_001);
    expect(state.error).toBeUndefined();
    expect(got).toEqual([answer]);
  });

  it('does not run while the consumer does not read (C13)', async () => {
    const { attempt } = setUp(timeline([0, [text('a')]], [10, [text('b')]], [10, [text('c')]]));
    const iterator = run(attempt)[Symbol.asyncIterator]();
    await iterator.next();
    await vi.advanceTimersByTimeAsync(3_600_000);
    const second = iterator.next();
    await vi.advanceTimersByTimeAsync(10);
    expect((await second).value).toEqual([text('b')]);
    await vi.advanceTimersByTimeAsync(3_600_000);
    const third = iterator.next();
    await vi.advanceTimersByTimeAsync(10);
    expect((await third).value).toEqual([text('c')]);

    const silence = failureOf(iterator.next());
    await vi.advanceTimersByTimeAsync(60_010);
    expect(await silence).toMatchObject({ phase: 'idle' });
  });

  it('does not take the time of a slow consumer for a lack of progress', async () => {
    const pings = Array.from({ length: 40 }, () => [15_000, ping] as const);
    const { attempt } = setUp(timeline([0, [text('a')]], ...pings));
    const iterator = run(attempt)[Symbol.asyncIterator]();
    await iterator.next();
    await vi.advanceTimersByTimeAsync(200_000);
    const starved = failureOf(iterator.next());
    let settled = false;
    void starved.then(() => {
      settled = true;
    });
    await vi.advanceTimersByTimeAsync(290_000);
    expect(settled).toBe(false);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(await starved).toMatchObject({ phase: 'progress' });
  });

  it.each([
    ['an answer', yielding(text('a'), finish)],
    ['a truncation', yielding(text('a'))],
    ['silence', deaf()],
  ])('leaves no timer and no listener after %s', async (_, source) => {
    const { reading, listeners } = follow(source, { firstTokenMs: 1_000 });
    await vi.advanceTimersByTimeAsync(1_010);
    await reading;
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners()).toBe(0);
  });

  it('leaves none after an abort either (INV-34)', async () => {
    const { reading, listeners, cancellation, state } = follow(timeline([0, [text('a')]]));
    await vi.advanceTimersByTimeAsync(10);
    cancellation.cancel(new CancelledError('gone'));
    await reading;
    expect(state).toMatchObject({ endedMs: 10, error: { code: 'cancelled' } });
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners()).toBe(0);
  });
});
