import type { AttemptContext } from '../pipeline/middleware.ts';
import { costOf } from '../pricing/cost-of.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import type { CostBound } from './request-cap.ts';

/** An answer whose length nobody bounds, in tokens: more than any model writes. */
const UNBOUNDED_TOKENS = 128_000;

/** What an attempt can cost at most: its prompt at the dearest rate there is for it, and the longest answer it allows. */
export function costBound(prices: PriceTable, epochMs: () => number): CostBound {
  return function costBound({ request, target }, maxTokens) {
    if (request.operation.kind === 'count_tokens') return 0;
    const price = prices.findFor(target.provider, target.model);
    const outputTokens = maxTokens ?? longestAnswer(request.request, target);
    const at = { atMs: epochMs() };
    const prompt = request.size.tokens;
    const bounds = [
      costOf({ inputTokens: prompt, outputTokens }, price, at),
      costOf({ inputTokens: 0, cacheWrite1hTokens: prompt, outputTokens }, price, at),
    ];
    const known = bounds.flatMap((cost) => (cost ? [cost.nanoUsd] : []));
    return known.length === 0 ? undefined : Math.max(...known);
  };
}

function longestAnswer(
  { max_completion_tokens: cap, max_tokens: old }: AttemptContext['request']['request'],
  { spec }: AttemptContext['target'],
): number {
  const most = spec?.maxOutputTokens ?? UNBOUNDED_TOKENS;
  return Math.min(cap ?? old ?? most, most);
}
