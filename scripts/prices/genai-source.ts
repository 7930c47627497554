import { calcPrice, type ModelPrice } from '@pydantic/genai-prices';
import type { UsdRates } from '../../src/pricing/price-row.ts';
import type { OtherPrice, OtherSource } from './compare-prices.ts';

/** Our names of hosts in theirs, where they differ. */
const PROVIDERS: Readonly<Record<string, string>> = { gemini: 'google', xai: 'x-ai' };

/** Their names of the five rates, in the order of our table. */
const RATES = ['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok'];

/** `@pydantic/genai-prices`, the prices of its release; nothing is fetched. It matches some names by their beginning. */
export const genaiSource: OtherSource = (provider, model, atMs) => {
  const providerId = PROVIDERS[provider] ?? provider;
  const found = calcPrice({ input_tokens: 1 }, model, { providerId, timestamp: new Date(atMs) });
  return found ? toOther(found.model_price) : undefined;
};

function toOther(price: ModelPrice): OtherPrice {
  const base = RATES.map((name) => baseOf(price[name]));
  const long = RATES.map((name) => longOf(price[name]));
  const over = long.find((tier) => tier !== undefined)?.start;
  return {
    usdPerMTok: toRates(base),
    longContext:
      over === undefined
        ? undefined
        : { overTokens: over, usdPerMTok: toRates(long.map((tier) => tier?.price)) },
    webSearchUsdPerThousand: baseOf(price['web_searches_kcount']),
  };
}

/** A rate they do not state is not known; an embedding's output is stated by us as 0. */
function toRates([input = 0, output = 0, ...cache]: readonly (number | undefined)[]): UsdRates {
  return [input, output, cache[0], cache[1], cache[2]];
}

function baseOf(price: ModelPrice[string]): number | undefined {
  return typeof price === 'object' ? price.base : price;
}

/** They hold one dearer tier at most, for prompts of more than `start` tokens. */
function longOf(price: ModelPrice[string]): { readonly start: number; readonly price: number } | undefined {
  return typeof price === 'object' ? price.tiers[0] : undefined;
}
