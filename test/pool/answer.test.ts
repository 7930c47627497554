import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import {
  CancelledError,
  DeadlineExceededError,
  isRunestoneError,
  PoolClosedError,
  ProviderError,
} from '../../src/errors/index.ts';
import type { Handler, RequestContext } from '../../src/pipeline/middleware.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { breaks, hangs, replies, type ScriptedStep } from '../../src/testing/scripted-steps.ts';
import { failureOf, finish, start, text, usage } from '../contexts.ts';
import { answerOf, world } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A world of one provider with one step. */
function setUp(step: ScriptedStep, options: Partial<PoolOptions> = {}) {
  const provider = scriptedProvider('a', [step]);
  return { provider, all: world({ providers: [provider], retry: false, ...options }) };
}

/** Layers made of literals, which log when they are let go and why. */
function layers(batches: readonly Batch[], log: string[] = [], failure?: unknown) {
  const handle: Handler<RequestContext> = async function* handle({ cancellation }) {
    try {
      for (const batch of batches) {
        yield batch;
        if (cancellation.isCancelled) throw cancellation.reason;
      }
      if (failure !== undefined) throw failure;
      log.push('completed');
    } catch (error) {
      log.push(`failed: ${isRunestoneError(error) ? error.code : error}`);
      throw error;
    } finally {
      log.push('let go');
    }
  };
  return { handle };
}

describe('pulling an answer', () => {
  it('gives its batches, then the end for good', async () => {
    const batches: Batch[] = [[start, text('a')], [text('b')], [finish]];
    const { answer, ends } = await answerOf(layers(batches));
    for (const batch of batches) expect(await answer.pull()).toBe(batch);
    expect(ends()).toBe(1);
    expect([await answer.pull(), await answer.pull(), ends()]).toEqual([undefined, undefined, 1]);
  });

  it('ends it with the finish: all is known and told before the last batch is handed out', async () => {
    const { all } = setUp(replies('Hi'));
    const { answer, running, ends } = await answerOf(all);
    let last: Batch | undefined;
    while (!answer.finish) last = await answer.pull();
    expect(last?.at(-1)?.type).toBe('finish');
    expect(answer.finish).toEqual({ reason: 'stop', raw: 'stop' });
    expect(all.told.names().at(-1)).toBe('request.stop');
    expect(running.info()).toMatchObject({ provider: 'a', attempts: 1, usage: { inputTokens: 10 } });
    expect(ends()).toBe(1);
  });

  it('lets the layers below complete, whatever they still say after the finish', async () => {
    const log: string[] = [];
    const { answer, ends } = await answerOf(layers([[text('a')], [finish], [], [text('late')]], log));
    expect(await answer.pull()).toEqual([text('a')]);
    expect(await answer.pull()).toEqual([finish]);
    expect(log).toEqual(['completed', 'let go']);
    expect([await answer.pull(), ends()]).toEqual([undefined, 1]);
  });

  it('fails with what a layer throws after the finish: a guardrail that read to the end', async () => {
    const log: string[] = [];
    const mine = new RangeError('not like that');
    const { answer, ends } = await answerOf(layers([[text('a')], [finish]], log, mine));
    await answer.pull();
    expect(await failureOf(answer.pull())).toBe(mine);
    expect([log.at(-1), ends()]).toEqual(['let go', 1]);
  });

  it('takes an end without a finish, which a plug-in may have eaten, for the end', async () => {
    const { answer, ends } = await answerOf(layers([[text('a')]]));
    await answer.pull();
    expect([await answer.pull(), answer.finish, ends()]).toEqual([undefined, undefined, 1]);
  });
});

describe('an answer that breaks', () => {
  const step = breaks(['Once ', 'upon'], { code: 'server_error' });

  it('says so with all that is known, and again to whoever pulls again', async () => {
    const { all } = setUp(step);
    const { answer, ends } = await answerOf(all);
    await answer.pull();
    await answer.pull();
    await answer.pull();
    const error = await failureOf(answer.pull());
    expect(error).toMatchObject({
      code: 'server_error',
      provider: 'a',
      requestId: 'req-1',
      committed: true,
      attempts: [{ attempt: 1, provider: 'a', outcome: 'error' }],
    });
    expect(await failureOf(answer.pull())).toBe(error);
    expect(ends()).toBe(1);
  });

  it('keeps what had arrived where no log shows it', async () => {
    const { all } = setUp(step);
    const { answer } = await answerOf(all);
    const error = await failureOf(drain(answer));
    expect(isRunestoneError(error) && error.partial).toEqual({ content: 'Once upon', toolCalls: [] });
    expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain('Once upon');
    expect(Object.keys({ ...(error as object) })).not.toContain('partial');
  });

  it('passes a foreign error on as it is', async () => {
    const mine = Object.freeze(new TypeError('mine'));
    const { answer } = await answerOf(layers([[text('a')]], [], mine));
    await answer.pull();
    expect(await failureOf(answer.pull())).toBe(mine);
    expect(await failureOf(answer.pull())).toBe(mine);
    expect(await failureOf(answer.completion(false))).toBe(mine);
  });
});

describe('the whole answer', () => {
  it('is read by itself', async () => {
    const { all } = setUp(replies(['Once ', 'upon']));
    const { answer, ends } = await answerOf(all);
    const completion = await answer.completion(true);
    expect(completion).toMatchObject({
      object: 'chat.completion',
      id: 'scripted-req-1',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Once upon' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 3 },
      runestone: { provider: 'a', requestId: 'req-1', attempts: 1 },
    });
    expect(ends()).toBe(1);
  });

  it.each(['before', 'during', 'after'] as const)('can be asked for %s somebody else reads', async (when) => {
    const { all } = setUp(replies(['Once ', 'upon']));
    const { answer } = await answerOf(all);
    const asked: Promise<unknown>[] = [];
    if (when === 'before') asked.push(answer.completion(false));
    await answer.pull();
    if (when === 'during') asked.push(answer.completion(false), answer.completion(false));
    await drain(answer);
    if (when === 'after') asked.push(answer.completion(false));
    for (const completion of await Promise.all(asked)) {
      expect(completion).toMatchObject({ choices: [{ message: { content: 'Once upon' } }] });
    }
  });

  it.each(['before', 'after'] as const)('fails when the answer breaks, asked for %s that', async (when) => {
    const { all } = setUp(breaks('Once', { code: 'overloaded' }));
    const { answer } = await answerOf(all);
    const early = when === 'before' ? failureOf(answer.completion(false)) : undefined;
    const error = await failureOf(drain(answer));
    expect(await (early ?? failureOf(answer.completion(false)))).toBe(error);
  });
});

describe('cancelling', () => {
  it('cuts upstream at once and ends the answer', async () => {
    const { all, provider } = setUp(hangs(['Once ', 'upon']));
    const { answer, ends } = await answerOf(all);
    await answer.cancel();
    expect(ends()).toBe(1);
    expect(provider.calls[0]?.signal.aborted).toBe(true);
    expect(provider.open).toBe(0);
    expect(all.told.of('request.stop')).toMatchObject([{ outcome: 'cancelled', code: 'cancelled' }]);
    const error = await failureOf(answer.pull());
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ message: 'the stream was cancelled by its consumer', requestId: 'req-1' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends a pull that is out, and whoever waits for the whole', async () => {
    const { all } = setUp(hangs('Once'));
    const { answer, ends } = await answerOf(all);
    await answer.pull();
    await answer.pull();
    const pulling = failureOf(answer.pull());
    const waiting = failureOf(answer.completion(false));
    await answer.cancel();
    const error = await pulling;
    expect(error).toBeInstanceOf(CancelledError);
    expect(await waiting).toBe(error);
    expect(isRunestoneError(error) && error.partial?.content).toBe('Once');
    expect(ends()).toBe(1);
  });

  it('does nothing the second time, nor after the end (C7)', async () => {
    const { all } = setUp(replies('Hi'));
    const first = await answerOf(all);
    await Promise.all([first.answer.cancel(), first.answer.cancel()]);
    await first.answer.cancel();
    expect(first.ends()).toBe(1);
    const second = await answerOf(all);
    await drain(second.answer);
    await second.answer.cancel();
    expect(second.ends()).toBe(1);
    expect(second.running.context.cancellation.isCancelled).toBe(false);
    expect(await second.answer.completion(false)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  });

  it('ends the answer also when a layer cannot clean up', async () => {
    const handle: Handler<RequestContext> = () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ value: [text('a')], done: false }),
        return: () => Promise.reject(new Error('no clean-up')),
      }),
    });
    const { answer, ends } = await answerOf({ handle });
    await answer.cancel();
    expect(ends()).toBe(1);
    expect(await failureOf(answer.pull())).toBeInstanceOf(CancelledError);
  });
});

describe('a request that is ended from outside', () => {
  const reasons = [
    new CancelledError('the request was aborted by its caller'),
    new DeadlineExceededError('over'),
    new PoolClosedError('closed'),
  ];

  it.each(reasons)('ends while nobody reads: $code (INV-34)', async (reason) => {
    const { all, provider } = setUp(hangs(['Once ', 'upon']));
    const { answer, running, ends } = await answerOf(all);
    await answer.pull();
    running.abort(reason);
    await vi.advanceTimersByTimeAsync(0);
    expect(ends()).toBe(1);
    expect(provider.open).toBe(0);
    expect(all.states.total.row().inFlight).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    // Told by its true name, not as a consumer who left.
    expect(all.told.of('request.stop')).toMatchObject([{ code: reason.code }]);
    expect(await failureOf(answer.pull())).toBe(reason);
    expect(reason.partial?.content).toContain('Once ');
  });

  it('tells whoever waits for the whole', async () => {
    const { all } = setUp(hangs('Once'));
    const controller = new AbortController();
    const { answer } = await answerOf(all, {}, { signal: controller.signal });
    const waiting = failureOf(answer.completion(false));
    controller.abort('enough');
    await vi.advanceTimersByTimeAsync(0);
    expect(await waiting).toMatchObject({ code: 'cancelled', cause: 'enough' });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('by the clock ends on time', async () => {
    const { all } = setUp(hangs('Once'));
    const { answer, ends } = await answerOf(all, {}, { deadlineMs: 5_000 });
    await vi.advanceTimersByTimeAsync(4_999);
    expect(ends()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toBe(1);
    expect(await failureOf(answer.pull())).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('after its end has no effect (C7)', async () => {
    const { all } = setUp(replies('Hi'));
    const { answer, running, ends } = await answerOf(all);
    await drain(answer);
    running.abort(new CancelledError('late'));
    await vi.advanceTimersByTimeAsync(0);
    expect([await answer.pull(), ends()]).toEqual([undefined, 1]);
  });

  it('is not kept waiting by a plug-in that goes on and on', async () => {
    let letGo = false;
    const handle: Handler<RequestContext> = async function* handle() {
      try {
        for (;;) yield [text('on ')];
      } finally {
        letGo = true;
      }
    };
    const { answer, running, ends } = await answerOf({ handle });
    running.abort(new DeadlineExceededError('over'));
    await vi.advanceTimersByTimeAsync(0);
    expect([ends(), letGo]).toEqual([1, true]);
    expect(await failureOf(answer.pull())).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('STR-21 BUG-57: is not complete although a plug-in makes a quiet end of it', async () => {
    const handle: Handler<RequestContext> = async function* handle({ cancellation }) {
      yield [text('a')];
      if (!cancellation.isCancelled) yield [finish];
    };
    const { answer, running, ends } = await answerOf({ handle });
    await answer.pull();
    running.abort(new DeadlineExceededError('over'));
    await vi.advanceTimersByTimeAsync(0);
    expect(ends()).toBe(1);
    expect(await failureOf(answer.completion(false))).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('keeps what was held back for whoever asks what had arrived', async () => {
    const reason = new DeadlineExceededError('over');
    const { answer, running } = await answerOf(layers([[start], [text('held')], [text('never')]]));
    running.abort(reason);
    await failureOf(answer.pull());
    expect(reason.partial?.content).toBe('held');
  });

  it('lets a plug-in end in its own words', async () => {
    const log: string[] = [];
    const { answer, running } = await answerOf(layers([[text('a')], [text('b')]], log));
    running.abort(new DeadlineExceededError('over'));
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(['failed: deadline_exceeded', 'let go']);
    expect(await failureOf(answer.pull())).toMatchObject({ code: 'deadline_exceeded' });
  });
});

describe('whatever races', () => {
  const act = fc.constantFrom('pull', 'completion', 'cancel', 'abort', 'wait');
  const steps = fc.constantFrom(
    replies(['Once ', 'upon']),
    breaks('Once', { code: 'server_error' }),
    breaks(['Once', text('')]),
    hangs('Once'),
  );

  it('an answer ends exactly once, and everybody is told the same (INV-33)', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.tuple(act, fc.nat(6)), { maxLength: 8 }), async (step, acts) => {
        const { all, provider } = setUp(step);
        const { answer, running, ends } = await answerOf(all);
        const told: Promise<unknown>[] = [];
        const note = (promise: Promise<unknown>): void =>
          void told.push(promise.catch((error: unknown) => error));
        for (const [what, turns] of acts) {
          if (what === 'pull') note(answer.pull());
          if (what === 'completion') note(answer.completion(false));
          if (what === 'cancel') note(answer.cancel());
          if (what === 'abort') running.abort(new CancelledError('enough'));
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        }
        await vi.advanceTimersByTimeAsync(0);
        note(answer.cancel());
        const failures = (await Promise.all(told)).filter((each) => each instanceof Error);
        expect(new Set(failures).size).toBeLessThanOrEqual(1);
        expect(ends()).toBe(1);
        expect([provider.open, vi.getTimerCount()]).toEqual([0, 0]);
        expect(all.told.of('request.stop')).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it('an abort at any moment gives the answer or the abort, never both (C6)', async () => {
    for (let turns = 0; turns < 150; turns++) {
      const { all } = setUp(replies(['Once ', 'upon']));
      const { answer, running } = await answerOf(all);
      const reading = answer.completion(true).then(
        (completion) => completion.choices[0]?.message.content,
        (error: unknown) => error,
      );
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      running.abort(new CancelledError('enough'));
      const outcome = await reading;
      const [stop] = all.told.of('request.stop');
      expect(all.told.of('request.stop')).toHaveLength(1);
      if (stop?.outcome === 'ok') expect(outcome).toBe('Once upon');
      else expect(outcome).toBeInstanceOf(CancelledError);
    }
  });
});

it('needs no more than a usage to know the price of what broke', async () => {
  const prices = { 'a/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 1 } };
  const step = breaks([usage({ inputTokens: 96, outputTokens: 1 }), text('four letters, 4')]);
  const { all } = setUp(step, { cost: { prices } });
  const { answer } = await answerOf(all);
  const error = await failureOf(drain(answer));
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ costUsd: 0.0001, usage: { inputTokens: 96 } });
});

async function drain(answer: { pull(): Promise<unknown> }): Promise<void> {
  while (await answer.pull());
}
