import { type ErrorCode, isRunestoneError, type ProviderErrorCode } from '../errors/index.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import type { Ending, Watch } from '../pipeline/observe.ts';
import type { Tally } from '../pipeline/tally.ts';
import { costOf } from '../pricing/cost-of.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { frozenCopy } from '../telemetry/frozen-copy.ts';
import { promptTokens, type Usage } from '../usage/usage.ts';
import type { Teller } from './telemetry.ts';

/** Characters of English prose to a token, on average. Only for output that no provider counted for us. */
const CHARS_PER_TOKEN = 4;

/** Refusals: the host said no before it did any work, so there is nothing it could bill. */
const REFUSED: ReadonlySet<string> = new Set<ProviderErrorCode>([
  'invalid_request',
  'request_too_large',
  'context_overflow',
  'authentication',
  'permission',
  'quota_exhausted',
  'model_not_found',
  'rate_limited',
  'overloaded',
  'conflict',
  'redirect',
]);

/**
 * What, said without a status and for good, means that nothing was sent: the translation refused, there was no
 * key, the name was not found, nobody listened.
 */
const UNSENT: ReadonlySet<string> = new Set<ErrorCode>([
  'invalid_request',
  'model_not_found',
  'authentication',
  'connection',
]);

/**
 * Prices every attempt, aborted and failed ones too, and tells of it once. One of which nothing left the process
 * cost nothing.
 *
 * Inside the user's middleware, around the timers: an attempt that dies is still money.
 */
export function recordCost(prices: PriceTable, { emit, epochMs }: Teller): Watch<AttemptContext> {
  return function recordCost(attempt) {
    return {
      onEnd(ending) {
        const { tally } = attempt;
        settle(tally, ending, (usage) => {
          const price = prices.findFor(attempt.target.provider, tally.servedModel ?? attempt.target.model);
          return costOf(usage, price, { atMs: epochMs() })?.nanoUsd;
        });
        if (!emit.wants('cost.recorded')) return;
        emit('cost.recorded', {
          requestId: attempt.request.requestId,
          at: epochMs(),
          provider: attempt.target.provider.name,
          model: attempt.target.model,
          target: attempt.target.label,
          attempt: attempt.attempt,
          outcome: ending.outcome,
          usage: tally.usage,
          costUsd: tally.costUsd,
          precision: tally.precision,
        });
      },
    };
  };
}

/** Writes cost and precision into the tally. What cannot be known stays unknown; it is never 0. */
function settle(tally: Tally, ending: Ending, nanoUsdOf: (usage: Usage) => number | undefined): void {
  if (!tally.usage && (!tally.sent || wasRefused(ending, tally))) {
    tally.costUsd = 0;
    tally.precision = 'reported';
    return;
  }
  // From here on nobody writes to it; frozen, one object serves every event and record.
  if (tally.usage) tally.usage = frozenCopy(tally.usage);
  const complete =
    ending.outcome === 'ok' && tally.usage !== undefined && tally.usage.outputTokens !== undefined;
  const usage = complete ? tally.usage : estimated(tally);
  const nanoUsd = usage && nanoUsdOf(usage);
  if (nanoUsd === undefined) return;
  tally.costUsd = nanoUsd / 1e9;
  tally.precision = complete ? 'reported' : 'estimated';
}

/** A refusal inside a 200 is one as well, unless the answer had begun (B1, B3). A 501 is the only 5xx that is (S11). */
function wasRefused({ error }: Ending, { servedModel, committed }: Tally): boolean {
  if (!isRunestoneError(error)) return false;
  const began = servedModel !== undefined || committed;
  const refusedByHost =
    error.status === 501 || (REFUSED.has(error.code) && (error.status !== undefined || !began));
  const hopeless = error.status === undefined && error.retryable === false;
  const neverSent = error.phase === 'connect' || (hopeless && UNSENT.has(error.code));
  return refusedByHost || neverSent;
}

/** For an attempt that broke: the input that was reported, and the output that was delivered, by its length. */
function estimated({ usage, outputChars }: Tally): Usage | undefined {
  if (!usage || promptTokens(usage) === undefined) return undefined;
  const counted = Math.ceil(outputChars / CHARS_PER_TOKEN);
  return { ...usage, outputTokens: Math.max(usage.outputTokens ?? 0, counted) };
}
