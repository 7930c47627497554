import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import {
  type AttemptRecord,
  CancelledError,
  DeadlineExceededError,
  InvalidRequestError,
  PoolClosedError,
  ProviderError,
} from '../../src/errors/index.ts';
import type { Memory } from '../../src/middleware/memory.ts';
import { type Teller, traceAttempt, traceRequest } from '../../src/middleware/telemetry.ts';
import type { AttemptContext, Handler, RequestContext } from '../../src/pipeline/middleware.ts';
import { watching } from '../../src/pipeline/observe.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import {
  attemptContext,
  collect,
  EPOCH_MS,
  failureOf,
  finish,
  type Recorder,
  recorder,
  requestContext,
  silent,
  start,
  stream,
  targetOf,
  text,
  usage,
} from '../contexts.ts';

const record = (facts: Partial<AttemptRecord> = {}): AttemptRecord => ({
  attempt: 1,
  provider: 'acme',
  model: 'model-1',
  target: 'acme/model-1',
  waitedMs: 0,
  outcome: 'ok',
  durationMs: 30,
  precision: 'reported',
  ...facts,
});

const overloaded = (): ProviderError =>
  new ProviderError({
    provider: 'acme',
    code: 'overloaded',
    status: 529,
    upstreamRequestId: 'up-1',
    retryAfterMs: 2_000,
    message: 'overloaded (529)',
  });

/** A teller to nobody, with whom building any payload is a mistake. */
const deaf: Teller = {
  emit: Object.assign(
    () => {
      throw new Error('nobody asked');
    },
    { wants: () => false },
  ),
  nowMs: () => 0,
  epochMs: () => {
    throw new Error('nobody asked what time it is');
  },
};

describe('traceRequest', () => {
  /** One request whose terminal passes time, appends to the trail, and ends as told. */
  async function trace(told: Recorder, context: RequestContext, failure?: unknown): Promise<void> {
    const terminal: Handler<RequestContext> = async function* terminal() {
      told.pass(40);
      yield [text('Hi')];
      if (failure !== undefined) throw failure;
    };
    await collect(watching(traceRequest(told.teller))(context, terminal)).catch(() => undefined);
  }

  it('tells of the start and the stop', async () => {
    const told = recorder();
    const usage = { inputTokens: 3, outputTokens: 2 };
    const last = record({ attempt: 2, usage, ttftMs: 12, costUsd: 0.2, finishReason: 'stop' });
    const trail = [record({ outcome: 'error', code: 'overloaded', costUsd: 0.1 }), last];
    const request = { ...requestContext().request, model: 'fast' };
    await trace(told, requestContext({ request, trail, tenant: 'ada' }));
    expect(told.told).toEqual([
      {
        name: 'request.start',
        requestId: 'req-1',
        at: EPOCH_MS,
        operation: 'chat',
        requestedModel: 'fast',
        stream: true,
        tenant: 'ada',
      },
      {
        name: 'request.stop',
        requestId: 'req-1',
        at: EPOCH_MS + 40,
        operation: 'chat',
        outcome: 'ok',
        attempts: 2,
        provider: 'acme',
        model: 'model-1',
        usage,
        ttftMs: 12,
        finishReason: 'stop',
        costUsd: 0.3,
        precision: 'reported',
        durationMs: 40,
        tenant: 'ada',
      },
    ]);
  });

  it('says whether a stream was asked for, and no model or tenant that was not given', async () => {
    const told = recorder();
    await trace(told, requestContext({ request: { messages: [], stream: false } }));
    const [started] = told.of('request.start');
    expect(started).toMatchObject({ stream: false, requestedModel: undefined, tenant: undefined });
    const [stopped] = told.of('request.stop');
    const unsaid = ['tenant', 'provider', 'model', 'usage', 'ttftMs', 'code', 'finishReason'];
    expect(stopped).toMatchObject(Object.fromEntries(unsaid.map((name) => [name, undefined])));
    // No attempt was made: that cost nothing, for sure.
    expect(stopped).toMatchObject({ attempts: 0, costUsd: 0, precision: 'reported' });
  });

  it('does not call an unknown cost 0', async () => {
    const told = recorder();
    await trace(told, requestContext({ trail: [record({ precision: 'unknown' }), record({ costUsd: 1 })] }));
    expect(told.of('request.stop')[0]).toMatchObject({ precision: 'unknown', costUsd: undefined });
  });

  it.each([
    ['a failure', overloaded(), 'error', 'overloaded', 1],
    ['the deadline', new DeadlineExceededError('over'), 'error', 'deadline_exceeded', 1],
    ['the end of the pool', new PoolClosedError('closed'), 'error', 'pool_closed', 1],
    ['a wrong request', new InvalidRequestError('n: must be 1'), 'error', 'invalid_request', 1],
    ['an abort, which is no error', new CancelledError('gone'), 'cancelled', 'cancelled', 0],
    ['a foreign error, which has no code', new TypeError('mine'), 'error', undefined, 0],
  ])('tells of %s, the error before the stop', async (_, failure, outcome, code, errors) => {
    const told = recorder();
    await trace(told, requestContext(), failure);
    expect(told.names()).toEqual(['request.start', ...Array(errors).fill('request.error'), 'request.stop']);
    if (errors) expect(told.of('request.error')[0]).toMatchObject({ code, message: failure.message });
    expect(told.of('request.stop')[0]).toMatchObject({ outcome });
    expect(told.of('request.stop')[0]?.code).toBe(code);
  });

  it('tells a consumer who left from an answer that ended', async () => {
    const told = recorder();
    for await (const _ of watching(traceRequest(told.teller))(requestContext(), () => stream([[text('a')]])))
      break;
    expect(told.names()).toEqual(['request.start', 'request.stop']);
    expect(told.of('request.stop')[0]).toMatchObject({ outcome: 'cancelled', code: 'cancelled' });
  });

  it('reads the trail at the end, when it is complete', async () => {
    const told = recorder();
    const context = requestContext();
    const terminal: Handler<RequestContext> = async function* terminal({ trail }) {
      yield [text('a')];
      trail.push(record({ provider: 'late' }));
    };
    await collect(watching(traceRequest(told.teller))(context, terminal));
    expect(told.of('request.stop')[0]).toMatchObject({ attempts: 1, provider: 'late' });
  });

  it('builds nothing for nobody', async () => {
    const lively = { ...deaf, epochMs: () => 0 };
    const wrap = watching(traceRequest(lively));
    await expect(collect(wrap(requestContext(), () => stream([[text('a')]])))).resolves.toHaveLength(1);
    const broken: Handler<RequestContext> = async function* broken() {
      yield* [];
      throw overloaded();
    };
    await expect(collect(wrap(requestContext(), broken))).rejects.toThrow('overloaded');
  });
});

describe('traceAttempt', () => {
  /** A memory that writes down what it is told. */
  function remembering() {
    const log: string[] = [];
    const ended: AttemptRecord[] = [];
    const memory: Memory = {
      of: ({ label }) => ({
        admit: () => undefined,
        retryAfterMs: () => 0,
        began: () => log.push(`${label} began`),
        ended: (entry) => {
          log.push(`${label} ended`);
          ended.push(entry);
        },
      }),
    };
    return { log, ended, memory };
  }

  interface Step {
    readonly ms: number;
    readonly batch: Batch;
  }

  function setUp(facts: Partial<AttemptContext> = {}) {
    const told = recorder();
    const { log, ended, memory } = remembering();
    const attempt = attemptContext({ tally: new Tally(0), ...facts });
    const run = (steps: readonly Step[], failure?: unknown): AsyncIterable<Batch> => {
      const terminal: Handler<AttemptContext> = async function* terminal({ tally, request }) {
        for (const { ms, batch } of steps) {
          told.pass(ms);
          tally.add(batch, told.teller.nowMs, request.warnings);
          yield batch;
        }
        if (failure !== undefined) throw failure;
      };
      return watching(traceAttempt(told.teller, memory))(attempt, terminal);
    };
    return { told, log, ended, attempt, run };
  }

  const answer: readonly Step[] = [
    { ms: 5, batch: [start] },
    { ms: 5, batch: [text('Hi'), text('!')] },
    { ms: 10, batch: [usage({ inputTokens: 3, outputTokens: 2 }), finish] },
  ];

  const base = { requestId: 'req-1', provider: 'acme', model: 'model-1', target: 'acme/model-1', attempt: 2 };

  it('tells of the start, the first token and the stop', async () => {
    const { told, run } = setUp({ attempt: 2 });
    await collect(run(answer));
    expect(told.told.filter(({ name }) => name !== 'provider.stream.chunk')).toEqual([
      { name: 'provider.request.start', at: EPOCH_MS, ...base },
      { name: 'provider.stream.first_token', at: EPOCH_MS + 10, ttftMs: 10, ...base },
      {
        name: 'provider.request.stop',
        at: EPOCH_MS + 20,
        ...base,
        outcome: 'ok',
        durationMs: 20,
        ttftMs: 10,
        usage: { inputTokens: 3, outputTokens: 2 },
        finishReason: 'stop',
        precision: 'unknown',
      },
    ]);
  });

  it('RES-17: tells upstream’s own id of a good answer too, and keeps the head for the trace', async () => {
    const upstream = { requestId: 'up-2', organizationId: 'org-1', rateLimits: { tokens: { remaining: 9 } } };
    const { told, run, ended, attempt } = setUp();
    attempt.tally.upstream = upstream;
    await collect(run(answer));
    expect(told.of('provider.request.stop')[0]).toMatchObject({ upstreamRequestId: 'up-2' });
    expect(ended[0]).toMatchObject({ outcome: 'ok', upstreamRequestId: 'up-2', upstream });
  });

  it('counts the chunks of content, and shows their length alone', async () => {
    const { told, run } = setUp();
    const call: Batch = [
      { type: 'tool_call_start', index: 0, id: 'c', name: 'f' },
      { type: 'tool_call_delta', index: 0, arguments: '{"a":1}' },
      { type: 'reasoning_delta', text: 'hm' },
      { type: 'tool_call_delta', index: 0, arguments: '' },
    ];
    await collect(run([...answer, { ms: 0, batch: call }]));
    expect(told.of('provider.stream.chunk').map(({ index, chars }) => [index, chars])).toEqual([
      [0, 2],
      [1, 1],
      [2, 0],
      [3, 7],
      [4, 2],
    ]);
    expect(JSON.stringify(told.told)).not.toContain('Hi');
  });

  it('tells the first token once, and none when no content came', async () => {
    const { told, run } = setUp();
    await collect(run([...answer, ...answer]));
    expect(told.of('provider.stream.first_token')).toHaveLength(1);
    const bare = setUp();
    await collect(bare.run([{ ms: 5, batch: [start, finish] }]));
    expect(bare.told.of('provider.stream.first_token')).toHaveLength(0);
    expect(bare.told.of('provider.request.stop')[0]).toMatchObject({ ttftMs: undefined });
  });

  it('tells of a failure just before the stop, with what upstream said', async () => {
    const { told, run, ended } = setUp({ attempt: 2 });
    await failureOf(collect(run([{ ms: 30, batch: [start] }], overloaded())));
    expect(told.names().slice(-2)).toEqual(['provider.error', 'provider.request.stop']);
    expect(told.of('provider.error')).toEqual([
      {
        name: 'provider.error',
        at: EPOCH_MS + 30,
        ...base,
        code: 'overloaded',
        message: 'acme: overloaded (529)',
        status: 529,
        upstreamRequestId: 'up-1',
        retryAfterMs: 2_000,
        committed: false,
        retryable: true,
      },
    ]);
    const facts = { outcome: 'error', code: 'overloaded', status: 529, upstreamRequestId: 'up-1' };
    expect(told.of('provider.request.stop')[0]).toMatchObject(facts);
    expect(ended[0]).toMatchObject(facts);
  });

  const failure = (code: ProviderError['code'], retryable?: boolean): ProviderError =>
    new ProviderError({ provider: 'acme', code, message: 'no', retryable });

  it.each([
    ['a retry may help', failure('server_error'), [], true],
    ['another target may help', failure('authentication'), [], true],
    ['another target may help, this one not', failure('timeout', false), [], true],
    ['nothing helps', failure('invalid_request'), [], false],
    ['a larger window may help', failure('context_overflow'), [], true],
    ['content was out already', failure('server_error'), answer.slice(0, 2), false],
  ] satisfies [string, ProviderError, Step[], boolean][])(
    'says whether a further attempt is allowed: %s',
    async (_, error, steps, retryable) => {
      const { told, run } = setUp();
      await failureOf(collect(run(steps, error)));
      expect(told.of('provider.error')[0]).toMatchObject({ retryable, committed: steps.length > 0 });
    },
  );

  it('does not call content committed that the caller has not seen: one who wants the whole answer', async () => {
    const request = requestContext({ request: { messages: [], stream: false } });
    const { told, run } = setUp({ request });
    await failureOf(collect(run(answer.slice(0, 2), failure('stream_truncated'))));
    expect(told.of('provider.error')[0]).toMatchObject({ committed: false, retryable: true });
  });

  it.each([
    ['an abort', new CancelledError('gone'), { outcome: 'cancelled', code: 'cancelled' }],
    ['a foreign error', new TypeError('mine'), { outcome: 'error' }],
  ])('tells of %s without an error event', async (_, error, facts) => {
    const { told, run, ended } = setUp();
    await failureOf(collect(run([], error)));
    expect(told.names()).toEqual(['provider.request.start', 'provider.request.stop']);
    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject(facts);
    expect(ended[0]?.code).toBe('code' in facts ? facts.code : undefined);
  });

  it('tells of a consumer who left', async () => {
    const { told, run, ended } = setUp();
    for await (const _ of run(answer)) break;
    expect(told.names()).toEqual(['provider.request.start', 'provider.request.stop']);
    expect(ended[0]).toMatchObject({ outcome: 'cancelled', code: 'cancelled' });
  });

  it('keeps the record: in the trail, and in the memory of the target', async () => {
    const { attempt, run, ended, log } = setUp();
    const reading = run(answer)[Symbol.asyncIterator]();
    await reading.next();
    expect(log).toEqual(['acme/model-1 began']);
    expect(attempt.request.trail).toEqual([]);
    await reading.return?.();
    expect(log).toEqual(['acme/model-1 began', 'acme/model-1 ended']);
    expect(attempt.request.trail).toEqual(ended);
  });

  it('writes the record before it tells of it, so that a listener may read stats', async () => {
    const { told, run, log } = setUp();
    await collect(run(answer));
    expect(told.names().at(-1)).toBe('provider.request.stop');
    expect(log).toEqual(['acme/model-1 began', 'acme/model-1 ended']);
  });

  it('tells of each warning of the translation, for the request it belongs to', async () => {
    const { told, run } = setUp();
    const warnings: Batch = [
      { type: 'warning', warning: { code: 'clamped', param: 'temperature', message: 'clamped to 1' } },
      { type: 'warning', warning: { code: 'model_retired', message: 'retired on 2026-02-19' } },
    ];
    await collect(run([{ ms: 1, batch: warnings }, ...answer]));
    expect(told.of('translation.warning')).toEqual([
      {
        ...{ name: 'translation.warning', requestId: 'req-1', at: EPOCH_MS + 1, provider: 'acme' },
        ...{ code: 'clamped', param: 'temperature', message: 'clamped to 1' },
      },
      {
        ...{ name: 'translation.warning', requestId: 'req-1', at: EPOCH_MS + 1, provider: 'acme' },
        ...{ code: 'model_retired', message: 'retired on 2026-02-19' },
      },
    ]);
  });

  it('names the key of a provider that has several', async () => {
    const target = targetOf(silent, { key: 1, label: 'acme[1]/model-1' });
    const { told, run } = setUp({ target });
    await collect(run(answer));
    expect(new Set(told.told.map((event) => 'target' in event && event.target))).toEqual(
      new Set(['acme[1]/model-1']),
    );
  });

  it('builds nothing for nobody, and keeps the record all the same', async () => {
    const { memory, ended } = remembering();
    const wrap = watching(traceAttempt(deaf, memory));
    await collect(wrap(attemptContext(), () => stream([[text('a')], [finish]])));
    const broken: Handler<AttemptContext> = async function* broken() {
      yield [text('a')];
      throw overloaded();
    };
    await failureOf(collect(wrap(attemptContext(), broken)));
    expect(ended.map(({ outcome }) => outcome)).toEqual(['ok', 'error']);
  });
});
