import { describe, expect, it } from 'vitest';
import { isRunestoneError } from '../../src/errors/index.ts';
import { overridePrice, type PriceOverride } from '../../src/pricing/price-overrides.ts';

const rates: PriceOverride = { inputUsdPerMTok: 3, outputUsdPerMTok: 15 };

describe('overridePrice', () => {
  it('holds at all times and says that it is an override', () => {
    const price = overridePrice('acme/one', rates);
    expect(price).toMatchObject({ names: ['acme/one'], source: 'override', asOf: undefined });
    expect(price.periods).toHaveLength(1);
    expect(price.periods[0]).toMatchObject({
      fromDay: Number.NEGATIVE_INFINITY,
      untilDay: Number.POSITIVE_INFINITY,
      standard: { input: 3_000_000, output: 15_000_000 },
    });
  });

  it('leaves unknown what it does not state', () => {
    const [period] = overridePrice('one', rates).periods;
    expect(period?.standard.cacheRead).toBeUndefined();
    expect(period?.standard.cacheWrite1h).toBeUndefined();
    expect(period?.tiers.size).toBe(0);
    expect(period?.webSearchPico).toBeUndefined();
  });

  it('carries every optional rate to its place', () => {
    const [period] = overridePrice('one', {
      ...rates,
      cacheReadUsdPerMTok: 0.3,
      cacheWrite5mUsdPerMTok: 3.75,
      cacheWrite1hUsdPerMTok: 6,
      batchFactor: 0.5,
      usFactor: 1.1,
      webSearchUsdPerThousand: 10,
      webFetchUsdPerThousand: 1,
    }).periods;
    expect(period).toMatchObject({
      standard: { cacheRead: 300_000, cacheWrite5m: 3_750_000, cacheWrite1h: 6_000_000 },
      tiers: new Map([['batch', 0.5]]),
      usFactor: 1.1,
      webSearchPico: 10_000_000_000,
      webFetchPico: 1_000_000_000,
    });
  });

  it('takes 0: a model on your own machine is free', () => {
    const [period] = overridePrice('llama', { inputUsdPerMTok: 0, outputUsdPerMTok: 0 }).periods;
    expect(period?.standard).toMatchObject({ input: 0, output: 0 });
  });

  it.each([
    ['inputUsdPerMTok', { inputUsdPerMTok: -1, outputUsdPerMTok: 1 }],
    ['inputUsdPerMTok', { inputUsdPerMTok: undefined, outputUsdPerMTok: 1 }],
    ['outputUsdPerMTok', { inputUsdPerMTok: 1 }],
    ['outputUsdPerMTok', { inputUsdPerMTok: 1, outputUsdPerMTok: Number.NaN }],
    ['outputUsdPerMTok', { inputUsdPerMTok: 1, outputUsdPerMTok: '15' }],
    ['cacheReadUsdPerMTok', { ...rates, cacheReadUsdPerMTok: Number.POSITIVE_INFINITY }],
    ['batchFactor', { ...rates, batchFactor: -0.5 }],
    ['webSearchUsdPerThousand', { ...rates, webSearchUsdPerThousand: 2_000_000 }],
  ])('refuses a wrong %s and names it (config_invalid)', (field, wrong) => {
    try {
      // @ts-expect-error what a caller without a compiler may pass
      overridePrice('acme/one', wrong satisfies object);
      expect.unreachable();
    } catch (error) {
      expect(isRunestoneError(error) && error.code).toBe('config_invalid');
      expect(String(error)).toContain(`cost.prices['acme/one'].${field}`);
    }
  });
});
