import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AttemptRecord,
  CancelledError,
  DeadlineExceededError,
  PoolClosedError,
  ProviderError,
} from '../../src/errors/index.ts';
import { PromptSize } from '../../src/pipeline/prompt-size.ts';
import type { CallOptions } from '../../src/pool/options.ts';
import { RunningRequest } from '../../src/pool/running-request.ts';
import { ask } from '../contexts.ts';

const defaults = { totalMs: 600_000, strict: false, retiredModels: 'warn' } as const;
const environment = {
  nowMs: () => performance.now(),
  epochMs: () => 1_800_000_000_999,
  random: () => 0.5,
};
const request = { ...ask(), stream: true };

const begin = (call: CallOptions = {}): RunningRequest =>
  new RunningRequest(request, call, defaults, environment);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the context of a request', () => {
  it('is made of the request and the defaults of the pool', async () => {
    await vi.advanceTimersByTimeAsync(250);
    const running = begin();
    const { signal, cancellation, requestId, ...rest } = running.context;
    expect(rest).toEqual({
      request,
      operation: { kind: 'chat' },
      size: new PromptSize(request),
      sessionId: undefined,
      plans: [],
      seams: [],
      deadlineMs: performance.now() + 600_000,
      tenant: undefined,
      priority: 'normal',
      metadata: {},
      pinned: undefined,
      apiKey: undefined,
      strict: false,
      retiredModels: 'warn',
      singleFlight: false,
      trail: [],
      warnings: [],
      sharedWith: [],
    });
    expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect([signal.aborted, cancellation.isCancelled]).toEqual([false, false]);
    running.end();
  });

  it('takes what the call says instead', () => {
    const metadata = { feature: 'search' };
    const running = begin({
      requestId: 'mine',
      tenant: 'ada',
      priority: 'high',
      metadata,
      strict: true,
      provider: 'acme',
      apiKey: 'sk-theirs',
      deadlineMs: 1_500,
    });
    const { apiKey, ...context } = running.context;
    expect(context).toMatchObject({
      requestId: 'mine',
      tenant: 'ada',
      priority: 'high',
      metadata,
      strict: true,
      pinned: 'acme',
    });
    expect(context.deadlineMs).toBe(performance.now() + 1_500);
    expect(apiKey?.reveal()).toBe('sk-theirs');
    running.end();
  });

  it('lets a call be less strict than its pool', () => {
    const running = new RunningRequest(
      request,
      { strict: false },
      { ...defaults, strict: true },
      environment,
    );
    expect(running.context.strict).toBe(false);
    running.end();
  });

  it('gives every request an id of its own', () => {
    const ids = Array.from({ length: 100 }, () => {
      const running = begin();
      running.end();
      return running.context.requestId;
    });
    expect(new Set(ids).size).toBe(100);
  });

  it('shows no key to whoever prints it', () => {
    const running = begin({ provider: 'acme', apiKey: 'sk-canary-key' });
    const shown = [running, running.context, { ...running.context }];
    for (const each of shown) {
      expect(inspect(each, { depth: 10, showHidden: true })).not.toContain('canary');
      expect(JSON.stringify(each)).not.toContain('canary');
    }
    running.end();
  });
});

describe('what ends a request', () => {
  it('is the caller: with the reason as cause', () => {
    const controller = new AbortController();
    const running = begin({ signal: controller.signal });
    controller.abort('changed my mind');
    const { reason } = running.context.cancellation;
    expect(reason).toBeInstanceOf(CancelledError);
    expect(reason).toMatchObject({
      code: 'cancelled',
      message: 'the request was aborted by its caller',
      cause: 'changed my mind',
    });
    expect(running.context.signal.reason).toBe(reason);
    running.end();
  });

  it.each([
    ['undefined, which is an AbortError then', undefined],
    ['null', null],
    ['a TimeoutError', new DOMException('late', 'TimeoutError')],
    [
      'an object that cannot be read',
      {
        get code(): never {
          throw new Error('unreadable');
        },
      },
    ],
  ])('takes any reason of the caller: %s (C8)', (_, reason) => {
    const controller = new AbortController();
    const running = begin({ signal: controller.signal });
    controller.abort(reason);
    expect(running.context.cancellation.reason).toBeInstanceOf(CancelledError);
    running.end();
  });

  it('is the caller also when the signal has fired before (C1)', () => {
    const signal = AbortSignal.abort('early');
    const running = begin({ signal });
    expect(running.context.cancellation.reason).toMatchObject({ code: 'cancelled', cause: 'early' });
    running.end();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it.each([
    ['the time of the pool', {}, 600_000],
    ['the time of the call', { deadlineMs: 1_500 }, 1_500],
  ] satisfies [string, CallOptions, number][])('is %s', async (_, call, totalMs) => {
    const running = begin(call);
    await vi.advanceTimersByTimeAsync(totalMs - 1);
    expect(running.context.cancellation.isCancelled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const { reason } = running.context.cancellation;
    expect(reason).toBeInstanceOf(DeadlineExceededError);
    expect(reason).toMatchObject({ message: `the request was not done within ${totalMs} ms` });
    running.end();
  });

  it('is the first of them alone', async () => {
    const controller = new AbortController();
    const running = begin({ signal: controller.signal, deadlineMs: 1_000 });
    running.abort(new PoolClosedError('closed'));
    controller.abort();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(running.context.cancellation.reason).toMatchObject({ code: 'pool_closed' });
    running.end();
  });
});

describe('a request that is over', () => {
  it('keeps neither timer nor listener', () => {
    const { signal } = new AbortController();
    const running = begin({ signal });
    expect([vi.getTimerCount(), getEventListeners(signal, 'abort').length]).toEqual([1, 1]);
    running.end();
    expect([vi.getTimerCount(), getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
    running.end();
  });

  it('keeps none from its abort on, although its consumer may never come back', () => {
    const { signal } = new AbortController();
    const running = begin({ signal });
    running.abort(new PoolClosedError('closed'));
    expect([vi.getTimerCount(), getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
  });

  it('is not ended again by a late abort (C7)', () => {
    const controller = new AbortController();
    const running = begin({ signal: controller.signal });
    running.end();
    controller.abort();
    expect(running.context.cancellation.isCancelled).toBe(false);
  });
});

describe('what is told of an answer', () => {
  const failed: AttemptRecord = {
    attempt: 1,
    provider: 'groq',
    model: 'llama',
    target: 'groq/llama',
    waitedMs: 0,
    outcome: 'error',
    code: 'overloaded',
    durationMs: 80,
    costUsd: 0,
    precision: 'reported',
  };
  const answered: AttemptRecord = {
    attempt: 2,
    provider: 'anthropic',
    model: 'sonnet',
    target: 'anthropic/sonnet',
    waitedMs: 250,
    outcome: 'ok',
    durationMs: 900,
    ttftMs: 300,
    usage: { inputTokens: 10, outputTokens: 5 },
    costUsd: 0.25,
    precision: 'reported',
    finishReason: 'stop',
  };

  /** A request whose attempts so far are these; over already. */
  function having(...trail: readonly AttemptRecord[]): RunningRequest {
    const running = begin({ requestId: 'req-1' });
    running.context.trail.push(...trail);
    running.end();
    return running;
  }

  it('is who answered, and what all attempts cost', async () => {
    const running = having(failed, answered);
    const warning = { code: 'clamped', message: 'clamped to 1' };
    running.context.warnings.push(warning);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(running.info()).toEqual({
      requestId: 'req-1',
      provider: 'anthropic',
      model: 'sonnet',
      attempts: 2,
      usage: { inputTokens: 10, outputTokens: 5 },
      costUsd: 0.25,
      precision: 'reported',
      ttftMs: 300,
      durationMs: 1_500,
      warnings: [warning],
      trace: { strategy: '', candidates: [], excluded: [], attempts: [failed, answered] },
    });
  });

  it('is no cost where one attempt has none (unknown is contagious)', () => {
    const { costUsd: _, ...rest } = failed;
    expect(having({ ...rest, precision: 'unknown' }, answered).info()).toMatchObject({
      costUsd: undefined,
      precision: 'unknown',
    });
  });

  it('is no provider when a plug-in answered before any attempt', () => {
    expect(having().info()).toMatchObject({
      ...{ provider: '', model: '', attempts: 0, costUsd: 0 },
      ...{ usage: undefined, ttftMs: undefined },
    });
  });

  it('is a snapshot: what comes later does not change it', () => {
    const running = having(failed);
    const info = running.info();
    running.context.trail.push(answered);
    running.context.warnings.push({ code: 'late', message: 'late' });
    expect([info.trace.attempts, info.warnings]).toEqual([[failed], []]);
  });

  it('is added to an error of ours, with what had arrived where no log shows it', () => {
    const error = new ProviderError({ provider: 'anthropic', code: 'stream_truncated', message: 'cut' });
    const partial = { content: 'Once upon a canary', toolCalls: [] };
    expect(having(failed, answered).explain(error, { committed: true, partial })).toBe(error);
    expect(error).toMatchObject({
      requestId: 'req-1',
      committed: true,
      attempts: [failed, answered],
      usage: { inputTokens: 10, outputTokens: 5 },
      costUsd: 0.25,
    });
    expect(error.partial).toEqual(partial);
    expect(inspect(error) + JSON.stringify(error)).not.toContain('canary');
  });

  it('is not added where it is unknown, nor to a foreign error', () => {
    const error = new ProviderError({ provider: 'groq', code: 'overloaded', message: 'busy' });
    having({ ...failed, precision: 'unknown' }).explain(error, { committed: false });
    expect(error.committed).toBe(false);
    expect(error).not.toHaveProperty('usage');
    const foreign = Object.freeze(new TypeError('mine'));
    expect(having().explain(foreign, { committed: false })).toBe(foreign);
  });
});

describe('the form of an answer', () => {
  const form = (facts: Record<string, unknown>) => {
    const running = new RunningRequest({ ...request, ...facts }, {}, defaults, environment);
    running.end();
    return running.form;
  };

  it.each([
    ['nothing is said', {}, false, false],
    ['usage is asked for', { stream_options: { include_usage: true } }, true, false],
    ['usage is declined', { stream_options: { include_usage: false } }, false, false],
    ['other options are given', { stream_options: {} }, false, false],
    ['functions are used', { functions: [{ name: 'f' }] }, false, true],
  ])('follows the request where %s', (_, facts, includeUsage, legacyFunctions) => {
    expect(form(facts)).toEqual({ includeUsage, legacyFunctions });
  });

  it('has a head until the provider gives one', () => {
    const running = new RunningRequest(
      { ...request, model: 'fast' },
      { requestId: 'req-1' },
      defaults,
      environment,
    );
    running.end();
    expect(running.head).toEqual({ id: 'chatcmpl-req-1', model: 'fast', created: 1_800_000_000 });
    const unnamed = begin();
    unnamed.end();
    expect(unnamed.head.model).toBe('');
  });
});

it('lets any number of requests follow one signal, without a warning (C20)', async () => {
  const warned = vi.fn();
  process.on('warning', warned);
  const { signal } = new AbortController();
  const running = Array.from({ length: 100 }, () => begin({ signal }));
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  expect(getEventListeners(signal, 'abort')).toHaveLength(100);
  for (const each of running) each.end();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  process.off('warning', warned);
  expect(warned).not.toHaveBeenCalled();
});

describe('a request that was answered by the attempts of another', () => {
  const answered: AttemptRecord = {
    attempt: 1,
    provider: 'acme',
    model: 'm',
    target: 'acme/m',
    waitedMs: 0,
    outcome: 'ok',
    durationMs: 5,
    precision: 'reported',
    costUsd: 0.5,
  };

  function share(): { leader: RunningRequest; follower: RunningRequest } {
    const [leader, follower] = [begin({ requestId: 'leader' }), begin({ requestId: 'follower' })];
    leader.context.plans.push({ strategy: 'priority', candidates: ['acme/m'], excluded: [] });
    leader.context.trail.push(answered);
    follower.context.sharedWith.push(leader.context);
    for (const each of [leader, follower]) each.end();
    return { leader, follower };
  }

  it('names it, tells who answered, and cost nothing', () => {
    const { leader, follower } = share();
    expect(follower.info()).toMatchObject({
      requestId: 'follower',
      provider: 'acme',
      model: 'm',
      attempts: 0,
      costUsd: 0,
      precision: 'reported',
      trace: { strategy: 'priority', candidates: ['acme/m'], attempts: [], sharedWith: 'leader' },
    });
    expect(leader.info()).toMatchObject({ attempts: 1, costUsd: 0.5 });
    expect(leader.info().trace).not.toHaveProperty('sharedWith');
  });

  it('names nobody once it has attempts of its own', () => {
    const { follower } = share();
    follower.context.trail.push({ ...answered, costUsd: 0.25 });
    const { costUsd, trace } = follower.info();
    expect([costUsd, trace.sharedWith]).toEqual([0.25, undefined]);
  });
});

it('a trace shows attempts in the order in which they were made, not in which they ended', () => {
  const running = begin();
  const record = (attempt: number): AttemptRecord => ({
    ...{ attempt, provider: 'acme', model: 'm', target: 'acme/m', waitedMs: 0 },
    ...{ outcome: 'ok', durationMs: 5, precision: 'unknown' },
  });
  running.context.trail.push(record(2), record(1), record(3));
  expect(running.info().trace.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  running.end();
});
