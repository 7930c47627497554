import { type PriceModifiers, promptTokens, tokenCount, type Usage } from '../usage/usage.ts';
import { type ModelPrice, type PicoRates, type PricePeriod, periodAt } from './model-price.ts';

/** What an attempt cost. */
export interface Cost {
  /** Whole nanodollars (1e-9 USD), so that totals add up: floats of dollars do not. */
  readonly nanoUsd: number;
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
 * @param when.atMs - the attempt's wall-clock time, in epoch milliseconds; selects the dated row
 * @returns `undefined`, never 0, when anything needed is unknown: a count, the model, a rate of a bucket that
 *   was used, or the price of a modifier (priority tier, a region without a factor)
 */
export function costOf(
  usage: Usage | undefined,
  price: ModelPrice | undefined,
  when: { readonly atMs: number },
): Cost | undefined {
  // What is not billed costs nothing at whatever price (USE-10).
  if (usage?.billed === false) return FREE;
  if (usage === undefined || price === undefined) return undefined;
  const period = periodAt(price, when.atMs);
  if (period === undefined) return undefined;
  const rates = ratesFor(usage, period);
  const factor = factorFor(usage.modifiers, period);
  if (rates === undefined || factor === undefined) return undefined;
  return total(linesOf(usage, rates, factor, period));
}

/** The table that applies. A long prompt moves all tokens of the request, output included, to the long table. */
function ratesFor(usage: Usage, period: PricePeriod): PicoRates | undefined {
  const { longContext } = period;
  const speed = usage.modifiers?.speed ?? 'standard';
  const isLong = longContext !== undefined && (promptTokens(usage) ?? 0) > longContext.overTokens;
  if (speed === 'standard') return isLong ? longContext.rates : period.standard;
  // A fast rate for long prompts is not published.
  return speed === 'fast' && !isLong ? period.fast : undefined;
}

/** Factors stack. Committed capacity (`priority`) and further tiers have no public price. */
function factorFor(modifiers: PriceModifiers | undefined, period: PricePeriod): number | undefined {
  if (modifiers === undefined) return 1;
  const tier = factorOf(modifiers.serviceTier, PLAIN_TIERS, 'batch', period.batchFactor);
  const region = factorOf(modifiers.inferenceGeo, PLAIN_REGIONS, 'us', period.usFactor);
  return tier === undefined || region === undefined ? undefined : tier * region;
}

function factorOf(
  word: string | undefined,
  plain: ReadonlySet<string>,
  special: string,
  factor: number | undefined,
): number | undefined {
  if (word === undefined || plain.has(word)) return 1;
  return word === special ? factor : undefined;
}

/** How many, at how many picodollars each. */
type Line = readonly [count: number | undefined, picoEach: number | undefined];

function linesOf(usage: Usage, rates: PicoRates, factor: number, period: PricePeriod): readonly Line[] {
  const { serverTools } = usage;
  return [
    [usage.inputTokens, times(rates.input, factor)],
    [usage.outputTokens, times(rates.output, factor)],
    [usage.cacheReadTokens ?? 0, times(rates.cacheRead, factor)],
    [usage.cacheWrite5mTokens ?? 0, times(rates.cacheWrite5m, factor)],
    [usage.cacheWrite1hTokens ?? 0, times(rates.cacheWrite1h, factor)],
    [serverTools?.webSearchRequests ?? 0, period.webSearchPico],
    [serverTools?.webFetchRequests ?? 0, period.webFetchPico],
  ];
}

/** Rates are multiples of 100 picodollars, so that half of one and 1.1 of one are whole; rounding ends float noise. */
function times(rate: number | undefined, factor: number): number | undefined {
  return rate === undefined || factor === 1 ? rate : Math.round(rate * factor);
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
