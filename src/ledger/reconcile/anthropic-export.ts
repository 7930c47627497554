import { type LineReader, numberIn, recordIn, statedFigures, textIn, toNano } from './usage-line.ts';

/**
 * Lines of Anthropic's reports: usage and cost, by the Admin API, by the newer Analytics API, and as the Console's
 * CSV files.
 *
 * Amounts of the APIs are cents, in a text; those of the files are dollars.
 *
 * @see https://platform.claude.com/docs/en/api/admin/usage_report/retrieve_messages
 * @see https://platform.claude.com/docs/en/manage-claude/usage-cost-api
 */
export const anthropicLine: LineReader = (line) => {
  // The Analytics API puts dimensions and figures of an item into members of their own.
  const record = {
    ...line,
    ...recordIn(line, 'group'),
    ...recordIn(line, 'usage'),
    ...recordIn(line, 'cost'),
  };
  const written = recordIn(record, 'cache_creation');
  const cents = numberIn(record, 'amount');
  return {
    model: textIn(record, 'model_version', 'model'),
    figures: statedFigures({
      inputTokens: numberIn(record, 'uncached_input_tokens', 'usage_input_tokens_no_cache'),
      cacheReadTokens: numberIn(record, 'cache_read_input_tokens', 'usage_input_tokens_cache_read'),
      cacheWrite5mTokens:
        numberIn(written, 'ephemeral_5m_input_tokens') ??
        numberIn(record, 'usage_input_tokens_cache_write_5m'),
      cacheWrite1hTokens:
        numberIn(written, 'ephemeral_1h_input_tokens') ??
        numberIn(record, 'usage_input_tokens_cache_write_1h'),
      outputTokens: numberIn(record, 'output_tokens', 'usage_output_tokens'),
      webSearches:
        numberIn(recordIn(record, 'server_tool_use'), 'web_search_requests') ??
        numberIn(record, 'web_search_count'),
      costUsd: toNano(cents === undefined ? numberIn(record, 'cost_usd') : cents / 100),
    }),
  };
};
