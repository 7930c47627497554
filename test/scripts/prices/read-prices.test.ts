import { describe, expect, it } from 'vitest';
import { readPrices } from '../../../scripts/prices/read-prices.ts';

const sure = { source: 'https://acme.example/prices', confidence: 'high' };
const rates = { input: 1, output: 4 };

const list = (models: object, more: object = {}): string =>
  JSON.stringify({
    provider: 'acme',
    as_of: '2026-11-25',
    factors: { batch: 0.5, flex: 0.5 },
    models,
    ...more,
  });
const rowsOf = (models: object, more: object = {}) => readPrices(list(models, more));
const rowOf = (model: object, more: object = {}) => rowsOf({ m: { ...rates, ...sure, ...model } }, more)[0];

describe('readPrices', () => {
  it('reads a row for each model, in order; a cache rate that is not stated is unknown', () => {
    const rows = rowsOf({
      z: { ...rates, ...sure, aliases: ['z-1'] },
      a: { ...rates, cache_read: 0.1, cache_write_1h: 2, ...sure },
    });
    expect(rows).toEqual([
      {
        ...{ provider: 'acme', asOf: '2026-11-25', model: 'z', aliases: ['z-1'] },
        usdPerMTok: [1, 4, undefined, undefined, undefined],
        ...sure,
      },
      { provider: 'acme', asOf: '2026-11-25', model: 'a', usdPerMTok: [1, 4, 0.1, undefined, 2], ...sure },
    ]);
  });

  it('makes a period of each change, past and to come; each ends where the next begins', () => {
    const history = [
      { until: '2026-01-01', input: 3 },
      { until: '2026-02-01', input: 2, long_context: { over_prompt_tokens: 10, ...rates } },
    ];
    const next = [{ from: '2027-01-01', input: 9 }];
    const rows = rowsOf({ m: { ...rates, history, next, ...sure } });
    expect(rows.map(({ from, until, usdPerMTok }) => [from, until, usdPerMTok[0]])).toEqual([
      [undefined, '2026-01-01', 3],
      ['2026-01-01', '2026-02-01', 2],
      ['2026-02-01', '2027-01-01', 1],
      ['2027-01-01', undefined, 9],
    ]);
    expect(rows.map(({ longContext }) => longContext?.overTokens)).toEqual([
      undefined,
      10,
      undefined,
      undefined,
    ]);
  });

  it('keeps the first and the last day that are known', () => {
    expect(rowOf({ from: '2026-01-01', until: '2026-05-15' })).toMatchObject({
      from: '2026-01-01',
      until: '2026-05-15',
    });
  });

  it('reads tiers: factors by name, the fast table by each of its words', () => {
    const fast = { input: 2, output: 8, long_context: { input: 4, output: 12 } };
    const row = rowOf({ tiers: ['flex'], fast }, { fast_words: ['fast', 'priority'] });
    const table = {
      usdPerMTok: [2, 8, undefined, undefined, undefined],
      longUsdPerMTok: [4, 12, undefined, undefined, undefined],
    };
    expect(row?.tiers).toEqual({ flex: 0.5, fast: table, priority: table });
  });

  it('checks a batch table against the factor, that of long prompts too', () => {
    const half = { input: 0.5, output: 2 };
    const long = { over_prompt_tokens: 10, input: 2, output: 6 };
    expect(rowOf({ batch: half })?.tiers).toEqual({ batch: 0.5 });
    expect(
      rowOf({ long_context: long, batch: { ...half, long_context: { input: 1, output: 3 } } })?.tiers,
    ).toEqual({
      batch: 0.5,
    });
    expect(() => rowOf({ batch: { input: 0.5, output: 1 } })).toThrow(
      'acme/m: batch output is not the factor',
    );
    expect(() => rowOf({ long_context: long, batch: half })).toThrow('acme/m: batch input is not the factor');
  });

  it('reads peaks, residency and fees', () => {
    const peak = { ...rates, input: 5, hours_utc: [[1, 4]], weekdays_only: true, except: ['2026-10-01'] };
    const more = { factors: { inference_geo_us: 1.1 }, per_1000_calls: { web_search: 10, web_fetch: 0 } };
    expect(rowOf({ peak, us_residency: true }, more)).toMatchObject({
      peak: {
        usdPerMTok: [5, 4, undefined, undefined, undefined],
        hoursUtc: [[1, 4]],
        weekdaysOnly: true,
        except: ['2026-10-01'],
      },
      usFactor: 1.1,
      webSearchUsdPerThousand: 10,
      webFetchUsdPerThousand: 0,
    });
    expect(rowOf({ web_search: 7 }, more)?.webSearchUsdPerThousand).toBe(7);
    expect(rowOf({ peak: null })).not.toHaveProperty('peak');
  });

  it.each<[string, object, RegExp]>([
    ['input', { input: undefined }, /acme\/m: a rate is missing or wrong/],
    ['output', { output: '4' }, /a rate is missing or wrong/],
    ['a cache rate below 0', { cache_read: -1 }, /a rate is missing or wrong/],
    ['a source', { source: 'hearsay' }, /source or confidence missing/],
    ['a confidence', { confidence: 'fair' }, /source or confidence missing/],
    ['a day', { from: '2026-13-01' }, /no day/],
    ['the factor of a tier', { tiers: ['slow'] }, /a rate is missing or wrong/],
    ['the factor of a residency', { us_residency: true }, /a rate is missing or wrong/],
    ['the edge of a long context', { long_context: rates }, /no length from which prompts are long/],
    ['the hours of a peak', { peak: { ...rates, hours_utc: [[4, 1]] } }, /no hours of a peak/],
    ['any hours', { peak: rates }, /no peak/],
    ['a day without a peak', { peak: { ...rates, hours_utc: [[1, 4]], except: ['soon'] } }, /no peak/],
    ['the day of a change', { history: [{ input: 2 }] }, /a period begins on no day/],
  ])('refuses a row without %s', (_, model, message) => {
    expect(() => rowOf(model)).toThrow(message);
  });

  it.each([
    ['[]'],
    ['{}'],
    ['{"provider":"acme","models":{}}'],
    ['{"provider":"acme","as_of":"today","models":{}}'],
  ])('refuses %s, which is no list', (text) => {
    expect(() => readPrices(text)).toThrow(/list/);
  });
});
