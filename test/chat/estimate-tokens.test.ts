import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateInputTokens, estimateTokens } from '../../src/chat/estimate-tokens.ts';
import type { ChatRequest } from '../../src/chat/request.ts';
import { ask } from '../contexts.ts';

const image = {
  type: 'image_url' as const,
  image_url: { url: `data:image/png;base64,${'A'.repeat(100_000)}` },
};

describe('estimateTokens', () => {
  it('is near what tokenizers make of English prose', () => {
    // 9 words of 44 characters: 10 tokens by most tokenizers.
    const tokens = estimateTokens(ask('The quick brown fox jumps over the lazy dog.'));
    expect(tokens).toBeGreaterThan(10);
    expect(tokens).toBeLessThan(30);
  });

  it('REQ-40: is not below what the tokenizer of newer Claude models makes of a text', () => {
    const [openai, increase] = [4_000 / 4, 1.3];
    const tokens = estimateTokens(ask('word '.repeat(800))) - estimateTokens(ask(''));
    expect(tokens).toBeGreaterThanOrEqual(openai * increase);
  });

  it('counts a picture as one, however many bytes it has', () => {
    const tokens = estimateTokens({ messages: [{ role: 'user', content: [image] }] });
    expect(tokens).toBeGreaterThan(1_500);
    expect(tokens).toBeLessThan(1_700);
  });

  it('counts tools and schemas, which are read too', () => {
    const tools = [{ type: 'function' as const, function: { name: 'f', description: 'x'.repeat(350) } }];
    expect(estimateTokens({ ...ask('hi'), tools }) - estimateTokens(ask('hi'))).toBeGreaterThan(100);
  });

  it('leaves out what is not read', () => {
    const more: Partial<ChatRequest> = { metadata: { note: 'x'.repeat(400) }, user: 'x'.repeat(100) };
    expect(estimateTokens({ ...ask('hi'), ...more })).toBe(estimateTokens(ask('hi')));
  });

  it('never falls when more is said', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, more) => {
        expect(estimateTokens(ask(one + more))).toBeGreaterThanOrEqual(estimateTokens(ask(one)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('estimateInputTokens', () => {
  it.each<[string, Parameters<typeof estimateInputTokens>[0], number]>([
    ['one text', 'x'.repeat(30), 10],
    ['texts', ['x'.repeat(30), 'x'.repeat(3), ''], 11],
    ['the tokens of one text', [5, 6, 7], 3],
    ['those of several', [[5, 6, 7], [8]], 4],
    ['one character', 'x', 1],
  ])('of %s', (_, input, expected) => {
    expect(estimateInputTokens(input)).toBe(expected);
  });
});
