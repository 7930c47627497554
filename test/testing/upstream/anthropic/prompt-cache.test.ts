import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromptCache, promptTokens } from '../../../../src/testing/upstream/anthropic/prompt-cache.ts';
import type { Segment } from '../../../../src/testing/upstream/anthropic/prompt-segments.ts';

/** A segment of so many tokens. */
const plain = (tokens: number, letter = 'a'): Segment => ({ text: letter.repeat(tokens * 4) });
const marked = (tokens: number, letter = 'a', ttl: '5m' | '1h' = '5m'): Segment => ({
  ...plain(tokens, letter),
  ttl,
});

/** input, written, read */
function counted(cache: PromptCache, segments: readonly Segment[], model = 'm'): number[] {
  const usage = cache.use(model, segments);
  return [usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens];
}

describe('PromptCache', () => {
  it('counts everything as input when nothing is to be cached', () => {
    const cache = new PromptCache();
    expect(counted(cache, [plain(3), plain(4)])).toEqual([7, 0, 0]);
    expect(counted(cache, [plain(3), plain(4)])).toEqual([7, 0, 0]);
  });

  it('writes up to the last breakpoint the first time, reads it the second', () => {
    const cache = new PromptCache();
    const prompt = [marked(10, 's'), plain(2, 'q')];
    expect(counted(cache, prompt)).toEqual([2, 10, 0]);
    expect(counted(cache, prompt)).toEqual([2, 0, 10]);
  });

  it('reads the old prefix of a conversation that grew and writes the rest', () => {
    const cache = new PromptCache();
    expect(counted(cache, [plain(10, 's'), marked(3, 'q')])).toEqual([0, 13, 0]);
    expect(counted(cache, [plain(10, 's'), plain(3, 'q'), plain(4, 'a'), marked(2, 'r')])).toEqual([
      0, 6, 13,
    ]);
  });

  it('does not read what changed before the breakpoint', () => {
    const cache = new PromptCache();
    counted(cache, [marked(10, 's')]);
    expect(counted(cache, [marked(10, 'x')])).toEqual([0, 10, 0]);
  });

  it('does not read without a breakpoint, nor for another model', () => {
    const cache = new PromptCache();
    counted(cache, [marked(10)]);
    expect(counted(cache, [plain(10)])).toEqual([10, 0, 0]);
    expect(counted(cache, [marked(10)], 'other')).toEqual([0, 10, 0]);
  });

  it('splits writes by their life (USE-4)', () => {
    const cache = new PromptCache();
    expect(cache.use('m', [marked(5, 'a', '1h')]).cache_creation).toEqual({
      ephemeral_5m_input_tokens: 0,
      ephemeral_1h_input_tokens: 5,
    });
    expect(cache.use('m', [marked(5, 'b', '5m')]).cache_creation).toEqual({
      ephemeral_5m_input_tokens: 5,
      ephemeral_1h_input_tokens: 0,
    });
  });

  it('knows nothing of other upstreams', () => {
    counted(new PromptCache(), [marked(10)]);
    expect(counted(new PromptCache(), [marked(10)])).toEqual([0, 10, 0]);
  });

  it('always counts every token once, in one bucket or another (property)', () => {
    const segment = fc.record({
      text: fc.string({ maxLength: 12 }),
      ttl: fc.option(fc.constantFrom<'5m' | '1h'>('5m', '1h'), { nil: undefined }),
    });
    const prompt = fc.array(segment, { maxLength: 5 }).map((list) => list as Segment[]);
    fc.assert(
      fc.property(fc.array(prompt, { minLength: 1, maxLength: 5 }), (prompts) => {
        const cache = new PromptCache();
        for (const segments of prompts) {
          const buckets = counted(cache, segments);
          expect(buckets.reduce((sum, n) => sum + n, 0)).toBe(promptTokens(segments));
          expect(Math.min(...buckets)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });
});
