import { inPeak, type PeakHours, toPeakHours } from './peak-hours.ts';
import type { PriceRow, TierRow, UsdRates } from './price-row.ts';

/**
 * Rates in picodollars (1e-12 USD) per token, whole numbers: tokens times rate is then exact.
 *
 * The finest published rate, 0.0025 USD per million tokens, is 2,500. `undefined` is unknown.
 */
export interface PicoRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | undefined;
  readonly cacheWrite5m: number | undefined;
  readonly cacheWrite1h: number | undefined;
}

/** A tier of service: a factor on all token rates, or rates of its own. */
export type TierPrice = number | { readonly rates: PicoRates; readonly long: PicoRates | undefined };

/** What a model costs from one day to another. */
export interface PricePeriod {
  /** First day, counted from the epoch in UTC; `-Infinity` for "since ever". */
  readonly fromDay: number;
  /** First day after the period; `Infinity` while no end is known. */
  readonly untilDay: number;
  /** What holds outside the peak, where there is one. */
  readonly standard: PicoRates;
  readonly longContext: { readonly overTokens: number; readonly rates: PicoRates } | undefined;
  /** By the word of the answer. A word that is not in it has no known price. */
  readonly tiers: ReadonlyMap<string, TierPrice>;
  readonly peak: { readonly hours: PeakHours; readonly rates: PicoRates } | undefined;
  readonly usFactor: number | undefined;
  /** Picodollars per call. */
  readonly webSearchPico: number | undefined;
  readonly webFetchPico: number | undefined;
}

/** All that is known of one model's price, past and present. */
export interface ModelPrice {
  /** Its id and all aliases, as hosts name it. */
  readonly names: readonly string[];
  /** Newest first; they do not overlap. */
  readonly periods: readonly PricePeriod[];
  /** Where the newest rates stand, and the day they were read; `override` for a price of the caller's own. */
  readonly source: string;
  readonly asOf: string | undefined;
}

const DAY_MS = 86_400_000;

/** One USD per million tokens is this many picodollars per token. */
const PICO_PER_TOKEN = 1_000_000;

/** One USD per thousand calls is this many picodollars per call. */
const PICO_PER_CALL = 1_000_000_000;

/** The price of one model from its rows, given in order of time. */
export function toModelPrice(rows: readonly [PriceRow, ...PriceRow[]]): ModelPrice {
  const newest = rows.at(-1) ?? rows[0];
  return {
    names: [newest.model, ...(newest.aliases ?? [])],
    periods: rows.map(toPeriod).reverse(),
    source: newest.source,
    asOf: newest.asOf,
  };
}

/** One row with its dates as days and its rates as picodollars. */
export function toPeriod(
  row: Omit<PriceRow, 'provider' | 'model' | 'source' | 'asOf' | 'confidence'>,
): PricePeriod {
  const { longContext: long, tiers = {}, peak } = row;
  return {
    fromDay: row.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.from) / DAY_MS,
    untilDay: row.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(row.until) / DAY_MS,
    standard: toPico(row.usdPerMTok),
    longContext: long && { overTokens: long.overTokens, rates: toPico(long.usdPerMTok) },
    tiers: new Map(Object.entries(tiers).map(([word, tier]) => [word, toTier(tier)])),
    peak: peak && { hours: toPeakHours(peak), rates: toPico(peak.usdPerMTok) },
    usFactor: row.usFactor,
    webSearchPico: scale(row.webSearchUsdPerThousand, PICO_PER_CALL),
    webFetchPico: scale(row.webFetchUsdPerThousand, PICO_PER_CALL),
  };
}

/** The period that holds at a moment; `undefined` when none is known to. */
export function periodAt(price: ModelPrice, atMs: number): PricePeriod | undefined {
  const day = Math.floor(atMs / DAY_MS);
  return price.periods.find((period) => day >= period.fromDay && day < period.untilDay);
}

/** The rates of a short prompt at a moment within the period. */
export function ratesAt({ standard, peak }: PricePeriod, atMs: number): PicoRates {
  return peak && inPeak(peak.hours, atMs) ? peak.rates : standard;
}

function toTier(tier: TierRow): TierPrice {
  if (typeof tier === 'number') return tier;
  return { rates: toPico(tier.usdPerMTok), long: tier.longUsdPerMTok && toPico(tier.longUsdPerMTok) };
}

function toPico([input, output, cacheRead, cacheWrite5m, cacheWrite1h]: UsdRates): PicoRates {
  return {
    input: Math.round(input * PICO_PER_TOKEN),
    output: Math.round(output * PICO_PER_TOKEN),
    cacheRead: scale(cacheRead, PICO_PER_TOKEN),
    cacheWrite5m: scale(cacheWrite5m, PICO_PER_TOKEN),
    cacheWrite1h: scale(cacheWrite1h, PICO_PER_TOKEN),
  };
}

/** 0.1 is not a binary fraction; rounding brings back the whole number that was meant. */
function scale(usd: number | undefined, pico: number): number | undefined {
  return usd === undefined ? undefined : Math.round(usd * pico);
}
