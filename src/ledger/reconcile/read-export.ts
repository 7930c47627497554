import { isRecord } from '../../chat/json.ts';
import { ConfigError } from '../../errors/index.ts';
import { anthropicLine } from './anthropic-export.ts';
import { parseCsv } from './csv.ts';
import { openaiLine } from './openai-export.ts';
import {
  type ExportRecord,
  type LineReader,
  numberIn,
  recordIn,
  textIn,
  type UsageLine,
} from './usage-line.ts';

/** Vendors whose exports are understood. */
export type ExportVendor = 'anthropic' | 'openai';

const READERS: Readonly<Record<ExportVendor, LineReader>> = { anthropic: anthropicLine, openai: openaiLine };

/**
 * A vendor's export as lines in our words: a file's text, CSV or JSON, or the JSON itself, one page or a list of them.
 *
 * @throws ConfigError when nothing in it is known
 */
export function readExport(usageExport: unknown, vendor: ExportVendor): UsageLine[] {
  const read = READERS[vendor];
  const lines = recordsOf(usageExport).flatMap((record): UsageLine[] => {
    const day = dayOf(record);
    return day === undefined ? [] : [{ day, ...read(record) }];
  });
  if (lines.some(({ figures }) => Object.keys(figures).length > 0)) return lines;
  throw new ConfigError(
    `reconcile: no figures were found in this export; is it a usage or cost report of ${vendor}, of days with usage?`,
  );
}

function recordsOf(usageExport: unknown): ExportRecord[] {
  if (typeof usageExport !== 'string') return jsonRecords(usageExport);
  const text = usageExport.replace(/^\ufeff/, '').trim();
  if (!/^[[{]/.test(text)) return parseCsv(text);
  try {
    return jsonRecords(JSON.parse(text));
  } catch (cause) {
    throw new ConfigError('reconcile: the export begins like JSON, but cannot be read as such', { cause });
  }
}

/** Results with the time of their bucket; an empty bucket is a line without figures. */
function jsonRecords(json: unknown): ExportRecord[] {
  const pages = Array.isArray(json) ? json : [json];
  return pages.filter(isRecord).flatMap(({ data }) => {
    const buckets: readonly unknown[] = Array.isArray(data) ? data : [];
    return buckets.filter(isRecord).flatMap((bucket): ExportRecord[] => {
      const { results } = bucket;
      if (!Array.isArray(results)) return [bucket];
      const { starting_at, start_time } = bucket;
      const when = { starting_at, start_time };
      return results.length === 0
        ? [when]
        : results.filter(isRecord).map((result) => ({ ...result, ...when }));
    });
  });
}

/** The UTC day of a line: from a date, a time, or seconds since the epoch. */
function dayOf(record: ExportRecord): string | undefined {
  const written = textIn(record, 'usage_date_utc', 'starting_at', 'start_time_iso', 'date');
  const day = /^\d{4}-\d\d-\d\d/.exec(written ?? '')?.[0];
  if (day !== undefined) return day;
  const seconds = numberIn(record, 'start_time') ?? numberIn(recordIn(record, 'bucket'), 'start_time');
  return seconds === undefined ? undefined : new Date(seconds * 1_000).toISOString().slice(0, 10);
}
