import { describe, expect, it } from 'vitest';
import { anthropicLine } from '../../../src/ledger/reconcile/anthropic-export.ts';

describe('anthropicLine', () => {
  it('reads a result of the usage report', () => {
    const result = {
      uncached_input_tokens: 1_500,
      cache_creation: { ephemeral_1h_input_tokens: 1_000, ephemeral_5m_input_tokens: 500 },
      cache_read_input_tokens: 200,
      output_tokens: 400,
      server_tool_use: { web_search_requests: 10 },
      model: 'claude-sonnet-5-5',
      workspace_id: null,
    };
    const figures = {
      ...{ inputTokens: 1_500, cacheReadTokens: 200, cacheWrite5mTokens: 500, cacheWrite1hTokens: 1_000 },
      ...{ outputTokens: 400, webSearches: 10 },
    };
    expect(anthropicLine(result)).toEqual({ model: 'claude-sonnet-5-5', figures });
    // The same as an item of the Analytics API.
    const { model, ...usage } = result;
    expect(anthropicLine({ group: { model }, usage })).toEqual({ model, figures });
  });

  it("takes an API's amount for cents, and a file's cost for dollars", () => {
    const figures = { costUsd: 1_237_891_200 };
    expect(anthropicLine({ amount: '123.78912', currency: 'USD', model: 'm' })).toEqual({
      model: 'm',
      figures,
    });
    expect(anthropicLine({ group: { model: 'm' }, cost: { amount: '123.78912' } })).toEqual({
      model: 'm',
      figures,
    });
    expect(anthropicLine({ cost_usd: '1.2378912', model: 'm' })).toEqual({ model: 'm', figures });
  });

  it('leaves out what a line does not say', () => {
    expect(anthropicLine({ model: null, output_tokens: 3 })).toEqual({
      model: undefined,
      figures: { outputTokens: 3 },
    });
    expect(anthropicLine({})).toEqual({ model: undefined, figures: {} });
  });
});
