import { isRecord, type JsonObject } from '../../src/chat/json.ts';
import type { LongContextRow, PeakRow, PriceRow, TierRow, UsdRates } from '../../src/pricing/price-row.ts';

/** The names of the five rates in a list, in the order of the table. */
const RATES = ['input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h'] as const;

const CONFIDENCE = ['high', 'medium', 'unverified'] as const;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/**
 * Reads a reviewed list, `scripts/data/prices-<vendor>.json`: one row for each model and period, in order of time.
 *
 * A model states its rates of today. `history` names what was different until a day, `next` what will be from one.
 *
 * @throws Error naming the row whose source, rate or day is missing or wrong, or whose stated batch table is not the
 *   standard one times the factor
 */
export function readPrices(text: string): readonly PriceRow[] {
  const list: unknown = JSON.parse(text);
  if (!isRecord(list)) throw new Error('not a list of prices');
  const { provider, as_of: asOf, models } = list;
  if (typeof provider !== 'string' || !isDay(asOf) || !isRecord(models)) {
    throw new Error('a list names its provider, the day it was read, and models');
  }
  return Object.entries(models).flatMap(([id, model]) => {
    const where = `${provider}/${id}`;
    if (!isRecord(model)) throw new Error(`${where}: not a model`);
    checkBatch(model, isRecord(list['factors']) ? list['factors']['batch'] : undefined, where);
    return periodsOf(model, where).map((period) => toRow({ list, provider, asOf, id, where }, period));
  });
}

interface Place {
  readonly list: JsonObject;
  readonly provider: string;
  readonly asOf: string;
  readonly id: string;
  readonly where: string;
}

/** Each ends on the day on which the next begins. */
function periodsOf(model: JsonObject, where: string): readonly JsonObject[] {
  const { history, next, ...today } = model;
  const past = objects(history).map((change) => ({ ...today, ...change }));
  const coming = objects(next).map((change) => ({ ...today, ...change }));
  const all: JsonObject[] = [...past, today, ...coming];
  return all.map((period, index) => {
    const before = all[index - 1]?.['until'];
    const from = before ?? period['from'];
    const until = all[index + 1]?.['from'] ?? period['until'];
    if (index > 0 && from === undefined) throw new Error(`${where}: a period begins on no day`);
    return { ...period, from, until };
  });
}

function toRow({ list, provider, asOf, id, where }: Place, model: JsonObject): PriceRow {
  const { source, confidence: sure, aliases, from, until } = model;
  const confidence = CONFIDENCE.find((word) => word === sure);
  if (typeof source !== 'string' || source.length < 10 || confidence === undefined) {
    throw new Error(`${where}: source or confidence missing`);
  }
  for (const day of [from, until]) if (day !== undefined && !isDay(day)) throw new Error(`${where}: no day`);
  const factors = isRecord(list['factors']) ? list['factors'] : {};
  const fees = isRecord(list['per_1000_calls']) ? list['per_1000_calls'] : {};
  const tiers = tiersOf(model, factors, fastWords(list), where);
  return {
    ...{ provider, asOf, model: id },
    ...known('aliases', strings(aliases)),
    ...known('from', isDay(from) ? from : undefined),
    ...known('until', isDay(until) ? until : undefined),
    usdPerMTok: ratesOf(model, where),
    ...known('longContext', longOf(model['long_context'], where)),
    ...known('tiers', Object.keys(tiers).length > 0 ? tiers : undefined),
    ...known('peak', peakOf(model['peak'], where)),
    ...known(
      'usFactor',
      model['us_residency'] === true ? rate(factors['inference_geo_us'], where) : undefined,
    ),
    ...known('webSearchUsdPerThousand', optional(model['web_search'] ?? fees['web_search'], where)),
    ...known('webFetchUsdPerThousand', optional(fees['web_fetch'], where)),
    ...{ source, confidence },
  };
}

/** The member, if there is something to say. */
function known<Name extends keyof PriceRow>(
  name: Name,
  value: PriceRow[Name] | undefined,
): { readonly [Key in Name]?: PriceRow[Name] } {
  const member: { [Key in Name]?: PriceRow[Name] } = {};
  if (value !== undefined) member[name] = value;
  return member;
}

/** Input and output must be stated. A cache rate that is not is unknown; none is ever derived from another. */
function ratesOf(table: JsonObject, where: string): UsdRates {
  const { input, output, cache_read: read, cache_write_5m: write5m, cache_write_1h: write1h } = table;
  const cache = [read, write5m, write1h].map((usd) => optional(usd, where));
  return [rate(input, where), rate(output, where), cache[0], cache[1], cache[2]];
}

function longOf(tier: unknown, where: string): LongContextRow | undefined {
  if (!isRecord(tier)) return undefined;
  const over = tier['over_prompt_tokens'];
  if (!Number.isSafeInteger(over)) throw new Error(`${where}: no length from which prompts are long`);
  return { overTokens: Number(over), usdPerMTok: ratesOf(tier, where) };
}

/** `batch` states its table, which is checked against the factor; `tiers` names those that the factor alone tells. */
function tiersOf(
  model: JsonObject,
  factors: JsonObject,
  fastWords: readonly string[],
  where: string,
): Record<string, TierRow> {
  const tiers: Record<string, TierRow> = {};
  for (const word of strings(model['tiers']) ?? []) tiers[word] = rate(factors[word], where);
  if (isRecord(model['batch'])) tiers['batch'] = rate(factors['batch'], where);
  const { fast } = model;
  if (isRecord(fast)) {
    const long = fast['long_context'];
    const table = {
      usdPerMTok: ratesOf(fast, where),
      ...(isRecord(long) && { longUsdPerMTok: ratesOf(long, where) }),
    };
    for (const word of fastWords) tiers[word] = table;
  }
  return tiers;
}

function checkBatch(model: JsonObject, factor: unknown, where: string): void {
  const { batch, long_context: long } = model;
  if (!isRecord(batch)) return;
  const pairs = [
    [model, batch],
    [long, batch['long_context']],
  ];
  for (const [standard, half] of pairs) {
    if (!isRecord(standard)) continue;
    for (const name of RATES) {
      const usd = standard[name];
      const expected = usd === undefined ? undefined : Number(usd) * Number(factor);
      if ((isRecord(half) ? half[name] : undefined) !== expected) {
        throw new Error(`${where}: batch ${name} is not the factor`);
      }
    }
  }
}

function peakOf(peak: unknown, where: string): PeakRow | undefined {
  if (!isRecord(peak)) return undefined;
  const hours = Array.isArray(peak['hours_utc']) ? peak['hours_utc'] : [];
  const hoursUtc = hours.map((window: unknown): readonly [number, number] => {
    const [from, until] = Array.isArray(window) ? window : [];
    if (!(from >= 0 && from < until && until <= 24)) throw new Error(`${where}: no hours of a peak`);
    return [Number(from), Number(until)];
  });
  const except = strings(peak['except']);
  if (hoursUtc.length === 0 || except?.some((day) => !isDay(day))) throw new Error(`${where}: no peak`);
  return {
    usdPerMTok: ratesOf(peak, where),
    hoursUtc,
    ...(peak['weekdays_only'] === true && { weekdaysOnly: true }),
    ...(except && { except }),
  };
}

/** The words by which answers name the fast tier. */
function fastWords(list: JsonObject): readonly string[] {
  return strings(list['fast_words']) ?? ['fast'];
}

function rate(usd: unknown, where: string): number {
  if (typeof usd !== 'number' || !(usd >= 0)) throw new Error(`${where}: a rate is missing or wrong`);
  return usd;
}

function optional(usd: unknown, where: string): number | undefined {
  return usd === undefined ? undefined : rate(usd, where);
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && DAY.test(value);
}

function strings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
