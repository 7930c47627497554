import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/chat/estimate-tokens.ts';
import { promptBound } from '../../src/chat/prompt-bound.ts';
import type { ChatRequest } from '../../src/chat/request.ts';
import { costOf } from '../../src/pricing/cost-of.ts';
import {
  type CostEstimate,
  type EstimateCase,
  estimateCost,
  expectedCost,
} from '../../src/pricing/estimate-cost.ts';
import { PriceTable } from '../../src/pricing/price-table.ts';
import { ask } from '../contexts.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const table = new PriceTable({
  'acme/one': {
    inputUsdPerMTok: 1,
    outputUsdPerMTok: 10,
    cacheReadUsdPerMTok: 0.1,
    cacheWrite5mUsdPerMTok: 1.25,
    cacheWrite1hUsdPerMTok: 2,
  },
  'acme/bare': { inputUsdPerMTok: 1, outputUsdPerMTok: 10 },
});

interface Facts extends Partial<EstimateCase> {
  readonly provider?: string;
  readonly model?: string;
}

function caseOf({
  provider = 'acme',
  model = 'one',
  request = ask('x'.repeat(3_000)),
  ...facts
}: Facts = {}): EstimateCase {
  return {
    request,
    spec: { contextWindow: 200_000, maxOutputTokens: 8_000 },
    price: table.find(provider, model),
    inputTokens: estimateTokens(request),
    cachedTokens: 0,
    atMs: NOW,
    ...facts,
  };
}

const estimate = (facts: Facts = {}): CostEstimate => {
  const request = caseOf(facts);
  return estimateCost(request, promptBound(request.request));
};

describe('the tokens of an estimate', () => {
  it.each<[string, Partial<ChatRequest>, EstimateCase['spec'], number | undefined]>([
    ['the cap', { max_tokens: 500 }, { maxOutputTokens: 8_000 }, 500],
    ['the modern cap', { max_completion_tokens: 700, max_tokens: 500 }, { maxOutputTokens: 8_000 }, 700],
    ['the model, below the cap', { max_tokens: 50_000 }, { maxOutputTokens: 8_000 }, 8_000],
    ['the model, without a cap', {}, { maxOutputTokens: 8_000 }, 8_000],
    ['null is no cap', { max_tokens: null }, { maxOutputTokens: 8_000 }, 8_000],
    ['the window, for want of more', {}, { contextWindow: 32_000 }, 32_000],
    ['the cap, of a model nobody knows', { max_tokens: 500 }, undefined, 500],
    ['nothing', {}, undefined, undefined],
  ])('out end with %s', (_, more, spec, expected) => {
    expect(estimate({ request: { ...ask(), ...more }, spec }).maxOutputTokens).toBe(expected);
  });

  it('in are as estimated, at most by the bound, and never above the window', () => {
    const request = ask('x'.repeat(3_000));
    const roomy = estimate({ request });
    expect(roomy.inputTokens).toBe(estimateTokens(request));
    expect(roomy.maxInputTokens).toBe(promptBound(request).tokens);
    expect(estimate({ request, spec: { contextWindow: 1_800 } }).maxInputTokens).toBe(1_800);
  });

  it('in end with the window where a document is only referred to', () => {
    const content = [{ type: 'file' as const, file: { file_id: 'file-1' } }];
    const request: ChatRequest = { messages: [{ role: 'user', content }] };
    expect(estimate({ request }).maxInputTokens).toBe(200_000);
    expect(estimate({ request, spec: undefined })).toMatchObject({
      maxInputTokens: undefined,
      maxNanoUsd: undefined,
    });
  });
});

describe('the expected cost', () => {
  it('is that of the prompt as estimated, and an answer of the cap', () => {
    const request = { ...ask(), max_tokens: 100 };
    expect(expectedCost(caseOf({ request, inputTokens: 2_000 }))?.nanoUsd).toBe(2_000_000 + 1_000_000);
  });

  it('takes 1,000 tokens for an answer without a cap, or what the model can', () => {
    const cost = (spec: EstimateCase['spec']) => expectedCost(caseOf({ inputTokens: 0, spec }))?.nanoUsd;
    expect(cost(undefined)).toBe(10_000_000);
    expect(cost({ maxOutputTokens: 400 })).toBe(4_000_000);
  });

  it('takes the cached part at the price of a cache, never more of it than there is', () => {
    const request = { ...ask(), max_tokens: 1 };
    const cost = (cachedTokens: number) =>
      expectedCost(caseOf({ request, inputTokens: 1_000, cachedTokens }))?.nanoUsd;
    expect(cost(400)).toBe(600_000 + 40_000 + 10_000);
    expect(cost(5_000)).toBe(100_000 + 10_000);
  });
});

describe('the largest cost', () => {
  const request = { ...ask('x'.repeat(1_000)), max_tokens: 100 };
  const most = promptBound(request).tokens ?? 0;

  it('takes the whole prompt as written to a cache, which is dearer than input', () => {
    expect(estimate({ request }).maxNanoUsd).toBe(most * 1_250 + 100 * 10_000);
  });

  it('takes the cache of an hour only where one is asked for', () => {
    const marked = { ...request, cache_control: { type: 'ephemeral', ttl: '1h' } };
    const bound = promptBound(marked).tokens ?? 0;
    expect(estimate({ request: marked }).maxNanoUsd).toBe(bound * 2_000 + 100 * 10_000);
  });

  it('takes input where a price names no cache', () => {
    expect(estimate({ request, model: 'bare' }).maxNanoUsd).toBe(most * 1_000 + 100 * 10_000);
  });

  it('takes the rates of a long prompt as soon as it may be one', () => {
    const long = { ...ask('x'.repeat(450_000)), max_tokens: 100 };
    const {
      inputTokens,
      maxInputTokens = 0,
      expectedNanoUsd,
      maxNanoUsd,
    } = estimate({
      ...{ request: long, provider: 'gemini', model: 'gemini-2.5-pro' },
      spec: { contextWindow: 1_048_576, maxOutputTokens: 65_536 },
    });
    expect([inputTokens < 200_000, maxInputTokens > 200_000]).toEqual([true, true]);
    expect(expectedNanoUsd).toBe(inputTokens * 1_250 + 100 * 10_000);
    expect(maxNanoUsd).toBe(maxInputTokens * 2_500 + 100 * 15_000);
  });

  it('takes the peak at any hour, for an attempt may end in it', () => {
    const flash = { request, provider: 'deepseek', model: 'deepseek-flash' };
    const { maxInputTokens = 0, maxNanoUsd, expectedNanoUsd = 0 } = estimate(flash);
    expect(maxNanoUsd).toBe(maxInputTokens * 300 + 100 * 1_200);
    const atPeak = estimate({ ...flash, atMs: Date.parse('2026-11-25T02:00:00Z') });
    expect(atPeak.expectedNanoUsd).toBe(2 * expectedNanoUsd);
    expect(atPeak.maxNanoUsd).toBe(maxNanoUsd);
  });

  it('is unknown without an end of the answer or of the prompt', () => {
    expect(estimate({ request: ask(), spec: undefined })).toMatchObject({ maxNanoUsd: undefined });
    expect(estimate({ request: ask(), spec: undefined }).expectedNanoUsd).toBeGreaterThan(0);
  });

  it('is never below what is expected, even of a prompt that no window holds', () => {
    const spec = { contextWindow: 100, maxOutputTokens: 50 };
    const { expectedNanoUsd = 0, maxNanoUsd } = estimate({
      request: { ...request, messages: ask('x'.repeat(90_000)).messages },
      spec,
    });
    expect(maxNanoUsd).toBeGreaterThanOrEqual(expectedNanoUsd);
  });
});

describe('what is asked for', () => {
  const costs = (more: Partial<ChatRequest>, provider = 'anthropic', model = 'claude-opus-5') => {
    const request = { ...ask('x'.repeat(300)), max_tokens: 1_000, ...more };
    const { expectedNanoUsd, maxNanoUsd } = estimate({ request, provider, model, inputTokens: 100 });
    return { expected: expectedNanoUsd, most: maxNanoUsd };
  };
  const usual = costs({});

  it.each<[Partial<ChatRequest>]>([
    [{ service_tier: 'auto' }],
    [{ service_tier: 'default' }],
    [{ service_tier: 'flex' }],
    [{ service_tier: null }],
    [{ speed: 'standard' }],
  ])('%j costs what is usual', (more) => {
    expect(costs(more)).toEqual(usual);
  });

  it.each<[Partial<ChatRequest>, number]>([
    [{ anthropic: { speed: 'fast' } }, 2],
    [{ service_tier: 'fast' }, 2],
    [{ anthropic: { inference_geo: 'us' } }, 1.1],
  ])('%j costs %d times as much', (more, factor) => {
    expect(costs(more).expected).toBeCloseTo((usual.expected ?? 0) * factor, 0);
    expect(costs(more).most).toBeGreaterThan(usual.most ?? 0);
  });

  it.each<[Partial<ChatRequest>]>([[{ service_tier: 'priority' }], [{ anthropic: { inference_geo: 'eu' } }]])(
    '%j has no known price, and then nothing is known',
    (more) => {
      expect(costs(more)).toEqual({ expected: undefined, most: undefined });
    },
  );

  it('priority is dearer at OpenAI, where it has a price', () => {
    const plain = costs({}, 'openai', 'gpt-5.5');
    expect(costs({ service_tier: 'priority' }, 'openai', 'gpt-5.5').expected).toBe(
      (plain.expected ?? 0) * 2.5,
    );
  });

  it('may be answered at the usual tier, if that were dearer', () => {
    const price = new PriceTable({ 'acme/x': { inputUsdPerMTok: 1, outputUsdPerMTok: 1, batchFactor: 0.5 } });
    const request = { ...ask(), max_tokens: 10, service_tier: 'batch' };
    const one = caseOf({ request, price: price.find('acme', 'x') });
    const { maxNanoUsd, maxInputTokens = 0 } = estimateCost(one, promptBound(request));
    expect(maxNanoUsd).toBe((maxInputTokens + 10) * 1_000);
  });
});

describe('an unknown price', () => {
  it('leaves all three costs unknown, never 0', () => {
    expect(estimate({ model: 'unpriced' })).toMatchObject({
      minNanoUsd: undefined,
      expectedNanoUsd: undefined,
      maxNanoUsd: undefined,
      inputTokens: expect.any(Number),
    });
  });

  it('is that of sound, whatever the price of text', () => {
    const content = [
      { type: 'input_audio' as const, input_audio: { data: 'UklGRg==', format: 'wav' as const } },
    ];
    expect(estimate({ request: { messages: [{ role: 'user', content }] } })).toMatchObject({
      minNanoUsd: undefined,
      maxNanoUsd: undefined,
    });
  });

  it('does not make a free model unknown', () => {
    const price = new PriceTable({ 'acme/free': { inputUsdPerMTok: 0, outputUsdPerMTok: 0 } }).find(
      'acme',
      'free',
    );
    expect(estimate({ price })).toMatchObject({ minNanoUsd: 0, expectedNanoUsd: 0, maxNanoUsd: 0 });
  });
});

describe('any request', () => {
  const models = [
    ['anthropic', 'claude-haiku-5-5'],
    ['anthropic', 'claude-opus-4-6'],
    ['openai', 'gpt-6-sol'],
    ['openai', 'gpt-5.5'],
    ['deepseek', 'deepseek-v4-pro'],
    ['gemini', 'gemini-2.5-pro'],
    ['groq', 'llama-3.3-70b-versatile'],
  ] as const;

  it('costs between least and most, whichever way its tokens are billed within the bound', () => {
    const requests = fc.record({
      length: fc.oneof(fc.nat(5_000), fc.nat(600_000)),
      cap: fc.integer({ min: 1, max: 100_000 }),
      used: fc.double({ min: 0, max: 1, noNaN: true }),
      shares: fc.tuple(fc.nat(10), fc.nat(10), fc.nat(10)),
      hour: fc.nat(23),
    });
    fc.assert(
      fc.property(
        requests,
        fc.constantFrom(...models),
        ({ length, cap, used, shares, hour }, [provider, model]) => {
          const request = { ...ask('x'.repeat(length)), max_tokens: cap };
          const price = table.find(provider, model);
          const atMs = Date.parse(`2026-11-25T${String(hour).padStart(2, '0')}:30:00Z`);
          const spec = { contextWindow: 2_000_000, maxOutputTokens: 128_000 };
          const {
            minNanoUsd = 0,
            expectedNanoUsd = 0,
            maxNanoUsd = 0,
            maxInputTokens = 0,
          } = estimateCost(caseOf({ request, price, atMs: NOW, spec }), promptBound(request));
          expect(minNanoUsd).toBeLessThanOrEqual(expectedNanoUsd);
          expect(expectedNanoUsd).toBeLessThanOrEqual(maxNanoUsd);
          const prompt = Math.floor(maxInputTokens * used);
          const [fresh, read, written] = shares.map((share) => Math.floor((prompt * share) / 30)) as [
            number,
            number,
            number,
          ];
          const usage = {
            inputTokens: fresh,
            outputTokens: Math.floor(cap * used),
            ...(price?.periods[0]?.standard.cacheRead !== undefined && { cacheReadTokens: read }),
            ...(price?.periods[0]?.standard.cacheWrite5m !== undefined && { cacheWrite5mTokens: written }),
          };
          expect(costOf(usage, price, { atMs })?.nanoUsd).toBeLessThanOrEqual(maxNanoUsd);
        },
      ),
      { numRuns: 200 },
    );
  });
});
