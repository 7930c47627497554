import { type AttemptRecord, type ErrorCode, isRunestoneError, type Outcome } from '../errors/index.ts';
import { lastOf } from '../middleware/totals.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import type { Ending } from '../pipeline/observe.ts';
import type { Tally } from '../pipeline/tally.ts';
import type { Gates } from '../resilience/admission.ts';
import type { LimitEnding } from '../resilience/limiter.ts';
import { promptTokens } from '../usage/usage.ts';

/** Tokens to reserve for a request: its prompt as estimated, and the cap on its answer; 0 where nobody counts them. */
export function expectedTokens({ request, operation, size }: RequestContext, { own, shared }: Gates): number {
  // To count tokens is free; how long the texts of an embedding are is known by its usage.
  if (operation.kind !== 'chat' || !(own?.countsTokens || shared?.countsTokens)) return 0;
  return size.tokens + (request.max_completion_tokens ?? request.max_tokens ?? 0);
}

/** What an attempt that has ended has taken of the limits of its provider. */
export function endingOfAttempt(tally: Tally, { outcome, error }: Ending): LimitEnding {
  const code = isRunestoneError(error) ? error.code : undefined;
  return { tokens: usedTokens(tally), unused: !tally.sent, verdict: verdictOn(outcome, code) };
}

/** What a request has taken of the limits of the pool and its tenant, over all attempts. */
export function endingOfRequest(trail: readonly AttemptRecord[]): LimitEnding {
  const last = lastOf(trail);
  if (!last) return { unused: true };
  const tokens = trail.reduce<number | undefined>((sum, record) => {
    const used = usedTokens(record);
    return sum === undefined || used === undefined ? undefined : sum + used;
  }, 0);
  return { tokens, verdict: verdictOn(last.outcome, last.code) };
}

/** All that was read and written, but for what came out of a prompt cache; `undefined` while unknown. */
function usedTokens({ usage, costUsd }: Pick<AttemptRecord, 'usage' | 'costUsd'>): number | undefined {
  // Without usage only what cost nothing for sure took nothing: it was refused, or never sent.
  if (!usage) return costUsd === 0 ? 0 : undefined;
  const read = promptTokens(usage);
  if (read === undefined || usage.outputTokens === undefined) return undefined;
  return read - (usage.cacheReadTokens ?? 0) + usage.outputTokens;
}

/** Whether the host could take it: other failures say nothing of how much it takes at once. */
function verdictOn(outcome: Outcome, code: ErrorCode | undefined): LimitEnding['verdict'] {
  if (outcome === 'ok') return 'ok';
  return code === 'rate_limited' || code === 'overloaded' ? 'refused' : undefined;
}
