import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { priceRows } from '../../src/pricing/data.ts';
import type { PriceRow, UsdRates } from '../../src/pricing/price-row.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;

/** The published table, typed in by hand: id, input, output, cache read, 5-minute write, 1-hour write. */
const CURRENT: readonly (readonly [string, number, number, number, number, number])[] = [
  ['claude-fable-5-2', 8, 40, 0.2, 10, 16],
  ['claude-mythos-5-2', 8, 40, 0.2, 10, 16],
  ['claude-haiku-5-5', 0.1, 0.5, 0.01, 0.125, 0.2],
  ['claude-sonnet-5-5', 2, 10, 0.1, 2.5, 4],
  ['claude-opus-5-5', 4, 20, 0.2, 5, 8],
  ['claude-fable-5-1', 10, 50, 0.25, 12.5, 20],
  ['claude-mythos-5-1', 10, 50, 0.25, 12.5, 20],
  ['claude-fable-5', 10, 50, 1, 12.5, 20],
  ['claude-mythos-5', 10, 50, 1, 12.5, 20],
  ['claude-opus-5', 5, 25, 0.5, 6.25, 10],
  ['claude-sonnet-5', 2, 10, 0.2, 2.5, 4],
  ['claude-opus-4-8', 5, 25, 0.5, 6.25, 10],
  ['claude-opus-4-7', 5, 25, 0.5, 6.25, 10],
  ['claude-opus-4-6', 5, 25, 0.5, 6.25, 10],
  ['claude-sonnet-4-6', 3, 15, 0.3, 3.75, 6],
  ['claude-haiku-4-5', 1, 5, 0.1, 1.25, 2],
  ['claude-opus-4-5', 5, 25, 0.5, 6.25, 10],
  ['claude-sonnet-4-5', 3, 15, 0.3, 3.75, 6],
  ['claude-opus-4-1', 15, 75, 1.5, 18.75, 30],
  ['claude-opus-4-0', 15, 75, 1.5, 18.75, 30],
  ['claude-sonnet-4-0', 3, 15, 0.3, 3.75, 6],
  ['claude-3-7-sonnet-20250219', 3, 15, 0.3, 3.75, 6],
  ['claude-3-5-sonnet-20241022', 3, 15, 0.3, 3.75, 6],
  ['claude-3-5-sonnet-20240620', 3, 15, 0.3, 3.75, 6],
  ['claude-3-5-haiku-20241022', 0.8, 4, 0.08, 1, 1.6],
  ['claude-3-opus-20240229', 15, 75, 1.5, 18.75, 30],
  ['claude-3-sonnet-20240229', 3, 15, 0.3, 3.75, 6],
  ['claude-3-haiku-20240307', 0.25, 1.25, 0.03, 0.3, 0.5],
];

const listed = ({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: UsdRates) => [
  input,
  output,
  cacheRead,
  cacheWrite5m,
  cacheWrite1h,
];

const tablesOf = (row: PriceRow): UsdRates[] =>
  [row.usdPerMTok, row.longContext?.usdPerMTok, row.fastUsdPerMTok].filter((table) => table !== undefined);

describe('the bundled prices', () => {
  it('are what the reviewed lists say', () => {
    expect(() => execFileSync(process.execPath, ['scripts/prices.mjs', '--check'])).not.toThrow();
  });

  it.each(CURRENT)('have the published rates of %s', (model, ...rates) => {
    const row = priceRows.findLast((each) => each.model === model);
    expect(row && listed(row.usdPerMTok)).toEqual(rates);
  });

  it('hold no model that the table above does not check', () => {
    expect([...new Set(priceRows.map(({ model }) => model))]).toEqual(CURRENT.map(([model]) => model));
  });

  it('name a source and a day for every row', () => {
    for (const row of priceRows) {
      expect(row.source.length, row.model).toBeGreaterThan(10);
      expect(row.asOf, row.model).toMatch(DAY);
    }
  });

  it('state all five rates in every table, each as a whole number of picodollars per token', () => {
    for (const rate of priceRows.flatMap(tablesOf).flatMap(listed)) {
      expect(rate).toBeGreaterThan(0);
      // Half of a rate, and 1.1 of the half, must still be whole: so rates are multiples of 100 picodollars.
      const hundreds = (rate ?? Number.NaN) * 1e4;
      expect(Math.abs(hundreds - Math.round(hundreds))).toBeLessThan(1e-6);
    }
  });

  it('claim no name twice', () => {
    const names = new Map<string, string>();
    for (const { provider, model, aliases = [] } of priceRows) {
      for (const name of [model, ...aliases].map((each) => `${provider}/${each}`)) {
        expect(names.get(name) ?? model, name).toBe(model);
        names.set(name, model);
      }
    }
  });

  it('leave no gap and no overlap between the periods of a model', () => {
    for (const [index, row] of priceRows.entries()) {
      const before = priceRows[index - 1];
      const continues = before?.model === row.model;
      expect(row.from, row.model).toBe(continues ? before.until : undefined);
      if (row.from !== undefined) expect(row.from).toMatch(DAY);
      if (!continues) expect(before?.until, before?.model).toBeUndefined();
    }
    expect(priceRows.at(-1)?.until).toBeUndefined();
  });

  it('raise US residency on Claude 4.6 and later only', () => {
    const flagged = (model: string): boolean =>
      priceRows.some((row) => row.model === model && row.usFactor === 1.1);
    const since46 = CURRENT.map(([model]) => model).slice(0, 15);
    for (const [model] of CURRENT) expect(flagged(model), model).toBe(since46.includes(model));
  });

  it('halve batches and charge 10 USD for 1,000 web searches everywhere', () => {
    for (const row of priceRows) {
      expect(row).toMatchObject({ batchFactor: 0.5, webSearchUsdPerThousand: 10, webFetchUsdPerThousand: 0 });
    }
  });

  it('say where a price is only assumed', () => {
    const doubtful = priceRows.filter(({ confidence }) => confidence !== 'high');
    expect(doubtful.map(({ model, confidence }) => [model, confidence])).toEqual([
      ['claude-mythos-5-2', 'unverified'],
      ['claude-3-sonnet-20240229', 'medium'],
    ]);
  });
});
