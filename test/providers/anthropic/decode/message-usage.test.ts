import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageUsage } from '../../../../src/providers/anthropic/decode/message-usage.ts';
import { promptTokens, usageBuckets } from '../../../../src/usage/usage.ts';
import { fixture, only, reduce, told, wire } from '../wire.ts';

const done = { stopped: true, thought: false, unbilled: false };

function usageOf(start: unknown, ...deltas: unknown[]) {
  const usage = new MessageUsage();
  usage.merge(start, true);
  for (const delta of deltas) usage.merge(delta, false);
  return usage.read(done);
}

describe('buckets', () => {
  it('USE-1 USE-2 USE-4 BUG-11 BUG-14: are disjoint, and their sum is the prompt', () => {
    const usage = usageOf(
      { input_tokens: 10, cache_creation_input_tokens: 200, cache_read_input_tokens: 3000, output_tokens: 1 },
      { output_tokens: 42 },
    );
    expect(usage).toEqual({
      inputTokens: 10,
      cacheReadTokens: 3000,
      cacheWrite5mTokens: 200,
      outputTokens: 42,
      reasoningTokens: 0,
    });
    expect(usage && promptTokens(usage)).toBe(3210);
  });

  it.each([
    { name: 'no split is 5 minutes', total: 100, split: undefined, m5: 100, h1: undefined },
    { name: 'a null split is 5 minutes', total: 100, split: null, m5: 100, h1: undefined },
    { name: 'a full split', total: 100, split: [30, 70], m5: 30, h1: 70 },
    { name: 'a total that has grown since', total: 150, split: [30, 70], m5: 80, h1: 70 },
    { name: 'a total below its split', total: 50, split: [30, 70], m5: 0, h1: 50 },
    { name: 'a split without a total', total: undefined, split: [30, 70], m5: 30, h1: 70 },
    { name: 'a hostile split', total: 100, split: [-1, '70'], m5: 100, h1: undefined },
  ])('cache writes: $name', ({ total, split, m5, h1 }) => {
    const [ephemeral_5m_input_tokens, ephemeral_1h_input_tokens] = split ?? [];
    const cache_creation = split && { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens };
    const usage = usageOf({ cache_creation_input_tokens: total, cache_creation, input_tokens: 1 });
    expect([usage?.cacheWrite5mTokens, usage?.cacheWrite1hTokens]).toEqual([m5, h1]);
  });
});

describe('over the events of a stream', () => {
  it('USE-6 BUG-13 U3: later totals replace, nothing is added', () => {
    expect(usageOf({ input_tokens: 43 }, { output_tokens: 5 }, { output_tokens: 9 })).toMatchObject({
      inputTokens: 43,
      outputTokens: 9,
    });
  });

  it('USE-6 BUG-12 U5: input and cache figures may still grow at the end', () => {
    expect(
      usageOf(
        { input_tokens: 2679, cache_read_input_tokens: 0 },
        { input_tokens: 10682, cache_read_input_tokens: 512, output_tokens: 510 },
      ),
    ).toMatchObject({ inputTokens: 10682, cacheReadTokens: 512 });
  });

  it('USE-6: null and absence leave the earlier figure standing', () => {
    expect(usageOf({ input_tokens: 43 }, { input_tokens: null, output_tokens: 5 })?.inputTokens).toBe(43);
  });

  it('USE-7: the output of message_start is a placeholder and never told', () => {
    const [first] = only(reduce(fixture('text')), 'usage');
    expect(first).toMatchObject({ usage: { inputTokens: 25, partial: true } });
    expect(first).not.toHaveProperty('usage.outputTokens');
  });

  it('USE-11: a cut answer leaves a partial usage without output', () => {
    const { usage } = told(reduce(fixture('cut')));
    expect(usage).toMatchObject({ inputTokens: 25, partial: true });
    expect(usage).not.toHaveProperty('outputTokens');
  });

  it('USE-11: is partial until the stop reason is known', () => {
    const early = { type: 'message_delta', delta: {}, usage: { output_tokens: 3 } };
    const events = reduce([wire.start({ usage: { input_tokens: 1 } }), early, ...wire.end('end_turn')]);
    expect(only(events, 'usage').map((event) => 'usage' in event && event.usage.partial)).toEqual([
      true,
      true,
      undefined,
    ]);
  });
});

describe('reasoning (USE-5)', () => {
  it.each([
    { name: 'as reported', details: { thinking_tokens: 40 }, thought: true, tokens: 40 },
    { name: 'none, where no thinking was seen', details: null, thought: false, tokens: 0 },
    {
      name: 'unknown, where it was seen but not counted',
      details: undefined,
      thought: true,
      tokens: undefined,
    },
    {
      name: 'unknown, where more than all is claimed',
      details: { thinking_tokens: 99 },
      thought: true,
      tokens: undefined,
    },
  ])('$name', ({ details, thought, tokens }) => {
    const usage = new MessageUsage();
    usage.merge({ input_tokens: 1, output_tokens: 50, output_tokens_details: details }, false);
    expect(usage.read({ ...done, thought })?.reasoningTokens).toBe(tokens);
  });

  it('comes out of the stream', () => {
    expect(told(reduce(fixture('thinking-omitted'))).usage?.reasoningTokens).toBe(40);
    expect(told(reduce(fixture('thinking-summarized'))).usage).not.toHaveProperty('reasoningTokens');
    expect(told(reduce(fixture('redacted-thinking'))).usage).not.toHaveProperty('reasoningTokens');
    expect(told(reduce(fixture('text'))).usage?.reasoningTokens).toBe(0);
  });
});

describe('what is not tokens', () => {
  it('USE-8: calls of the provider’s own tools', () => {
    expect(told(reduce(fixture('web-search'))).usage?.serverTools).toEqual({
      webSearchRequests: 1,
      webFetchRequests: 0,
    });
    expect(told(reduce(fixture('text'))).usage).not.toHaveProperty('serverTools');
  });

  it('USE-9 D-4: iterations stay whole, with the sums that are billed', () => {
    const { usage } = told(reduce(fixture('fallback-mid-stream')));
    expect(usage).toMatchObject({ inputTokens: 70, outputTokens: 21 });
    expect(usage?.providerSpecific).toMatchObject({
      iterations: [{ type: 'message' }, { type: 'fallback_message' }],
      billable_input_tokens: 95,
      billable_output_tokens: 61,
    });
    expect(usage?.runs).toMatchObject([
      { model: 'claude-fable-5-1', inputTokens: 25, outputTokens: 40 },
      { model: 'claude-opus-5-5', inputTokens: 70, outputTokens: 21 },
    ]);
    expect(told(reduce(fixture('text'))).usage).not.toHaveProperty('runs');
  });

  it('USE-10: a refusal before output is not billed, one after it is', () => {
    expect(told(reduce(fixture('refusal-first'))).usage?.billed).toBe(false);
    expect(told(reduce(fixture('refusal-mid-stream'))).usage).not.toHaveProperty('billed');
    expect(told(reduce(fixture('text'))).usage).not.toHaveProperty('billed');
  });

  it('RES-13: what changes the price', () => {
    expect(
      usageOf({ input_tokens: 1, service_tier: 'priority', speed: 'fast', inference_geo: 'us' })?.modifiers,
    ).toEqual({ serviceTier: 'priority', speed: 'fast', inferenceGeo: 'us' });
    expect(usageOf({ input_tokens: 1, service_tier: null, speed: 7 })).not.toHaveProperty('modifiers');
  });
});

describe('what cannot be trusted', () => {
  it.each([[undefined], [null], ['much'], [[]], [{}], [{ output_tokens: 1 }], [{ input_tokens: '12' }]])(
    'U1 USE-12: %j in the start is no usage, rather than 0',
    (start) => {
      expect(usageOf(start)).toBeUndefined();
      expect(only(reduce([wire.start({ usage: start })]), 'usage')).toEqual([]);
    },
  );

  it.each([[-5], ['12'], [Number.POSITIVE_INFINITY], [Number.NaN], [0.5], [{}], [true]])(
    'U2 USE-12: %j does not replace a figure',
    (hostile) => {
      expect(usageOf({ input_tokens: 43 }, { input_tokens: hostile, output_tokens: 5 })).toMatchObject({
        inputTokens: 43,
        outputTokens: 5,
      });
    },
  );

  it('V13: __proto__ in usage stays data', () => {
    const usage = new MessageUsage();
    usage.merge(JSON.parse('{"__proto__":{"polluted":1},"input_tokens":1}'), false);
    expect(JSON.stringify(usage.native)).toContain('"__proto__":{"polluted":1}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('V14: iterations nested too deeply are not carried', () => {
    const iterations = [JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)];
    expect(usageOf({ input_tokens: 1, iterations })).toEqual({ inputTokens: 1 });
  });

  it('INV-31: any reports fold to whole non-negative buckets, the last good one winning', () => {
    const figure = fc.oneof(
      fc.nat(),
      fc.constantFrom(null, undefined, -1, 1.5, '7', Number.NaN, Number.POSITIVE_INFINITY),
    );
    const report = fc.record(
      {
        input_tokens: figure,
        output_tokens: figure,
        cache_read_input_tokens: figure,
        cache_creation_input_tokens: figure,
        cache_creation: fc.oneof(
          figure,
          fc.record({ ephemeral_5m_input_tokens: figure, ephemeral_1h_input_tokens: figure }),
        ),
        output_tokens_details: fc.option(fc.record({ thinking_tokens: figure })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 6 }), (reports) => {
        const usage = usageOf(reports[0], ...reports.slice(1)) ?? {};
        for (const bucket of usageBuckets) {
          const tokens = usage[bucket];
          expect(tokens === undefined || (Number.isSafeInteger(tokens) && tokens >= 0)).toBe(true);
        }
        const good = reports
          .map((r) => r.input_tokens)
          .filter((n) => Number.isSafeInteger(n) && Number(n) >= 0);
        expect(usage.inputTokens).toBe(good.at(-1));
      }),
      { numRuns: 200 },
    );
  });
});
