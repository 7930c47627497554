import { describe, expect, it } from 'vitest';
import { periodAt, toModelPrice, toPeriod } from '../../src/pricing/model-price.ts';
import type { PriceRow } from '../../src/pricing/price-row.ts';

const base = { provider: 'acme', model: 'one', asOf: '2026-11-22', confidence: 'high' } as const;

const row = (more: Partial<PriceRow>): PriceRow => ({
  ...base,
  source: 'acme.example/prices',
  usdPerMTok: { input: 1, output: 2 },
  ...more,
});

describe('toPeriod', () => {
  it.each([
    [0.1, 100_000],
    [0.3, 300_000],
    [0.0025, 2_500],
    [1.001, 1_001_000],
    [0.07, 70_000],
    [18.75, 18_750_000],
    [0, 0],
  ])('turns %d USD per million tokens into %d picodollars per token', (usd, pico) => {
    const { standard } = toPeriod({ usdPerMTok: { input: usd, output: usd, cacheRead: usd } });
    expect(standard).toMatchObject({ input: pico, output: pico, cacheRead: pico });
  });

  it('keeps an absent rate unknown rather than free', () => {
    const { standard, fast, longContext, batchFactor, usFactor, webSearchPico, webFetchPico } = toPeriod(
      row({}),
    );
    expect(standard).toEqual({
      input: 1_000_000,
      output: 2_000_000,
      cacheRead: undefined,
      cacheWrite5m: undefined,
      cacheWrite1h: undefined,
    });
    const rest = [fast, longContext, batchFactor, usFactor, webSearchPico, webFetchPico];
    expect(rest.every((each) => each === undefined)).toBe(true);
  });

  it('turns fees per thousand calls into picodollars per call', () => {
    const period = toPeriod(row({ webSearchUsdPerThousand: 10, webFetchUsdPerThousand: 0 }));
    expect(period).toMatchObject({ webSearchPico: 10_000_000_000, webFetchPico: 0 });
  });

  it('converts the long and the fast table like the standard one', () => {
    const rates = { input: 0.5, output: 2.5, cacheRead: 0.05 };
    const period = toPeriod(
      row({ longContext: { overTokens: 100, usdPerMTok: rates }, fastUsdPerMTok: rates }),
    );
    expect(period.longContext).toMatchObject({
      overTokens: 100,
      rates: { input: 500_000, cacheRead: 50_000 },
    });
    expect(period.fast).toMatchObject({ output: 2_500_000, cacheWrite5m: undefined });
  });
});

describe('toModelPrice', () => {
  const price = toModelPrice([
    row({ until: '2026-01-01', source: 'old page', aliases: ['uno'] }),
    row({ from: '2026-01-01', until: '2026-03-01' }),
    row({ from: '2026-03-01', source: 'new page', aliases: ['uno', 'eins'] }),
  ]);

  it('takes names and source from the newest row', () => {
    expect(price).toMatchObject({ names: ['one', 'uno', 'eins'], source: 'new page', asOf: '2026-11-22' });
  });

  it('puts the newest period first', () => {
    expect(price.periods.map(({ untilDay }) => untilDay)).toEqual([
      Number.POSITIVE_INFINITY,
      Date.UTC(2026, 2, 1) / 86_400_000,
      Date.UTC(2026, 0, 1) / 86_400_000,
    ]);
  });
});

describe('periodAt', () => {
  const price = toModelPrice([
    row({ from: '2026-01-01', until: '2026-03-01', usdPerMTok: { input: 1, output: 1 } }),
    row({ from: '2026-03-01', until: '2026-06-01', usdPerMTok: { input: 2, output: 2 } }),
  ]);

  it.each([
    ['2025-12-31T23:59:59.999Z', undefined],
    ['2026-01-01T00:00:00.000Z', 1_000_000],
    ['2026-02-28T23:59:59.999Z', 1_000_000],
    ['2026-03-01T00:00:00.000Z', 2_000_000],
    ['2026-05-31T23:59:59.999Z', 2_000_000],
    ['2026-06-01T00:00:00.000Z', undefined],
  ])('at %s finds the rate %s: the last day is the one before `until`, in UTC', (at, input) => {
    expect(periodAt(price, Date.parse(at))?.standard.input).toBe(input);
  });

  it('takes fractions of a millisecond and times before the epoch', () => {
    const always = toModelPrice([row({})]);
    expect(periodAt(always, -0.5)).toBeDefined();
    expect(periodAt(always, 1_790_000_000_000.25)).toBeDefined();
  });
});
