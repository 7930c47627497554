import { describe, expect, it } from 'vitest';
import { billableTokens } from '../../../../src/providers/anthropic/decode/billable-tokens.ts';

describe('billableTokens (USE-9)', () => {
  it('adds each figure up over all iterations', () => {
    const iterations = [
      { input_tokens: 10, output_tokens: 2, cache_read_input_tokens: 5, cache_creation_input_tokens: 1 },
      { input_tokens: 20, output_tokens: 3, cache_read_input_tokens: 0, cache_creation_input_tokens: 4 },
    ];
    expect(billableTokens(iterations)).toEqual({
      billable_input_tokens: 30,
      billable_output_tokens: 5,
      billable_cache_read_input_tokens: 5,
      billable_cache_creation_input_tokens: 5,
    });
  });

  it('leaves out what no iteration states, and takes no nonsense', () => {
    const iterations = [null, 'x', { input_tokens: -1, output_tokens: '3' }, { output_tokens: 4 }];
    expect(billableTokens(iterations)).toEqual({ billable_output_tokens: 4 });
    expect(billableTokens([])).toEqual({});
  });
});
