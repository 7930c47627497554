import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCompletionUsage } from '../../src/usage/openai-usage.ts';
import type { Usage } from '../../src/usage/usage.ts';

const known: Usage = { inputTokens: 10, outputTokens: 20 };

describe('toCompletionUsage', () => {
  it('counts cached tokens inside the prompt, and writes apart from reads (USE-1, USE-3, USE-4, BUG-11, BUG-14)', () => {
    const usage = { ...known, cacheReadTokens: 100, cacheWrite5mTokens: 3, cacheWrite1hTokens: 4 };
    expect(toCompletionUsage(usage)).toEqual({
      prompt_tokens: 117,
      completion_tokens: 20,
      total_tokens: 137,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 7 },
      completion_tokens_details: { accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
    });
  });

  it('shows both cache figures also when nothing was cached (USE-4)', () => {
    expect(toCompletionUsage(known)?.prompt_tokens_details).toEqual({
      cached_tokens: 0,
      cache_write_tokens: 0,
    });
  });

  it('tells reasoning tokens when they are known, 0 included, and omits them when not (USE-5)', () => {
    const details = (usage: Usage) => toCompletionUsage(usage)?.completion_tokens_details;
    expect(details({ ...known, reasoningTokens: 15 })?.reasoning_tokens).toBe(15);
    expect(details({ ...known, reasoningTokens: 0 })?.reasoning_tokens).toBe(0);
    expect(details(known)).not.toHaveProperty('reasoning_tokens');
  });

  it('tells sound where there was some, inside prompt and completion', () => {
    const usage = toCompletionUsage({ ...known, audioInputTokens: 6, audioOutputTokens: 9 });
    expect(usage).toMatchObject({
      prompt_tokens: 10,
      completion_tokens: 20,
      prompt_tokens_details: { audio_tokens: 6 },
      completion_tokens_details: { audio_tokens: 9 },
    });
    expect(toCompletionUsage(known)?.prompt_tokens_details).not.toHaveProperty('audio_tokens');
  });

  it('does not add reasoning to the completion: it is in it already (USE-2)', () => {
    expect(toCompletionUsage({ ...known, reasoningTokens: 15 })?.completion_tokens).toBe(20);
  });

  it.each<[string, Usage]>([
    ['input', { outputTokens: 1 }],
    ['output', { inputTokens: 1 }],
    ['everything', {}],
    ['input, though cache reads are known', { cacheReadTokens: 5, outputTokens: 1 }],
  ])('is undefined when %s is unknown: 0 would be a lie (USE-11, U1)', (_, usage) => {
    expect(toCompletionUsage(usage)).toBeUndefined();
  });

  it('keeps zeros, which are known', () => {
    expect(toCompletionUsage({ inputTokens: 0, outputTokens: 0 })).toMatchObject({ total_tokens: 0 });
  });

  it('tells calls of server tools beside the tokens (USE-8)', () => {
    const usage = { ...known, serverTools: { webSearchRequests: 2 } };
    expect(toCompletionUsage(usage)?.provider_specific).toEqual({
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
    });
  });

  it.each([true, false])('says billed: %s when the provider does (USE-10)', (billed) => {
    expect(toCompletionUsage({ ...known, billed })?.provider_specific).toEqual({ billed });
  });

  it('carries the provider’s own figures, and leaves the key out when there are none (USE-9)', () => {
    const own = { iterations: [{ input_tokens: 1 }] };
    expect(toCompletionUsage({ ...known, providerSpecific: own })?.provider_specific).toEqual(own);
    expect(toCompletionUsage(known)).not.toHaveProperty('provider_specific');
  });

  it('never holds NaN, and its total is always the sum (USE-3, USE-12)', () => {
    const count = fc.integer({ min: 0, max: 1e9 });
    const optional = fc.option(count, { nil: undefined });
    fc.assert(
      fc.property(count, count, optional, optional, (input, output, read, write) => {
        const usage = toCompletionUsage({
          ...{ inputTokens: input, outputTokens: output },
          ...(read !== undefined && { cacheReadTokens: read }),
          ...(write !== undefined && { cacheWrite1hTokens: write }),
        });
        expect(usage?.total_tokens).toBe(input + output + (read ?? 0) + (write ?? 0));
        expect(JSON.stringify(usage)).not.toContain('null');
      }),
      { numRuns: 200 },
    );
  });
});
