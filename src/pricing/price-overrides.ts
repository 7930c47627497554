import { ConfigError } from '../errors/index.ts';
import { type ModelPrice, toPeriod } from './model-price.ts';

/**
 * A price of the caller's own, without dates. It replaces the bundled price as a whole.
 *
 * A rate left out is unknown: the cost of an answer that used that bucket, or came with that modifier, is
 * unknown too. Rates are in US dollars per million tokens, at least 0, exact to a millionth.
 */
export interface PriceOverride {
  readonly inputUsdPerMTok: number;
  readonly outputUsdPerMTok: number;
  readonly cacheReadUsdPerMTok?: number;
  readonly cacheWrite5mUsdPerMTok?: number;
  readonly cacheWrite1hUsdPerMTok?: number;
  /** Multiplies the token rates of batches: 0.5 for half the price. */
  readonly batchFactor?: number;
  /** Multiplies the token rates of answers inferred in the US only. */
  readonly usFactor?: number;
  readonly webSearchUsdPerThousand?: number;
  readonly webFetchUsdPerThousand?: number;
}

/** Prices by `provider/model`, or by a model's id alone for whatever provider serves it. */
export type PriceOverrides = Readonly<Record<string, PriceOverride>>;

/**
 * An override in the form of the table.
 *
 * @throws ConfigError naming the rate that is not a number of at least 0
 */
export function overridePrice(key: string, override: PriceOverride): ModelPrice {
  const { inputUsdPerMTok: input, outputUsdPerMTok: output, ...rest } = override;
  for (const [name, value] of Object.entries({
    inputUsdPerMTok: input,
    outputUsdPerMTok: output,
    ...stated(rest),
  })) {
    if (!(Number.isFinite(value) && value >= 0 && value <= MAX_USD)) {
      throw new ConfigError(`cost.prices['${key}'].${name}: must be a number from 0 to ${MAX_USD}`);
    }
  }
  const { cacheReadUsdPerMTok, cacheWrite5mUsdPerMTok, cacheWrite1hUsdPerMTok, batchFactor } = rest;
  const period = toPeriod({
    ...rest,
    usdPerMTok: [input, output, cacheReadUsdPerMTok, cacheWrite5mUsdPerMTok, cacheWrite1hUsdPerMTok],
    tiers: batchFactor === undefined ? {} : { batch: batchFactor },
  });
  return { names: [key], periods: [period], source: 'override', asOf: undefined };
}

/** A typing error in a price is likelier than a million dollars per million tokens. */
const MAX_USD = 1_000_000;

/** Only the members that say something. */
function stated(rates: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(rates).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
