import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPriceLists, TABLE } from '../../scripts/prices/price-lists.ts';
import { renderPrices } from '../../scripts/prices/render-prices.ts';
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

/** Of other vendors: today's input, output, cache read and write, typed in by hand from their pages. */
const OTHERS: readonly (readonly [string, readonly (number | undefined)[]])[] = [
  ['openai/gpt-6-astra', [10, 50, 1, 12.5]],
  ['openai/gpt-6.1-sol', [2, 10, 0.1, 2.5]],
  ['openai/gpt-6-luna', [0.1, 0.5, 0.01, 0.125]],
  ['openai/gpt-5.6-sol', [4, 20, 0.4, 5]],
  ['openai/gpt-5.6-luna', [0.2, 1.2, 0.02, 0.25]],
  ['openai/gpt-5.5', [5, 30, 0.5]],
  ['openai/gpt-5', [1.25, 10, 0.125]],
  ['openai/gpt-4.1', [2, 8, 0.5]],
  ['openai/gpt-4o', [2.5, 10, 1.25]],
  ['openai/o3', [2, 8, 0.5]],
  ['openai/text-embedding-3-small', [0.02, 0]],
  ['gemini/gemini-2.5-pro', [1.25, 10, 0.125]],
  ['groq/openai/gpt-oss-120b', [0.15, 0.6, 0.075]],
  ['groq/openai/gpt-oss-safeguard-20b', [0.075, 0.3, 0.0375]],
  ['mistral/mistral-large-2512', [0.5, 1.5, 0.05]],
  ['mistral/mistral-small-2603', [0.15, 0.6, 0.015]],
  ['deepseek/deepseek-flash', [0.15, 0.6, 0.003]],
  ['deepseek/deepseek-v4-pro', [0.66, 1.98, 0.022]],
  ['xai/grok-4.7', [2, 6, 0.5]],
  ['cohere/command-a-03-2025', [2.5, 10]],
  ['cerebras/gpt-oss-120b', [0.35, 0.75, 0.35]],
];

const claude = priceRows.filter(({ provider }) => provider === 'anthropic');
const rowsOf = (name: string): readonly PriceRow[] =>
  priceRows.filter(({ provider, model }) => `${provider}/${model}` === name);
const nameOf = ({ provider, model }: PriceRow): string => `${provider}/${model}`;

const tablesOf = (row: PriceRow): readonly UsdRates[] =>
  [
    row.usdPerMTok,
    row.longContext?.usdPerMTok,
    row.peak?.usdPerMTok,
    ...Object.values(row.tiers ?? {}).flatMap((tier) =>
      typeof tier === 'number' ? [] : [tier.usdPerMTok, tier.longUsdPerMTok],
    ),
  ].filter((table) => table !== undefined);

describe('the bundled prices', () => {
  it('are what the reviewed lists say', () => {
    expect(readFileSync(TABLE, 'utf8')).toBe(renderPrices(readPriceLists()));
  });

  it.each(CURRENT)('have the published rates of %s', (model, ...rates) => {
    expect(claude.findLast((each) => each.model === model)?.usdPerMTok).toEqual(rates);
  });

  it.each(OTHERS)('have the published rates of %s', (name, rates) => {
    const [input, output, ...cache] = rowsOf(name).at(-1)?.usdPerMTok ?? [];
    expect([input, output, ...cache.filter((rate) => rate !== undefined)]).toEqual(rates);
  });

  it('hold no model of Anthropic that the table above does not check', () => {
    expect([...new Set(claude.map(({ model }) => model))]).toEqual(CURRENT.map(([model]) => model));
  });

  it('name a source and a day for every row', () => {
    for (const row of priceRows) {
      expect(row.source.length, row.model).toBeGreaterThan(10);
      expect(row.asOf, row.model).toMatch(DAY);
    }
  });

  it('state all five rates of Anthropic in every table', () => {
    for (const table of claude.flatMap(tablesOf)) {
      expect(table.filter((rate) => rate !== undefined && rate > 0)).toHaveLength(5);
    }
  });

  it('state a rate in whole picodollars per token, half of which are whole where a batch is half', () => {
    for (const row of priceRows) {
      const unit = row.usFactor === undefined ? (row.tiers ? 2 : 1) : 100;
      for (const rate of tablesOf(row).flat()) {
        const pico = (rate ?? 0) * 1e6;
        expect(Math.abs(pico / unit - Math.round(pico / unit)), `${nameOf(row)} ${rate}`).toBeLessThan(1e-6);
      }
    }
  });

  it('are never 0, but for the output of what only reads', () => {
    for (const row of priceRows) {
      const free = tablesOf(row).flatMap((table) =>
        table.flatMap((rate, index) => (rate === 0 ? [index] : [])),
      );
      expect(free, nameOf(row)).toEqual(row.model.startsWith('text-embedding') ? [1] : []);
    }
  });

  it('cost more for longer prompts, at a peak and at a fast tier, and less in a cache', () => {
    const dearer = (one: UsdRates, other: UsdRates) =>
      one.every((rate, index) => rate === undefined || rate >= (other[index] ?? 0));
    for (const { usdPerMTok: usual, longContext, peak, tiers, ...row } of priceRows) {
      for (const table of [longContext?.usdPerMTok, peak?.usdPerMTok]) {
        if (table) expect(dearer(table, usual), row.model).toBe(true);
      }
      for (const tier of Object.values(tiers ?? {})) {
        if (typeof tier === 'number') expect(tier, row.model).toBe(0.5);
        else expect(dearer(tier.usdPerMTok, usual), row.model).toBe(true);
      }
      expect(usual[2] ?? 0, row.model).toBeLessThanOrEqual(usual[0]);
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

  it('leave no gap and no overlap between the periods of a model, which stand together in order', () => {
    for (const name of new Set(priceRows.map(nameOf))) {
      const rows = rowsOf(name);
      const first = priceRows.findIndex((row) => nameOf(row) === name);
      expect(priceRows.slice(first, first + rows.length)).toEqual(rows);
      for (const [index, row] of rows.entries()) {
        for (const day of [row.from, row.until]) if (day !== undefined) expect(day, name).toMatch(DAY);
        if (row.from !== undefined && row.until !== undefined) expect(row.from < row.until, name).toBe(true);
        if (index > 0) expect(row.from, name).toBe(rows[index - 1]?.until);
      }
    }
  });

  it('end, without a price to follow, only where a name has become another model', () => {
    const last = [...new Set(priceRows.map(nameOf))].map((name) => rowsOf(name).at(-1));
    const ended = last.filter((row) => row?.until !== undefined).map((row) => row?.until);
    expect(new Set(ended)).toEqual(new Set(['2026-05-15']));
  });

  it('raise US residency on Claude 4.6 and later only', () => {
    const flagged = (model: string): boolean =>
      claude.some((row) => row.model === model && row.usFactor === 1.1);
    const since46 = CURRENT.map(([model]) => model).slice(0, 15);
    for (const [model] of CURRENT) expect(flagged(model), model).toBe(since46.includes(model));
  });

  it('halve batches of Claude and charge 10 USD for 1,000 web searches', () => {
    for (const row of claude) {
      expect(row).toMatchObject({
        tiers: { batch: 0.5 },
        webSearchUsdPerThousand: 10,
        webFetchUsdPerThousand: 0,
      });
    }
  });

  it('say where a price is only assumed', () => {
    const doubtful = claude.filter(({ confidence }) => confidence !== 'high');
    expect(doubtful.map(({ model, confidence }) => [model, confidence])).toEqual([
      ['claude-mythos-5-2', 'unverified'],
      ['claude-3-sonnet-20240229', 'medium'],
    ]);
  });
});
