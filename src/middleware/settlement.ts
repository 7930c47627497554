import { type CostPrecision, isRunestoneError, type ProviderErrorCode } from '../errors/index.ts';
import { billedFor } from '../ledger/billed-for.ts';
import type { BillingPhase } from '../ledger/billing-rule.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import type { Ending } from '../pipeline/observe.ts';
import { costOf } from '../pricing/cost-of.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { addUsage, type Usage } from '../usage/usage.ts';
import { codeOf } from './attempt-event.ts';

/** Characters of English prose to a token, on average. Only for output that no provider counted for us. */
const CHARS_PER_TOKEN = 4;

/**
 * What, said without a status and for good, means that nothing was sent: the translation refused, there was no
 * key, the name was not found, nobody listened.
 */
const UNSENT: ReadonlySet<string> = new Set<ProviderErrorCode>([
  'invalid_request',
  'model_not_found',
  'authentication',
  'connection',
]);

/** Codes with which our side ends an answer. */
const OURS: ReadonlySet<string> = new Set(['cancelled', 'deadline_exceeded', 'timeout', 'pool_closed']);

/** Codes of what was lost on the way: nobody said anything. */
const LOST: ReadonlySet<string> = new Set(['connection', 'stream_truncated', 'bad_response']);

/** What an attempt is counted with. */
export interface Settlement {
  readonly usage: Usage | undefined;
  readonly nanoUsd: number | undefined;
  readonly precision: CostPrecision;
}

/** Nothing was spent, for sure. */
export const FREE: Settlement = { usage: undefined, nanoUsd: 0, precision: 'reported' };

/** False when it is certain that nothing left the process. */
export function wasSent({ tally }: AttemptContext, { error }: Ending): boolean {
  if (tally.usage) return true;
  if (!tally.sent) return false;
  if (!isRunestoneError(error)) return true;
  const hopeless = error.status === undefined && error.retryable === false;
  return error.phase !== 'connect' && !(hopeless && UNSENT.has(error.code));
}

/**
 * What an attempt that was sent has cost, by what its host reported, and for one that broke by what is known of how
 * hosts bill such attempts. What cannot be known stays unknown; it is never 0.
 */
export function settle(
  attempt: AttemptContext,
  ending: Ending,
  prices: PriceTable,
  atMs: number,
): Settlement {
  const { tally, target } = attempt;
  const price = (usage: Usage | undefined, precision: CostPrecision): Settlement => {
    const priceOf = (model: string) => prices.findFor(target.provider, model);
    const found = priceOf(tally.servedModel ?? target.model);
    const nanoUsd = usage && costOf(usage, found, { atMs, priceOf })?.nanoUsd;
    return {
      usage: billedIn(usage ?? tally.usage),
      nanoUsd,
      precision: nanoUsd === undefined ? 'unknown' : precision,
    };
  };
  if (ending.outcome === 'ok') {
    if (tally.usage?.outputTokens !== undefined) return price(tally.usage, 'reported');
    return price(delivered(attempt, tally.usage), 'estimated');
  }
  const phase = phaseOf(attempt, ending);
  const status = isRunestoneError(ending.error) ? ending.error.status : undefined;
  const billed = billedFor({ provider: target.provider, phase, code: codeOf(ending), status, atMs });
  if (billed === 'nothing') return FREE;
  // Without a report the prompt is known by its length, and that only once an answer shows that it was read.
  const known = tally.usage ?? (tally.outputChars > 0 ? {} : undefined);
  return price(billed === 'delivered' ? delivered(attempt, known, true) : undefined, 'estimated');
}

/** The counts of all that is billed: where the model ran several times, those of an answer are of its last run (USE-9). */
function billedIn(usage: Usage | undefined): Usage | undefined {
  if (!usage?.runs?.length) return usage;
  return Object.freeze({ ...usage, ...usage.runs.reduce<Usage>(addUsage, {}) });
}

function phaseOf({ tally }: AttemptContext, { outcome, error }: Ending): BillingPhase {
  const failure = isRunestoneError(error) ? error : undefined;
  if (!tally.usage && tally.outputChars === 0) {
    if (failure?.status !== undefined) return 'refused';
    // An error inside a 200 is a refusal as well, unless the answer had begun (B1, B3).
    const isSaid = failure && !OURS.has(failure.code) && !LOST.has(failure.code);
    return isSaid && tally.servedModel === undefined ? 'refused' : 'unanswered';
  }
  // A consumer who left has thrown nothing; what is no error of the house was thrown by a plug-in.
  return outcome === 'cancelled' || !failure || OURS.has(failure.code) ? 'left' : 'broken';
}

/**
 * For an answer that was not counted to its end: the input that was reported, and the output that was delivered, by
 * its length.
 *
 * @param guessInput - true takes an estimate where no input was reported
 */
function delivered(
  { tally: { outputChars }, request }: AttemptContext,
  usage: Usage | undefined,
  guessInput = false,
): Usage | undefined {
  if (!usage) return undefined;
  const guess = guessInput && request.operation.kind === 'chat' ? request.size.tokens : undefined;
  const inputTokens = usage.inputTokens ?? guess;
  if (inputTokens === undefined) return undefined;
  const outputTokens = Math.max(usage.outputTokens ?? 0, Math.ceil(outputChars / CHARS_PER_TOKEN));
  return Object.freeze({ ...usage, inputTokens, outputTokens });
}
