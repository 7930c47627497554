import { inPeak, toPeakHours } from '../../src/pricing/peak-hours.ts';
import type { PriceRow, UsdRates } from '../../src/pricing/price-row.ts';

/** One number on which two sources do not agree. */
export interface Difference {
  /** `provider/model`. */
  readonly row: string;
  /** A rate (`long.` in front for those of long prompts, `peak.` for those of a peak), or `model`. */
  readonly field: string;
  /** What our list states; `null` where it says nothing. */
  readonly here: number | null;
  readonly there: number | null;
}

/** What another source states of a model at a moment, in USD per million tokens or thousand calls. */
export interface OtherPrice {
  readonly usdPerMTok: UsdRates;
  readonly longContext?: { readonly overTokens: number; readonly usdPerMTok: UsdRates } | undefined;
  readonly webSearchUsdPerThousand?: number | undefined;
}

/** Another source: asked for every id and alias; `undefined` when it does not know the model. */
export type OtherSource = (provider: string, model: string, atMs: number) => OtherPrice | undefined;

const DAY_MS = 86_400_000;
const NOON_MS = DAY_MS / 2;
const FIELDS = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;

/**
 * All differences between our rows and another source, each once, by row.
 *
 * An alias that the source does not know is no difference, a model is. Tiers of service are not compared: the package
 * this is used with states none.
 */
export function comparePrices(rows: readonly PriceRow[], other: OtherSource): readonly Difference[] {
  const found = new Map<string, Difference>();
  for (const row of rows) {
    for (const difference of differencesOf(row, other)) {
      found.set(JSON.stringify(difference), difference);
    }
  }
  return [...found.values()];
}

function differencesOf(row: PriceRow, other: OtherSource): readonly Difference[] {
  const named = `${row.provider}/${row.model}`;
  const atMs = momentOf(row);
  const names = [row.model, ...(row.aliases ?? [])];
  if (!other(row.provider, row.model, atMs)) {
    return [{ row: named, field: 'model', here: null, there: null }];
  }
  return names.flatMap((name) => {
    const theirs = other(row.provider, name, atMs);
    if (!theirs) return [];
    const peakMs = row.peak && peakMomentOf(row, atMs);
    const atPeak = peakMs === undefined ? undefined : other(row.provider, name, peakMs);
    return [
      ...unequal(ratesOf('', row.usdPerMTok), ratesOf('', theirs.usdPerMTok)),
      ...unequal(longOf(row.longContext), longOf(theirs.longContext)),
      ...unequal(ratesOf('peak.', row.peak?.usdPerMTok), ratesOf('peak.', atPeak?.usdPerMTok)),
      ...unequal({ webSearch: row.webSearchUsdPerThousand }, { webSearch: theirs.webSearchUsdPerThousand }),
    ].map((difference) => ({ row: named, ...difference }));
  });
}

type Fields = Readonly<Record<string, number | undefined>>;

function ratesOf(prefix: string, rates: UsdRates | undefined): Fields {
  return Object.fromEntries(FIELDS.map((field, index) => [`${prefix}${field}`, rates?.[index]]));
}

function longOf(long: OtherPrice['longContext']): Fields {
  return { 'long.overTokens': long?.overTokens, ...ratesOf('long.', long?.usdPerMTok) };
}

function unequal(here: Fields, there: Fields): Omit<Difference, 'row'>[] {
  return Object.keys(here)
    .filter((field) => here[field] !== there[field])
    .map((field) => ({ field, here: here[field] ?? null, there: there[field] ?? null }));
}

/** Noon of a day within the period: the day it was read, or the nearest there is. */
function momentOf({ from, until, asOf }: PriceRow): number {
  const read = Date.parse(asOf);
  const first = from === undefined ? read : Math.max(Date.parse(from), read);
  const last = until === undefined ? first : Math.min(first, Date.parse(until) - DAY_MS);
  return last + NOON_MS;
}

/** The first hour of a peak, on the next day that has one. */
function peakMomentOf({ peak }: PriceRow, atMs: number): number | undefined {
  if (!peak) return undefined;
  const hours = toPeakHours(peak);
  const midnight = Math.floor(atMs / DAY_MS) * DAY_MS;
  const [from] = hours.hoursUtc[0] ?? [0];
  const days = Array.from({ length: 14 }, (_, day) => midnight + day * DAY_MS + from * (DAY_MS / 24));
  return days.find((ms) => inPeak(hours, ms));
}
