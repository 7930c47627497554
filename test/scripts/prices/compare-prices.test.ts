import { describe, expect, it } from 'vitest';
import { comparePrices, type OtherPrice, type OtherSource } from '../../../scripts/prices/compare-prices.ts';
import type { PriceRow } from '../../../src/pricing/price-row.ts';

const row = (more: Partial<PriceRow> = {}): PriceRow => ({
  provider: 'acme',
  asOf: '2026-11-25',
  model: 'm',
  usdPerMTok: [1, 4, 0.1],
  source: 'https://acme.example/prices',
  confidence: 'high',
  ...more,
});

const always =
  (price: OtherPrice | undefined): OtherSource =>
  () =>
    price;

describe('comparePrices', () => {
  it('finds nothing where both say the same', () => {
    const longContext = { overTokens: 10, usdPerMTok: [2, 8, 0.2] as const };
    const same = { usdPerMTok: [1, 4, 0.1] as const, longContext, webSearchUsdPerThousand: 10 };
    expect(comparePrices([row({ longContext, webSearchUsdPerThousand: 10 })], always(same))).toEqual([]);
  });

  it.each<[string, Partial<PriceRow>, OtherPrice, string, number | null, number | null]>([
    ['a rate', {}, { usdPerMTok: [1, 5, 0.1] }, 'output', 4, 5],
    ['a rate unknown there', {}, { usdPerMTok: [1, 4] }, 'cacheRead', 0.1, null],
    ['a rate unknown here', {}, { usdPerMTok: [1, 4, 0.1, 1.25] }, 'cacheWrite5m', null, 1.25],
    ['a fee', {}, { usdPerMTok: [1, 4, 0.1], webSearchUsdPerThousand: 10 }, 'webSearch', null, 10],
    [
      'an edge',
      { longContext: { overTokens: 10, usdPerMTok: [2, 8] } },
      { usdPerMTok: [1, 4, 0.1], longContext: { overTokens: 9, usdPerMTok: [2, 8] } },
      ...(['long.overTokens', 10, 9] as const),
    ],
  ])('finds %s', (_, more, there, field, here, theirs) => {
    expect(comparePrices([row(more)], always(there))).toEqual([
      { row: 'acme/m', field, here, there: theirs },
    ]);
  });

  it('finds a model that is not known there, once for all its numbers', () => {
    expect(comparePrices([row()], always(undefined))).toEqual([
      { row: 'acme/m', field: 'model', here: null, there: null },
    ]);
  });

  it('asks for aliases too; one that is not known there is no difference', () => {
    const source: OtherSource = (_, model) =>
      model === 'unheard' ? undefined : { usdPerMTok: model === 'm-latest' ? [9, 4, 0.1] : [1, 4, 0.1] };
    expect(comparePrices([row({ aliases: ['m-latest', 'unheard'] })], source)).toEqual([
      { row: 'acme/m', field: 'input', here: 1, there: 9 },
    ]);
  });

  it('tells a difference once, however many names and periods have it', () => {
    const rows = [
      row({ until: '2026-01-01', aliases: ['m-1'] }),
      row({ from: '2026-01-01', aliases: ['m-1'] }),
    ];
    expect(comparePrices(rows, always({ usdPerMTok: [2, 4, 0.1] }))).toHaveLength(1);
  });

  it.each([
    ['today', {}, '2026-11-25'],
    ['the last day of the past', { until: '2026-03-13' }, '2026-03-12'],
    ['the first day of what is to come', { from: '2027-01-01' }, '2027-01-01'],
    ['the last day of a period between', { from: '2026-01-01', until: '2026-02-01' }, '2026-01-31'],
  ])('asks for noon of %s', (_, more, day) => {
    const asked: string[] = [];
    comparePrices([row(more)], (__, ___, atMs) => {
      asked.push(new Date(atMs).toISOString());
      return { usdPerMTok: [1, 4, 0.1] };
    });
    expect(new Set(asked)).toEqual(new Set([`${day}T12:00:00.000Z`]));
  });

  it('asks within a peak for its rates, on a day that has one', () => {
    const peak = {
      ...{ usdPerMTok: [2, 8, 0.2] as const, hoursUtc: [[1, 4]] as const, weekdaysOnly: true },
      except: ['2026-11-30'],
    };
    const asked: string[] = [];
    // A Saturday; the Monday after it is excepted.
    const found = comparePrices([row({ peak, asOf: '2026-11-28' })], (_, __, atMs) => {
      const hour = new Date(atMs).getUTCHours();
      if (hour !== 12) asked.push(new Date(atMs).toISOString());
      return { usdPerMTok: hour === 1 ? [2, 8, 0.3] : [1, 4, 0.1] };
    });
    expect(asked).toEqual(['2026-12-01T01:00:00.000Z']);
    expect(found).toEqual([{ row: 'acme/m', field: 'peak.cacheRead', here: 0.2, there: 0.3 }]);
  });
});
