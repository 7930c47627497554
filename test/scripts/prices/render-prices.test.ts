import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { renderPrices } from '../../../scripts/prices/render-prices.ts';
import type { PriceRow } from '../../../src/pricing/price-row.ts';

const row = (more: Partial<PriceRow>): PriceRow => ({
  provider: 'acme',
  asOf: '2026-11-25',
  model: 'm',
  usdPerMTok: [1, 4, undefined, undefined, undefined],
  source: 'https://acme.example/prices',
  confidence: 'high',
  ...more,
});

const rows: readonly PriceRow[] = [
  row({ webSearchUsdPerThousand: 10 }),
  row({
    model: 'n',
    usdPerMTok: [1, 4, undefined, undefined, 2],
    webSearchUsdPerThousand: 10,
    aliases: ["n'1"],
  }),
  row({
    provider: 'bolt',
    asOf: '2026-11-01',
    tiers: { batch: 0.5, fast: { usdPerMTok: [2, 8] } },
    source: 'page 2',
  }),
];

describe('renderPrices', () => {
  it('writes rows that are, once they are read, those that were given', async () => {
    const code = ts.transpile(renderPrices(rows), {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
    });
    const { priceRows } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    const known = rows.map(({ usdPerMTok: [input, output, ...cache], ...rest }) => {
      const stated = cache.every((rate) => rate === undefined) ? [] : cache;
      return { ...rest, usdPerMTok: [input, output, ...stated] };
    });
    expect(priceRows).toEqual(known);
  });

  it('names a source once, and what all rows of a vendor share once', () => {
    const text = renderPrices(rows);
    expect(text.match(/acme\.example/g)).toHaveLength(1);
    expect(text.match(/webSearchUsdPerThousand/g)).toHaveLength(1);
    expect(text).toContain("const bolt = { provider: 'bolt', asOf: '2026-11-01' };");
  });

  it('writes one row a line, and no rate that is unknown at the end of a table', () => {
    const lines = renderPrices(rows)
      .split('\n')
      .filter((line) => line.startsWith('  { ...'));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('usdPerMTok: [1, 4],');
    expect(lines[1]).toContain('usdPerMTok: [1, 4, undefined, undefined, 2],');
  });
});
