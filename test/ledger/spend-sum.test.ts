import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRow } from '../../src/ledger/ledger-row.ts';
import { SpendTally, toSpendSum } from '../../src/ledger/spend-sum.ts';
import { usageBuckets } from '../../src/usage/usage.ts';
import { runs } from '../runs.ts';
import { rowOf } from './rows.ts';

const sumOf = (...rows: readonly LedgerRow[]) => {
  const tally = new SpendTally();
  for (const row of rows) tally.add(row);
  return tally.sum();
};

describe('SpendTally', () => {
  it('begins with nothing, for sure', () => {
    expect(sumOf()).toEqual({
      ...{
        attempts: 0,
        nanoUsd: 0,
        costUsd: 0,
        unpriced: 0,
        estimated: 0,
        precision: 'reported',
        webSearches: 0,
      },
      tokens: Object.fromEntries(usageBuckets.map((bucket) => [bucket, 0])),
    });
  });

  it('counts what is unknown apart, and never as 0', () => {
    const unknown = rowOf({ costNanoUsd: undefined, precision: 'unknown', usage: undefined });
    expect(sumOf(rowOf(), unknown, rowOf())).toMatchObject({
      ...{ attempts: 3, nanoUsd: 2_000, costUsd: 0.000002, unpriced: 1, precision: 'unknown' },
      tokens: { inputTokens: 20, outputTokens: 4 },
    });
  });

  it('is as sure as its least sure attempt', () => {
    expect(sumOf(rowOf(), rowOf({ precision: 'estimated' }))).toMatchObject({
      estimated: 1,
      precision: 'estimated',
    });
  });

  it('counts every bucket, and searches', () => {
    const usage = {
      ...{ inputTokens: 1, cacheReadTokens: 2, cacheWrite5mTokens: 3, cacheWrite1hTokens: 4 },
      ...{ outputTokens: 5, reasoningTokens: 6, serverTools: { webSearchRequests: 7 } },
    };
    const { tokens, webSearches } = sumOf(rowOf({ usage }), rowOf({ usage }));
    expect([...usageBuckets.map((bucket) => tokens[bucket]), webSearches]).toEqual([2, 4, 6, 8, 10, 12, 14]);
  });

  it('stays exact where dollars as floats would not', () => {
    const dime = rowOf({ costNanoUsd: 100_000_000 });
    expect(sumOf(...Array.from({ length: 10 }, () => dime)).nanoUsd).toBe(1_000_000_000);
  });

  it('hands out sums that do not change any more', () => {
    const tally = new SpendTally();
    const before = tally.sum();
    tally.add(rowOf());
    expect(before).toMatchObject({ attempts: 0, tokens: { inputTokens: 0 } });
  });

  it('merged, is the sum of everything, however it was split (property)', () => {
    const row = fc
      .record({
        costNanoUsd: fc.option(fc.nat(1e9), { nil: undefined }),
        precision: fc.constantFrom('reported' as const, 'estimated' as const, 'unknown' as const),
        usage: fc.option(fc.record({ inputTokens: fc.nat(1e6), cacheReadTokens: fc.nat(1e6) }), {
          nil: undefined,
        }),
      })
      .map((facts) => rowOf(facts));
    fc.assert(
      fc.property(fc.array(fc.array(row)), (parts) => {
        const merged = new SpendTally();
        for (const part of parts) {
          const tally = new SpendTally();
          for (const each of part) tally.add(each);
          merged.merge(tally);
        }
        expect(merged.sum()).toEqual(sumOf(...parts.flat()));
      }),
      runs(),
    );
  });
});

describe('toSpendSum', () => {
  it.each([
    [0, 0, 'reported'],
    [0, 2, 'estimated'],
    [1, 2, 'unknown'],
  ] as const)('with %i unpriced and %i estimated attempts is %s', (unpriced, estimated, precision) => {
    const { tokens } = sumOf();
    expect(
      toSpendSum({ attempts: 9, nanoUsd: 5, unpriced, estimated, tokens, webSearches: 0 }),
    ).toMatchObject({
      costUsd: 5e-9,
      precision,
    });
  });
});
