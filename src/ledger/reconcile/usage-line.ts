import { isRecord } from '../../chat/json.ts';

const FIGURES = [
  'inputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'outputTokens',
  'webSearches',
  'costUsd',
] as const;

/** What ledger and export can both say of a day and a model. */
export type ReconciledFigure = (typeof FIGURES)[number];

/** All of them, in the order in which tables show them. */
export const reconciledFigures: readonly ReconciledFigure[] = FIGURES;

/** Sums by figure; that of `costUsd` in whole nanodollars, so that it is exact. */
export type Figures = { readonly [Figure in ReconciledFigure]?: number };

/** One line of an export, in our words. */
export interface UsageLine {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** As the export names it; absent where the line is about no model in particular. */
  readonly model: string | undefined;
  /** Empty for a day on which nothing was used. */
  readonly figures: Figures;
}

/** A line as it stands in the export: a row of CSV, or a result of JSON with its bucket's time. */
export type ExportRecord = Readonly<Record<string, unknown>>;

/** Understands the lines of one vendor. */
export type LineReader = (record: ExportRecord) => Omit<UsageLine, 'day'>;

/** The first of these fields that holds a number, or a text that is one; CSV has nothing but texts. */
export function numberIn(record: ExportRecord, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = record[name];
    const text = typeof value === 'string' ? value.trim() : value;
    const number = text === '' || text === null || text === undefined ? Number.NaN : Number(text);
    if (Number.isFinite(number)) return number;
  }
  return undefined;
}

/** The first of these fields that holds a text. */
export function textIn(record: ExportRecord, ...names: readonly string[]): string | undefined {
  return names
    .map((name) => record[name])
    .find((value): value is string => typeof value === 'string' && value !== '');
}

/** A field that holds fields of its own; empty where there is none. */
export function recordIn(record: ExportRecord, name: string): ExportRecord {
  const value = record[name];
  return isRecord(value) ? value : {};
}

/** Only the figures that are there. */
export function statedFigures(
  figures: {
    readonly [Figure in ReconciledFigure]?: number | undefined;
  },
): Figures {
  const stated: { [Figure in ReconciledFigure]?: number } = {};
  for (const figure of FIGURES) {
    const value = figures[figure];
    if (value !== undefined) stated[figure] = value;
  }
  return stated;
}

/** Dollars as whole nanodollars. */
export function toNano(usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : Math.round(usd * 1e9);
}
