import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUsage } from '../../../../src/providers/openai-compatible/decode/reported-usage.ts';
import { toCompletionUsage } from '../../../../src/usage/openai-usage.ts';

const cases: readonly (readonly [
  what: string,
  usage: Readonly<Record<string, unknown>>,
  buckets: unknown,
])[] = [
  [
    'OpenAI',
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 40, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 0, accepted_prediction_tokens: 0 },
    },
    { inputTokens: 60, cacheReadTokens: 40, outputTokens: 50, reasoningTokens: 30 },
  ],
  [
    'OpenAI with sound, in and out',
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 80 },
      completion_tokens_details: { audio_tokens: 45 },
    },
    {
      ...{ inputTokens: 100, cacheReadTokens: 0, outputTokens: 50 },
      ...{ audioInputTokens: 80, audioOutputTokens: 45 },
    },
  ],
  [
    'OpenAI with written cache (USE-4)',
    {
      prompt_tokens: 100,
      completion_tokens: 5,
      total_tokens: 105,
      prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 10 },
    },
    { inputTokens: 50, cacheReadTokens: 40, cacheWrite5mTokens: 10, outputTokens: 5 },
  ],
  [
    'bare numbers',
    { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    { inputTokens: 7, outputTokens: 3 },
  ],
  [
    'DeepSeek',
    {
      prompt_tokens: 100,
      completion_tokens: 5,
      total_tokens: 105,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
    },
    { inputTokens: 36, cacheReadTokens: 64, outputTokens: 5 },
  ],
  [
    'Moonshot',
    { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25, cached_tokens: 16 },
    { inputTokens: 4, cacheReadTokens: 16, outputTokens: 5 },
  ],
  [
    'xAI, which counts reasoning beside the completion',
    {
      prompt_tokens: 32,
      completion_tokens: 9,
      total_tokens: 135,
      completion_tokens_details: { reasoning_tokens: 94 },
    },
    { inputTokens: 32, outputTokens: 103, reasoningTokens: 94 },
  ],
  [
    'Gemini, which counts thoughts in the total alone',
    { prompt_tokens: 7, completion_tokens: 10, total_tokens: 600 },
    { inputTokens: 7, outputTokens: 593 },
  ],
  [
    'BUG-14: a host that counts the cache beside the prompt',
    {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 55,
      prompt_tokens_details: { cached_tokens: 40 },
    },
    { inputTokens: 10, cacheReadTokens: 40, outputTokens: 5 },
  ],
  [
    'the same without a total',
    { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 40 } },
    { inputTokens: 10, cacheReadTokens: 40, outputTokens: 5 },
  ],
  [
    'Perplexity',
    {
      prompt_tokens: 4,
      completion_tokens: 9,
      total_tokens: 13,
      search_context_size: 'low',
      cost: { total_cost: 0.005 },
    },
    {
      inputTokens: 4,
      outputTokens: 9,
      providerSpecific: { search_context_size: 'low', cost: { total_cost: 0.005 } },
    },
  ],
  [
    'Perplexity, reasoning at the top',
    { prompt_tokens: 4, completion_tokens: 90, total_tokens: 94, reasoning_tokens: 80 },
    { inputTokens: 4, outputTokens: 90, reasoningTokens: 80 },
  ],
  [
    'USE-12: details of nothing',
    {
      prompt_tokens: 4,
      completion_tokens: 9,
      prompt_tokens_details: null,
      completion_tokens_details: undefined,
    },
    { inputTokens: 4, outputTokens: 9 },
  ],
  [
    'numbers that cannot be',
    {
      prompt_tokens: 4,
      completion_tokens: 9,
      total_tokens: '13',
      prompt_tokens_details: { cached_tokens: -5 },
      completion_tokens_details: { reasoning_tokens: Number.POSITIVE_INFINITY },
    },
    { inputTokens: 4, outputTokens: 9 },
  ],
  [
    'more reasoning than there was output',
    { prompt_tokens: 4, completion_tokens: 9, completion_tokens_details: { reasoning_tokens: 90 } },
    { inputTokens: 4, outputTokens: 9 },
  ],
  ['a prompt alone, as for embeddings', { prompt_tokens: 8, total_tokens: 8 }, { inputTokens: 8 }],
];

describe('usage', () => {
  it.each(cases)('USE-1 to USE-5: is put into disjoint buckets: %s', (_, usage, buckets) => {
    expect(readUsage(usage, undefined)).toEqual(buckets);
  });

  it.each([
    ['nothing', {}],
    ['nulls', { prompt_tokens: null, completion_tokens: null }],
    ['a stand-in of zeros (USE-7)', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }],
    ['words', { prompt_tokens: 'many', completion_tokens: 'few' }],
    ['a fraction', { prompt_tokens: 1.5 }],
  ])('is unknown, and not 0, when the host says %s', (_, usage) => {
    expect(readUsage(usage, 'flex')).toBeUndefined();
  });

  it.each([
    ['flex', { serviceTier: 'flex' }],
    ['priority', { serviceTier: 'priority' }],
    ['default', undefined],
    ['auto', undefined],
    ['on_demand', undefined],
    ['', undefined],
    [undefined, undefined],
    [null, undefined],
  ])('RES-13: names the tier where it changes the price: %s', (tier, modifiers) => {
    expect(readUsage({ prompt_tokens: 1, completion_tokens: 1 }, tier)?.modifiers).toEqual(modifiers);
  });

  it('V14: leaves out further figures that nobody could write again', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(readUsage({ prompt_tokens: 1, completion_tokens: 1, deep }, undefined)).not.toHaveProperty(
      'providerSpecific',
    );
  });

  it('V13: keeps keys of a prototype as data', () => {
    const usage = readUsage(
      JSON.parse('{"prompt_tokens":1,"completion_tokens":1,"__proto__":{"x":1}}'),
      undefined,
    );
    expect(Object.keys(usage?.providerSpecific ?? {})).toEqual(['__proto__']);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it("comes back as OpenAI's own numbers for whatever OpenAI says", () => {
    const count = fc.nat(1_000);
    fc.assert(
      fc.property(count, count, count, count, (fresh, cached, plain, reasoning) => {
        const said = {
          prompt_tokens: fresh + cached + 1,
          completion_tokens: plain + reasoning,
          total_tokens: fresh + cached + 1 + plain + reasoning,
          prompt_tokens_details: { cached_tokens: cached },
          completion_tokens_details: { reasoning_tokens: reasoning },
        };
        expect(toCompletionUsage(readUsage(said, 'default') ?? {})).toMatchObject(said);
      }),
      { numRuns: 200 },
    );
  });
});
