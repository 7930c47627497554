import { describe, expect, it } from 'vitest';
import { ledgerLines } from '../../../src/ledger/reconcile/ledger-lines.ts';
import type { SpendGroup } from '../../../src/ledger/spend-query.ts';
import { SpendTally } from '../../../src/ledger/spend-sum.ts';
import { rowOf } from '../rows.ts';

/** The group of these rows. */
function groupOf(by: SpendGroup['by'], ...rows: readonly ReturnType<typeof rowOf>[]): SpendGroup {
  const tally = new SpendTally();
  for (const row of rows) tally.add(row);
  return { by, ...tally.sum() };
}

describe('lines of rows', () => {
  it('are about one provider, by day and by the model that answered', () => {
    const rows = [
      rowOf({ provider: 'anthropic', servedModel: 'model-1-20251001' }),
      rowOf({ provider: 'anthropic' }),
      rowOf({ provider: 'other' }),
    ];
    expect(ledgerLines(rows, 'anthropic').map(({ day, model }) => [day, model])).toEqual([
      ['2026-11-25', 'model-1-20251001'],
      ['2026-11-25', 'model-1'],
    ]);
  });

  it('hold what is known, and say what is not', () => {
    const usage = {
      inputTokens: 1,
      cacheReadTokens: 2,
      outputTokens: 3,
      serverTools: { webSearchRequests: 4 },
    };
    const unknown = { usage: undefined, costNanoUsd: undefined, precision: 'unknown' as const };
    expect(
      ledgerLines([rowOf({ usage }), rowOf(unknown), rowOf({ precision: 'estimated' })], 'acme'),
    ).toMatchObject([
      {
        figures: { inputTokens: 1, cacheReadTokens: 2, outputTokens: 3, webSearches: 4, costUsd: 1_000 },
        ...{ unknown: 0, estimated: 0 },
      },
      { figures: {}, unknown: 1, estimated: 0 },
      { unknown: 0, estimated: 1 },
    ]);
  });
});

describe('lines of groups', () => {
  const by = { provider: 'acme', day: '2026-11-25', servedModel: 'm' };

  it('are the same as those of their rows', () => {
    const row = rowOf({
      usage: { inputTokens: 5, reasoningTokens: 1, serverTools: { webSearchRequests: 2 } },
    });
    expect(ledgerLines([groupOf(by, row, row)], 'acme')).toEqual([
      {
        day: '2026-11-25',
        model: 'm',
        figures: {
          ...{ inputTokens: 10, cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 },
          ...{ outputTokens: 0, webSearches: 4, costUsd: 2_000 },
        },
        ...{ unknown: 0, estimated: 0 },
      },
    ]);
  });

  it('leave other providers out; without a provider they are taken at their word', () => {
    const { provider: _, ...nameless } = by;
    expect(ledgerLines([groupOf({ ...by, provider: 'other' }), groupOf(nameless)], 'acme')).toHaveLength(1);
    expect(ledgerLines([groupOf({ day: '2026-11-25', model: 'asked' })], 'acme')[0]?.model).toBe('asked');
  });

  it.each([[{ provider: 'acme', day: '2026-11-25' }], [{ provider: 'acme', model: 'm' }], [{}]])(
    'need a day and a model: %j',
    (keys) => {
      expect(() => ledgerLines([groupOf(keys)], 'acme')).toThrow(/groupBy/);
    },
  );
});
