import { isRecord, tokenCount } from '../../../provider-kit/index.ts';

/** Priced per token. Server tools are priced per call, and stand beside the iterations, not in them. */
const COUNTED = [
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
] as const;

/**
 * Sums over all iterations, named `billable_…`, of the figures that any of them states (USE-9).
 *
 * A figure no iteration states has no sum, because 0 would be a claim.
 */
export function billableTokens(iterations: readonly unknown[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const iteration of iterations) {
    if (!isRecord(iteration)) continue;
    for (const key of COUNTED) {
      const count = tokenCount(iteration[key]);
      if (count !== undefined) sums[`billable_${key}`] = (sums[`billable_${key}`] ?? 0) + count;
    }
  }
  return sums;
}
