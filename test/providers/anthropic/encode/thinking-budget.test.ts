import { describe, expect, it } from 'vitest';
import { budgeted } from '../../../../src/providers/anthropic/encode/thinking-budget.ts';
import { contextOf, encode, warningsOf } from './encoding.ts';

describe('budgeted', () => {
  it.each([
    [4096, 128_000, 4096],
    [32_000, 20_000, 19_999],
    [1024, 1025, 1024],
  ])('TH-9 BUG-30 keeps %d within a cap of %d', (budget, cap, expected) => {
    const context = contextOf();
    expect(budgeted(context, budget, cap)).toEqual({ type: 'enabled', budget_tokens: expected });
    expect(context.warnings).toEqual([]);
  });

  it.each([
    [4096, 1024],
    [1000, 5000],
    [4096, 0],
  ])('TH-9 BUG-30 gives up on %d within %d', (budget, cap) => {
    const context = contextOf();
    expect(budgeted(context, budget, cap, 'thinking.budget_tokens')).toBeUndefined();
    expect(context.warnings).toMatchObject([{ code: 'thinking_disabled', param: 'thinking.budget_tokens' }]);
  });

  it('TH-9 never raises the caller’s cap', () => {
    const encoded = encode({ max_tokens: 500, reasoning_effort: 'high' }, { model: 'claude-haiku-4-5' });
    expect(encoded.body.max_tokens).toBe(500);
    expect(encoded.body).not.toHaveProperty('thinking');
    expect(warningsOf(encoded)).toEqual(['thinking_disabled reasoning_effort']);
  });
});
