import type { AttemptRecord, CostPrecision } from '../errors/index.ts';
import type { RequestContext } from '../pipeline/middleware.ts';

/** What the attempts of one request come to. */
export interface AnswerTotals {
  /** The attempt that answered, or failed last. */
  readonly last: AttemptRecord | undefined;
  /** USD over all attempts; `undefined` as soon as one of them is unknown. */
  readonly costUsd: number | undefined;
  /** The least sure of all attempts: unknown is contagious. */
  readonly precision: CostPrecision;
}

/** The attempt that ended the request: one that lost a race to another may have been slower to end. */
export function lastOf(trail: readonly AttemptRecord[]): AttemptRecord | undefined {
  return trail.findLast(({ lost }) => !lost) ?? trail.at(-1);
}

/** Whose attempts have answered a request, when they are not its own. */
export function leaderOf({
  trail,
  sharedWith,
}: Pick<RequestContext, 'trail' | 'sharedWith'>): RequestContext | undefined {
  return trail.length === 0 ? sharedWith.at(-1) : undefined;
}

/** Sums up a trail. No attempt at all cost nothing, for sure. */
export function totalsOf(trail: readonly AttemptRecord[]): AnswerTotals {
  let nanoUsd = 0;
  let precision: CostPrecision = 'reported';
  for (const record of trail) {
    if (record.costUsd === undefined) precision = 'unknown';
    else {
      // Summed in whole nano-USD, so that the total is exactly the sum of what was told of each attempt.
      nanoUsd += Math.round(record.costUsd * 1e9);
      if (record.precision === 'estimated' && precision === 'reported') precision = 'estimated';
    }
  }
  return { last: lastOf(trail), costUsd: precision === 'unknown' ? undefined : nanoUsd / 1e9, precision };
}
