import { describe, expect, it } from 'vitest';
import { periodAt, ratesAt, toModelPrice, toPeriod } from '../../src/pricing/model-price.ts';
import type { PriceRow } from '../../src/pricing/price-row.ts';

const base = { provider: 'acme', model: 'one', asOf: '2026-11-22', confidence: 'high' } as const;

const row = (more: Partial<PriceRow>): PriceRow => ({
  ...base,
  source: 'acme.example/prices',
  usdPerMTok: [1, 2],
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
    const { standard } = toPeriod({ usdPerMTok: [usd, usd, usd] });
    expect(standard).toMatchObject({ input: pico, output: pico, cacheRead: pico });
  });

  it('keeps an absent rate unknown rather than free', () => {
    const { standard, tiers, longContext, peak, usFactor, webSearchPico, webFetchPico } = toPeriod(row({}));
    expect(standard).toEqual({
      input: 1_000_000,
      output: 2_000_000,
      cacheRead: undefined,
      cacheWrite5m: undefined,
      cacheWrite1h: undefined,
    });
    const rest = [longContext, peak, usFactor, webSearchPico, webFetchPico];
    expect(rest.every((each) => each === undefined)).toBe(true);
    expect(tiers.size).toBe(0);
  });

  it('turns fees per thousand calls into picodollars per call', () => {
    const period = toPeriod(row({ webSearchUsdPerThousand: 10, webFetchUsdPerThousand: 0 }));
    expect(period).toMatchObject({ webSearchPico: 10_000_000_000, webFetchPico: 0 });
  });

  it('converts long, tier and peak tables like the standard one', () => {
    const { longContext, tiers, peak } = toPeriod(
      row({
        longContext: { overTokens: 100, usdPerMTok: [0.5, 2.5, 0.05] },
        tiers: { batch: 0.5, fast: { usdPerMTok: [1, 5], longUsdPerMTok: [2, 10, 0.2] } },
        peak: { usdPerMTok: [3, 4], hoursUtc: [[1, 4]] },
      }),
    );
    expect(longContext).toMatchObject({ overTokens: 100, rates: { input: 500_000, cacheRead: 50_000 } });
    expect(tiers.get('batch')).toBe(0.5);
    expect(tiers.get('fast')).toMatchObject({
      rates: { output: 5_000_000, cacheWrite5m: undefined },
      long: { input: 2_000_000, cacheRead: 200_000 },
    });
    expect(peak).toMatchObject({ rates: { input: 3_000_000, output: 4_000_000 } });
  });

  it('has no rates for the long prompts of a tier that states none', () => {
    const { tiers } = toPeriod(row({ tiers: { fast: { usdPerMTok: [1, 5] } } }));
    expect(tiers.get('fast')).toMatchObject({ long: undefined });
  });
});

describe('ratesAt', () => {
  const period = toPeriod(row({ peak: { usdPerMTok: [3, 4], hoursUtc: [[1, 4]] } }));

  it.each([
    ['2026-11-25T00:59:59.999Z', 1_000_000],
    ['2026-11-25T01:00:00.000Z', 3_000_000],
    ['2026-11-25T03:59:59.999Z', 3_000_000],
    ['2026-11-25T04:00:00.000Z', 1_000_000],
  ])('at %s is the table of the hour', (at, input) => {
    expect(ratesAt(period, Date.parse(at)).input).toBe(input);
  });

  it('is the standard table where there is no peak', () => {
    const flat = toPeriod(row({}));
    expect(ratesAt(flat, Date.parse('2026-11-25T02:00:00Z'))).toBe(flat.standard);
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
    row({ from: '2026-01-01', until: '2026-03-01', usdPerMTok: [1, 1] }),
    row({ from: '2026-03-01', until: '2026-06-01', usdPerMTok: [2, 2] }),
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
