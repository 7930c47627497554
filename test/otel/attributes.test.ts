import { describe, expect, it } from 'vitest';
import { providerName, tokenCounts } from '../../src/otel/attributes.ts';

describe('names of providers', () => {
  it.each([
    ['azure', 'azure.ai.openai'],
    ['gemini', 'gcp.gemini'],
    ['anthropic', 'anthropic'],
    ['my-own', 'my-own'],
    ['constructor', 'constructor'],
  ])('%s is called %s', (ours, theirs) => {
    expect(providerName(ours)).toBe(theirs);
  });
});

describe('counts of tokens', () => {
  it('have those of the cache in the input', () => {
    const usage = {
      inputTokens: 10,
      cacheReadTokens: 100,
      cacheWrite5mTokens: 1_000,
      cacheWrite1hTokens: 10_000,
      outputTokens: 7,
      reasoningTokens: 3,
    };
    expect(tokenCounts(usage)).toEqual({
      input: 11_110,
      output: 7,
      cacheRead: 100,
      cacheWrite: 11_000,
      reasoning: 3,
    });
  });

  it('are unknown where nobody told, and never 0', () => {
    const nothing = {
      input: undefined,
      output: undefined,
      cacheRead: undefined,
      cacheWrite: undefined,
      reasoning: undefined,
    };
    expect(tokenCounts(undefined)).toEqual(nothing);
    expect(tokenCounts({ outputTokens: 4 })).toEqual({ ...nothing, output: 4 });
  });
});
