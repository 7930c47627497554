import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import {
  CancelledError,
  CircuitOpenError,
  ProviderError,
  type ProviderErrorCode,
} from '../../src/errors/index.ts';
import { breakCircuit } from '../../src/middleware/breaker.ts';
import type { Memory } from '../../src/middleware/memory.ts';
import type { AttemptContext, Handler, Target } from '../../src/pipeline/middleware.ts';
import { watching } from '../../src/pipeline/observe.ts';
import { Secret } from '../../src/provider-kit/secret.ts';
import {
  attemptContext,
  collect,
  failureOf,
  finish,
  requestContext,
  silent,
  start,
  stream,
  targetOf,
  text,
  usage,
} from '../contexts.ts';

/** A memory of one target that writes down what it is told. */
function setUp({ refuses = false, retryAfterMs = 0 } = {}) {
  const log: string[] = [];
  const asked: { target: Target; lastTarget: boolean }[] = [];
  const memory: Memory = {
    of: (target) => ({
      admit: (lastTarget) => {
        asked.push({ target, lastTarget });
        if (refuses) return undefined;
        return {
          succeed: () => log.push('succeed'),
          fail: (error) => log.push(`fail ${error.code}`),
          release: () => log.push('release'),
        };
      },
      retryAfterMs: () => retryAfterMs,
      began: () => log.push('began'),
      ended: () => log.push('ended'),
    }),
  };
  return { log, asked, wrap: watching(breakCircuit(memory)) };
}

const failing = (error: unknown, first: readonly Batch[] = []): Handler<AttemptContext> =>
  async function* failing() {
    yield* first;
    throw error;
  };

const providerError = (code: ProviderErrorCode): ProviderError =>
  new ProviderError({ provider: 'acme', code, message: 'no' });

describe('breakCircuit', () => {
  it('asks for the target of the attempt, and says whether it is the last', async () => {
    const { wrap, asked } = setUp();
    const target = targetOf(silent, { model: 'other' });
    await collect(wrap(attemptContext({ target, lastTarget: false }), () => stream([])));
    await collect(wrap(attemptContext({ target, lastTarget: true }), () => stream([])));
    expect(asked).toEqual([
      { target, lastTarget: false },
      { target, lastTarget: true },
    ]);
  });

  it('refuses without calling on, and says when to come back', async () => {
    const { wrap, log } = setUp({ refuses: true, retryAfterMs: 4_200 });
    let calls = 0;
    const next: Handler<AttemptContext> = () => {
      calls++;
      return stream([]);
    };
    const error = await failureOf(collect(wrap(attemptContext(), next)));
    expect(error).toBeInstanceOf(CircuitOpenError);
    expect(error).toMatchObject({
      code: 'circuit_open',
      provider: 'acme',
      model: 'model-1',
      retryAfterMs: 4_200,
      message: 'acme/model-1: left alone after repeated failures; next probe in 5 s',
    });
    expect(calls).toBe(0);
    expect(log).toEqual([]);
  });

  it('records the success at the commit point, once, before the content is handed on', async () => {
    const { wrap, log } = setUp();
    const batches: Batch[] = [[start], [text('')], [usage({})], [text('Hi')], [text('!')], [finish]];
    for await (const [event] of wrap(attemptContext(), () => stream(batches))) log.push(event?.type ?? '');
    expect(log).toEqual([
      ...['start', 'text_delta', 'usage', 'succeed', 'text_delta', 'text_delta', 'finish'],
      // The end says so again; a permit counts the first.
      ...['succeed', 'release'],
    ]);
  });

  it('takes an answer without content for a success too', async () => {
    const { wrap, log } = setUp();
    await collect(wrap(attemptContext(), () => stream([[start], [finish]])));
    expect(log).toEqual(['succeed', 'release']);
  });

  it.each(['overloaded', 'invalid_request', 'rate_limited', 'authentication'] as const)(
    'hands on a failure as it is, whatever it will count for: %s',
    async (code) => {
      const { wrap, log } = setUp();
      const error = providerError(code);
      expect(await failureOf(collect(wrap(attemptContext(), failing(error))))).toBe(error);
      expect(log).toEqual([`fail ${code}`, 'release']);
    },
  );

  it('hears of a failure after the success too', async () => {
    const { wrap, log } = setUp();
    const broken = failing(providerError('stream_truncated'), [[text('Hi')]]);
    await failureOf(collect(wrap(attemptContext(), broken)));
    expect(log).toEqual(['succeed', 'fail stream_truncated', 'release']);
  });

  it.each([
    ['an abort', new CancelledError('gone')],
    ['a foreign error of a plug-in', new TypeError('mine')],
  ])('holds %s against nobody (P7)', async (_, error) => {
    const { wrap, log } = setUp();
    expect(await failureOf(collect(wrap(attemptContext(), failing(error))))).toBe(error);
    expect(log).toEqual(['release']);
  });

  it.each([
    ['before the commit point', [[start], [text('Hi')]], ['release']],
    ['after it', [[text('Hi')], [text('!')]], ['succeed', 'release']],
  ])('gives the permit back when the consumer leaves %s', async (_, batches: Batch[], expected) => {
    const { wrap, log } = setUp();
    for await (const __ of wrap(attemptContext(), () => stream(batches))) break;
    expect(log).toEqual(expected);
  });

  describe("with a key of the caller's own", () => {
    const request = requestContext({ apiKey: new Secret('sk-theirs'), pinned: 'acme' });

    it.each(['authentication', 'permission', 'quota_exhausted', 'rate_limited'] as const)(
      'learns nothing about our keys from %s',
      async (code) => {
        const { wrap, log } = setUp();
        await failureOf(collect(wrap(attemptContext({ request }), failing(providerError(code)))));
        expect(log).toEqual(['release']);
      },
    );

    it.each(['overloaded', 'connection', 'timeout', 'model_not_found'] as const)(
      'learns about the host as ever from %s',
      async (code) => {
        const { wrap, log } = setUp();
        await failureOf(collect(wrap(attemptContext({ request }), failing(providerError(code)))));
        expect(log).toEqual([`fail ${code}`, 'release']);
      },
    );
  });
});
