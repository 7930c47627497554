import { ConfigError } from '../../errors/index.ts';
import {
  type ExportRecord,
  type LineReader,
  numberIn,
  recordIn,
  statedFigures,
  textIn,
  toNano,
} from './usage-line.ts';

/**
 * Lines of OpenAI's reports: the Usage API's completions, the Costs API, and the dashboard's exports of both.
 *
 * Its input holds the cached part and, since models charge for it, the part written to the cache.
 *
 * @see https://developers.openai.com/api/reference/resources/admin
 */
export const openaiLine: LineReader = (record) => {
  const amount = recordIn(record, 'amount');
  const costUsd = numberIn(amount, 'value') ?? numberIn(record, 'amount_value');
  if (costUsd !== undefined)
    return { model: modelOf(record), figures: { costUsd: toNano(inDollars(costUsd, record)) ?? 0 } };
  const input = numberIn(record, 'input_tokens');
  const read = numberIn(record, 'input_cached_tokens');
  const written = numberIn(record, 'input_cache_write_tokens');
  return {
    model: textIn(record, 'model'),
    figures: statedFigures({
      inputTokens: input === undefined ? undefined : input - (read ?? 0) - (written ?? 0),
      cacheReadTokens: read,
      cacheWrite5mTokens: written,
      outputTokens: numberIn(record, 'output_tokens'),
    }),
  };
};

/** A line of the bill begins with its model and a comma, as in `gpt-5.5, cached input`; others are about no model. */
function modelOf(record: ExportRecord): string | undefined {
  const item = textIn(record, 'line_item') ?? '';
  const comma = item.indexOf(', ');
  return comma > 0 ? item.slice(0, comma) : undefined;
}

function inDollars(value: number, record: ExportRecord): number {
  const currency =
    textIn(recordIn(record, 'amount'), 'currency') ?? textIn(record, 'amount_currency') ?? 'usd';
  if (currency.toLowerCase() === 'usd') return value;
  throw new ConfigError(
    `reconcile: the export is in ${currency.slice(0, 8)}; only US dollars can be compared`,
  );
}
