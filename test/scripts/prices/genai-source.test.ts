import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparePrices } from '../../../scripts/prices/compare-prices.ts';
import { genaiSource } from '../../../scripts/prices/genai-source.ts';
import { readAccepted, reviewDifferences } from '../../../scripts/prices/review-differences.ts';
import { priceRows } from '../../../src/pricing/data.ts';

const noon = Date.parse('2026-11-25T12:00:00Z');

describe('genaiSource', () => {
  it('reads flat rates, cache writes of both lives, and fees', () => {
    expect(genaiSource('anthropic', 'claude-haiku-4-5', noon)).toEqual({
      usdPerMTok: [1, 5, 0.1, 1.25, 2],
      longContext: undefined,
      webSearchUsdPerThousand: 10,
    });
  });

  it('reads the tier of long prompts, and hosts by their other name', () => {
    expect(genaiSource('xai', 'grok-4.6', noon)).toMatchObject({
      usdPerMTok: [2, 6, 0.5, undefined, undefined],
      longContext: { overTokens: 199_999, usdPerMTok: [4, 12, 1, undefined, undefined] },
    });
  });

  it('reads the hour', () => {
    const input = (time: string) =>
      genaiSource('deepseek', 'deepseek-v4-pro', Date.parse(time))?.usdPerMTok[0];
    expect([input('2026-11-25T12:00:00Z'), input('2026-11-25T02:00:00Z')]).toEqual([0.66, 1.32]);
  });

  it('does not know every model', () => {
    expect(genaiSource('groq', 'no-such-model', noon)).toBeUndefined();
  });
});

describe('the bundled prices and genai-prices', () => {
  it('differ only where somebody has looked, and said why ours stands', () => {
    const accepted = readAccepted(readFileSync('scripts/data/price-differences.json', 'utf8'));
    const { unreviewed, stale } = reviewDifferences(comparePrices(priceRows, genaiSource), accepted);
    expect({ unreviewed, stale }).toEqual({ unreviewed: [], stale: [] });
  });
});
