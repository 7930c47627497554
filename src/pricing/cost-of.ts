import { type ModelRun, type PriceModifiers, promptTokens, tokenCount, type Usage } from '../usage/usage.ts';
import { type ModelPrice, type PicoRates, type PricePeriod, periodAt, ratesAt } from './model-price.ts';

/** What an attempt cost. */
export interface Cost {
  /** Whole nanodollars (1e-9 USD), so that totals add up: floats of dollars do not. */
  readonly nanoUsd: number;
}

/** What the cost depends on beside usage and price. */
export interface CostCase {
  /** The attempt's wall-clock time, in epoch milliseconds: selects the dated row, and the hours that cost more. */
  readonly atMs: number;
  /** The price of another model that had a part in the answer. @default unknown */
  readonly priceOf?: (model: string) => ModelPrice | undefined;
}

const FREE: Cost = { nanoUsd: 0 };

/** Words that hosts use for "nothing special"; `not_available` is a model without a choice of region. */
const PLAIN_TIERS: ReadonlySet<string> = new Set(['standard', 'default']);
const PLAIN_REGIONS: ReadonlySet<string> = new Set(['global', 'not_available']);

/**
 * The cost of one attempt: every bucket times its rate, rounded half up to whole nanodollars once, at the end.
 *
 * @param usage - counts of one attempt; input and output must both be known
 * @param price - what `PriceTable.find` found
 * @returns `undefined`, never 0, when anything needed is unknown: a count, the model, a rate of a bucket that
 *   was used, or the price of a modifier (committed capacity, a region without a factor)
 */
export function costOf(
  usage: Usage | undefined,
  price: ModelPrice | undefined,
  when: CostCase,
): Cost | undefined {
  // What is not billed costs nothing at whatever price (USE-10).
  if (usage?.billed === false) return FREE;
  if (usage === undefined || price === undefined) return undefined;
  const period = periodAt(price, when.atMs);
  if (period === undefined) return undefined;
  const lines: Line[] = feesOf(usage, period);
  // Where the model ran several times, each run is priced as a request of its own (USE-9).
  for (const run of usage.runs?.length ? usage.runs : [usage]) {
    const its = periodOf(run, period, when);
    const priced = its && linesOf(run, usage.modifiers, its, when.atMs);
    if (priced === undefined) return undefined;
    lines.push(...priced);
  }
  return total(lines);
}

function periodOf({ model }: ModelRun, own: PricePeriod, when: CostCase): PricePeriod | undefined {
  if (model === undefined) return own;
  const price = when.priceOf?.(model);
  return price && periodAt(price, when.atMs);
}

/** How many, at how many picodollars each. */
type Line = readonly [count: number | undefined, picoEach: number | undefined];

/** Sound has rates of its own, which the table does not hold: what an answer with sound costs is unknown. */
function linesOf(
  run: ModelRun,
  modifiers: PriceModifiers | undefined,
  period: PricePeriod,
  atMs: number,
): readonly Line[] | undefined {
  const rates = ratesFor(run, modifiers, period, atMs);
  if (rates === undefined || run.audioInputTokens || run.audioOutputTokens) return undefined;
  return [
    [run.inputTokens, rates.input],
    [run.outputTokens, rates.output],
    [run.cacheReadTokens ?? 0, rates.cacheRead],
    [run.cacheWrite5mTokens ?? 0, rates.cacheWrite5m],
    [run.cacheWrite1hTokens ?? 0, rates.cacheWrite1h],
  ];
}

function feesOf({ serverTools }: Usage, period: PricePeriod): Line[] {
  return [
    [serverTools?.webSearchRequests ?? 0, period.webSearchPico],
    [serverTools?.webFetchRequests ?? 0, period.webFetchPico],
  ];
}

/**
 * The rates that apply: a table for time, length and tier, times the factors. Factors stack; two tables do not.
 *
 * A long prompt moves all tokens of the request, output included, to the long table.
 */
export function ratesFor(
  run: ModelRun,
  modifiers: PriceModifiers | undefined,
  period: PricePeriod,
  atMs: number,
): PicoRates | undefined {
  const { longContext: long } = period;
  const isLong = long !== undefined && (promptTokens(run) ?? 0) > long.overTokens;
  let rates: PicoRates | undefined = isLong ? long.rates : ratesAt(period, atMs);
  let factor = regionFactor(modifiers?.inferenceGeo, period);
  let hasTable = false;
  for (const word of [modifiers?.serviceTier, modifiers?.speed]) {
    if (word === undefined || PLAIN_TIERS.has(word)) continue;
    const tier = period.tiers.get(word);
    if (tier === undefined || factor === undefined) return undefined;
    if (typeof tier === 'number') factor *= tier;
    else if (hasTable) return undefined;
    else {
      rates = isLong ? tier.long : tier.rates;
      hasTable = true;
    }
  }
  if (rates === undefined || factor === undefined) return undefined;
  return factor === 1 ? rates : timesAll(rates, factor);
}

function regionFactor(word: string | undefined, { usFactor }: PricePeriod): number | undefined {
  if (word === undefined || PLAIN_REGIONS.has(word)) return 1;
  return word === 'us' ? usFactor : undefined;
}

/** Rates are multiples of 100 picodollars, so that half of one and 1.1 of one are whole; rounding ends float noise. */
function timesAll(rates: PicoRates, factor: number): PicoRates {
  const times = (rate: number): number => Math.round(rate * factor);
  const ifKnown = (rate: number | undefined): number | undefined => (rate === undefined ? rate : times(rate));
  return {
    input: times(rates.input),
    output: times(rates.output),
    cacheRead: ifKnown(rates.cacheRead),
    cacheWrite5m: ifKnown(rates.cacheWrite5m),
    cacheWrite1h: ifKnown(rates.cacheWrite1h),
  };
}

function total(lines: readonly Line[]): Cost | undefined {
  let pico = 0;
  for (const [count, picoEach] of lines) {
    const counted = tokenCount(count);
    if (counted === undefined || (counted > 0 && picoEach === undefined)) return undefined;
    pico += counted * (picoEach ?? 0);
  }
  // A safe sum had safe terms, so it is exact, and so is the rounding: doubles of that size lie closer than
  // 0.002, which tells .499 from .5. All this ends at 9,007 USD for one attempt.
  return Number.isSafeInteger(pico) ? { nanoUsd: Math.round(pico / 1_000) } : totalBeyondSafe(lines);
}

/** The slow road for sums a number cannot hold; beyond 9 million USD the counts are not to be believed. */
function totalBeyondSafe(lines: readonly Line[]): Cost | undefined {
  const pico = lines.reduce((sum, [count, each]) => sum + BigInt(count ?? 0) * BigInt(each ?? 0), 0n);
  const nanoUsd = Number((pico + 500n) / 1_000n);
  return Number.isSafeInteger(nanoUsd) ? { nanoUsd } : undefined;
}
