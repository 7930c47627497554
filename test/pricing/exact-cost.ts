import { readdirSync, readFileSync } from 'node:fs';
import type { Usage } from '../../src/usage/usage.ts';

/** A reviewed list as it lies in the repository, read without the code under test. */
export interface List {
  readonly provider: string;
  readonly factors: Readonly<Record<string, number>>;
  readonly fast_words?: readonly string[];
  readonly per_1000_calls?: Readonly<Record<string, number>>;
  readonly models: Readonly<Record<string, Entry>>;
}

/** One table of rates, by the names that lists give them. */
type Rates = Readonly<
  Partial<Record<'input' | 'output' | 'cache_read' | 'cache_write_5m' | 'cache_write_1h', number>>
>;

interface Long extends Rates {
  readonly over_prompt_tokens: number;
}

interface Peak extends Rates {
  readonly hours_utc: readonly (readonly [number, number])[];
  readonly weekdays_only?: boolean;
  readonly except?: readonly string[];
}

/** A model in a list, or what differs over a time. */
export interface Entry extends Rates {
  readonly aliases?: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly history?: readonly Entry[];
  readonly next?: readonly Entry[];
  readonly long_context?: Long;
  readonly fast?: Rates & { readonly long_context?: Rates };
  readonly peak?: Peak | null;
  readonly batch?: Rates;
  readonly tiers?: readonly string[];
  readonly us_residency?: boolean;
  readonly web_search?: number;
}

const FOLDER = 'scripts/data';

/** All lists of the repository. */
export const lists: readonly List[] = readdirSync(FOLDER)
  .filter((name) => /^prices-.*\.json$/.test(name))
  .map((name) => JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')));

/** A fraction. */
type Ratio = readonly [above: bigint, below: bigint];

/** A decimal number as it is written, exactly. */
function ratio(value: number): Ratio {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const power = Number(exponent) - fraction.length;
  const above = BigInt(whole + fraction);
  return power < 0 ? [above, 10n ** BigInt(-power)] : [above * 10n ** BigInt(power), 1n];
}

const plus = ([a, b]: Ratio, [c, d]: Ratio): Ratio => [a * d + c * b, b * d];
const times = ([a, b]: Ratio, [c, d]: Ratio): Ratio => [a * c, b * d];

/** What held on a day, `YYYY-MM-DD`: members of a change go over those of today. */
function entryOn({ history = [], next = [], ...today }: Entry, day: string): Entry | undefined {
  const past = history.find(({ until = '' }) => day < until);
  if (past) return { ...today, ...past };
  const coming = next.findLast(({ from = '' }) => day >= from);
  if (coming) return { ...today, ...coming };
  if (history.length === 0 && today.from !== undefined && day < today.from) return undefined;
  return today.until !== undefined && day >= today.until ? undefined : today;
}

function isPeak(peak: Peak | null | undefined, at: Date): boolean {
  if (!peak) return false;
  const isWeekend = at.getUTCDay() === 0 || at.getUTCDay() === 6;
  if (peak.weekdays_only && isWeekend) return false;
  if (peak.except?.includes(at.toISOString().slice(0, 10))) return false;
  const hour = at.getUTCHours();
  return peak.hours_utc.some(([from, until]) => from <= hour && hour < until);
}

/**
 * Nano-USD of an answer by the list alone, in fractions, rounded half up at the end; `undefined` for unknown.
 *
 * Written in another way than the code under test, and apart from it: so that both would have to be wrong alike.
 */
export function exactCost(list: List, id: string, usage: Usage, at: Date): bigint | undefined {
  const entry = entryOn(list.models[id] ?? {}, at.toISOString().slice(0, 10));
  if (!entry) return undefined;
  const { inputTokens: fresh = 0, cacheReadTokens: read = 0 } = usage;
  const { cacheWrite5mTokens: write5m = 0, cacheWrite1hTokens: write1h = 0, outputTokens: out = 0 } = usage;
  const { serviceTier, speed, inferenceGeo } = usage.modifiers ?? {};
  const word = speed ?? serviceTier;
  const edge = entry.long_context?.over_prompt_tokens ?? Number.POSITIVE_INFINITY;
  const isLong = fresh + read + write5m + write1h > edge;
  let table: Rates | undefined = isLong ? entry.long_context : entry;
  if (!isLong && entry.peak && isPeak(entry.peak, at)) table = entry.peak;
  let factor: Ratio = [1n, 1n];
  if (word !== undefined) {
    if ((list.fast_words ?? ['fast']).includes(word)) {
      table = isLong ? entry.fast?.long_context : entry.fast;
    } else if (entry.tiers?.includes(word) || (word === 'batch' && entry.batch)) {
      factor = ratio(list.factors[word] ?? Number.NaN);
    } else return undefined;
  }
  if (inferenceGeo !== undefined) {
    if (!entry.us_residency) return undefined;
    factor = times(factor, ratio(list.factors['inference_geo_us'] ?? Number.NaN));
  }
  if (!table) return undefined;
  const lines = [
    [fresh, table.input],
    [out, table.output],
    [read, table.cache_read],
    [write5m, table.cache_write_5m],
    [write1h, table.cache_write_1h],
  ] as const;
  let usd: Ratio = [0n, 1n];
  for (const [count, rate] of lines) {
    if (count === 0) continue;
    if (rate === undefined) return undefined;
    usd = plus(usd, times(times(ratio(rate), factor), [BigInt(count), 1_000_000n]));
  }
  const searches = usage.serverTools?.webSearchRequests ?? 0;
  if (searches > 0) {
    const fee = entry.web_search ?? list.per_1000_calls?.['web_search'];
    if (fee === undefined) return undefined;
    usd = plus(usd, times(ratio(fee), [BigInt(searches), 1_000n]));
  }
  const [above, below] = times(usd, [1_000_000_000n, 1n]);
  return (2n * above + below) / (2n * below);
}
