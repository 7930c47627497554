import { describe, expect, it } from 'vitest';
import { createLedgerTable, insertLedgerRow, ledgerValues } from '../../src/sqlite/ledger-columns.ts';
import { NOON_MS, rowOf } from '../ledger/rows.ts';

/** The names of the columns, in the order of the values. */
const names = /\(([^)]*)\)/.exec(insertLedgerRow)?.[1]?.split(', ') ?? [];
const columnsOf = (row: Parameters<typeof ledgerValues>[0]) =>
  Object.fromEntries(ledgerValues(row).map((value, index) => [names[index], value]));

describe('ledgerValues', () => {
  it('has a value for each parameter, in the order of the columns', () => {
    expect(insertLedgerRow.split('?')).toHaveLength(names.length + 1);
    expect(ledgerValues(rowOf())).toHaveLength(names.length);
    for (const name of names) expect(createLedgerTable).toContain(`${name} `);
  });

  it('holds everything that a row does', () => {
    const row = rowOf({
      ...{
        tenant: 'acme',
        labels: { team: 'search' },
        servedModel: 'model-1-0125',
        key: 'acme[0]',
        code: 'timeout',
      },
      ...{ outcome: 'error', precision: 'estimated' },
      usage: {
        ...{ inputTokens: 1, cacheReadTokens: 2, cacheWrite5mTokens: 3, cacheWrite1hTokens: 4 },
        ...{
          outputTokens: 5,
          reasoningTokens: 6,
          serverTools: { webSearchRequests: 7, webFetchRequests: 8 },
        },
        modifiers: { serviceTier: 'batch', speed: 'fast', inferenceGeo: 'us' },
      },
    });
    expect(columnsOf(row)).toEqual({
      run: 'run-1',
      sequence: 1,
      at: NOON_MS,
      request_id: 'req-1',
      attempt: 1,
      operation: 'chat',
      tenant: 'acme',
      labels: '{"team":"search"}',
      provider: 'acme',
      model: 'model-1',
      served_model: 'model-1-0125',
      key_label: 'acme[0]',
      input_tokens: 1,
      cache_read_tokens: 2,
      cache_write_5m_tokens: 3,
      cache_write_1h_tokens: 4,
      output_tokens: 5,
      reasoning_tokens: 6,
      web_searches: 7,
      web_fetches: 8,
      service_tier: 'batch',
      speed: 'fast',
      inference_geo: 'us',
      cost_nano_usd: 1_000,
      precision: 'estimated',
      outcome: 'error',
      code: 'timeout',
    });
  });

  it('writes NULL for what is unknown, and 0 for what is none', () => {
    const unknown = rowOf({ usage: undefined, costNanoUsd: undefined, precision: 'unknown' });
    expect(columnsOf(unknown)).toMatchObject({
      cost_nano_usd: null,
      input_tokens: null,
      tenant: null,
      labels: null,
    });
    expect(columnsOf(rowOf({ usage: { inputTokens: 0 }, costNanoUsd: 0 }))).toMatchObject({
      ...{ cost_nano_usd: 0, input_tokens: 0, output_tokens: null },
    });
  });

  it('cuts a fraction of a millisecond off', () => {
    expect(columnsOf(rowOf({ at: 1.75 }))).toMatchObject({ at: 1 });
  });
});
