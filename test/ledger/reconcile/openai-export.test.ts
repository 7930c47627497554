import { describe, expect, it } from 'vitest';
import { openaiLine } from '../../../src/ledger/reconcile/openai-export.ts';

describe('openaiLine', () => {
  it('takes the cached and the written part out of the input', () => {
    const result = {
      input_tokens: 1_000,
      input_cached_tokens: 800,
      input_cache_write_tokens: 50,
      output_tokens: 500,
    };
    expect(openaiLine({ ...result, model: 'gpt-5.5' })).toEqual({
      model: 'gpt-5.5',
      figures: { inputTokens: 150, cacheReadTokens: 800, cacheWrite5mTokens: 50, outputTokens: 500 },
    });
  });

  it('takes all of the input where nothing is said of a cache', () => {
    expect(openaiLine({ input_tokens: '600.0', model: 'm' }).figures).toEqual({ inputTokens: 600 });
  });

  it.each([
    ['gpt-5.5-2026-04-23, input', 'gpt-5.5-2026-04-23'],
    ['gpt-5.4-mini-2026-03-17, cached input', 'gpt-5.4-mini-2026-03-17'],
    ['ft:gpt-4o-mini:acme, output', 'ft:gpt-4o-mini:acme'],
    ['web search tool call', undefined],
    ['assistants api | file search', undefined],
    ['', undefined],
    [null, undefined],
  ])('finds the model of the line %j', (line_item, model) => {
    expect(openaiLine({ amount: { value: 0.06, currency: 'usd' }, line_item })).toEqual({
      model,
      figures: { costUsd: 60_000_000 },
    });
  });

  it('reads amounts as numbers, as texts, and out of files', () => {
    const cost = (record: Record<string, unknown>) => openaiLine(record).figures.costUsd;
    expect(cost({ amount: { value: '0.0400000000', currency: 'usd' } })).toBe(40_000_000);
    expect(cost({ amount_value: '0.5455665', amount_currency: 'usd' })).toBe(545_566_500);
    expect(cost({ amount_value: '', amount_currency: '' })).toBeUndefined();
  });

  it.each([[{ amount: { value: 1, currency: 'eur' } }], [{ amount_value: '1', amount_currency: 'EUR' }]])(
    'does not take other money for dollars: %j',
    (record) => {
      expect(() => openaiLine(record)).toThrow(/only US dollars/);
    },
  );
});
