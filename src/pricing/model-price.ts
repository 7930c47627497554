import type { PriceRow, UsdRates } from './price-row.ts';

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

/** What a model costs from one day to another. */
export interface PricePeriod {
  /** First day, counted from the epoch in UTC; `-Infinity` for "since ever". */
  readonly fromDay: number;
  /** First day after the period; `Infinity` while no end is known. */
  readonly untilDay: number;
  readonly standard: PicoRates;
  readonly longContext: { readonly overTokens: number; readonly rates: PicoRates } | undefined;
  readonly fast: PicoRates | undefined;
  readonly batchFactor: number | undefined;
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
  const { longContext: tier, fastUsdPerMTok: fast } = row;
  return {
    fromDay: row.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.from) / DAY_MS,
    untilDay: row.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(row.until) / DAY_MS,
    standard: toPico(row.usdPerMTok),
    longContext: tier && { overTokens: tier.overTokens, rates: toPico(tier.usdPerMTok) },
    fast: fast && toPico(fast),
    batchFactor: row.batchFactor,
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

function toPico(usd: UsdRates): PicoRates {
  return {
    input: Math.round(usd.input * PICO_PER_TOKEN),
    output: Math.round(usd.output * PICO_PER_TOKEN),
    cacheRead: scale(usd.cacheRead, PICO_PER_TOKEN),
    cacheWrite5m: scale(usd.cacheWrite5m, PICO_PER_TOKEN),
    cacheWrite1h: scale(usd.cacheWrite1h, PICO_PER_TOKEN),
  };
}

/** 0.1 is not a binary fraction; rounding brings back the whole number that was meant. */
function scale(usd: number | undefined, pico: number): number | undefined {
  return usd === undefined ? undefined : Math.round(usd * pico);
}
