import { describe, expect, it } from 'vitest';
import { billedRuns } from '../../../../src/providers/anthropic/decode/billed-runs.ts';

const counts = {
  input_tokens: 10,
  output_tokens: 2,
  cache_read_input_tokens: 5,
  cache_creation_input_tokens: 0,
};

describe('billedRuns (USE-9)', () => {
  it('is one entry for each run, with the model that made it', () => {
    const iterations = [
      { type: 'message', model: 'claude-fable-5-1', ...counts },
      { type: 'fallback_message', model: 'claude-opus-5-5', ...counts, output_tokens: 7 },
    ];
    expect(billedRuns(iterations)).toEqual([
      {
        ...{ model: 'claude-fable-5-1', inputTokens: 10, outputTokens: 2 },
        ...{ cacheReadTokens: 5, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 },
      },
      {
        ...{ model: 'claude-opus-5-5', inputTokens: 10, outputTokens: 7 },
        ...{ cacheReadTokens: 5, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 },
      },
    ]);
  });

  it('leaves out a model that is not named: a compaction is done by the one that answers', () => {
    const [compaction] = billedRuns([
      { type: 'compaction', ...counts },
      { type: 'message', model: null, ...counts },
    ]);
    expect(compaction).not.toHaveProperty('model');
  });

  it.each([
    ['no split is 5 minutes', 100, undefined, 100, 0],
    ['a null split too', 100, null, 100, 0],
    ['a split', 100, { ephemeral_1h_input_tokens: 70 }, 30, 70],
    ['a split above its total', 50, { ephemeral_1h_input_tokens: 70 }, 0, 50],
    ['a hostile split', 100, { ephemeral_1h_input_tokens: -3 }, 100, 0],
  ])('cache writes: %s', (_, total, split, write5m, write1h) => {
    const [run] = billedRuns([{ ...counts, cache_creation_input_tokens: total, cache_creation: split }]);
    expect([run?.cacheWrite5mTokens, run?.cacheWrite1hTokens]).toEqual([write5m, write1h]);
  });

  it('knows nothing of what is no report, rather than nothing used', () => {
    expect(billedRuns([null, 'x', [], { input_tokens: -1, output_tokens: '3' }])).toEqual([{}, {}, {}, {}]);
  });
});
