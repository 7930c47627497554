import type { Cancellation } from '../pipeline/cancellation.ts';
import type { AttemptContext, RequestContext } from '../pipeline/middleware.ts';
import { type SpendingClock, SpendingWindow } from '../resilience/spending-window.ts';
import type { BudgetAccount } from './budget-account.ts';

/**
 * The most that an attempt can cost, in nanodollars; `undefined` where its target has no price, or nobody can say how
 * long prompt or answer may be.
 *
 * @param maxTokens - of the answer, instead of what the request would be sent with
 */
export type CostBound = (attempt: AttemptContext, maxTokens?: number) => number | undefined;

/** No request lives longer. */
const LIFE: { readonly rollingMs: number } = { rollingMs: 366 * 86_400_000 };

/** Tokens of an answer that are priced to learn what one costs: no model writes fewer at most. */
const SAMPLE = 100;

/** Its threshold is never told of: the call is refused or capped instead. */
const TERMS: BudgetAccount['budget'] = {
  name: 'maxCostUsd',
  scope: 'request',
  warnAt: Number.POSITIVE_INFINITY,
  refusesUnpriced: true,
};

/** The accounts of requests with a `maxCostUsd`: one for all attempts of each. */
export class RequestAccounts {
  readonly #clock: SpendingClock;
  /** By what no copy of a request's context changes. */
  readonly #known = new WeakMap<Cancellation, BudgetAccount>();

  constructor(clock: SpendingClock) {
    this.#clock = clock;
  }

  of({ cancellation, maxNanoUsd }: RequestContext): BudgetAccount | undefined {
    if (maxNanoUsd === undefined) return undefined;
    const known = this.#known.get(cancellation);
    if (known) return known;
    const made = {
      budget: TERMS,
      of: '',
      window: new SpendingWindow(maxNanoUsd, LIFE, this.#clock),
      warned: false,
    };
    this.#known.set(cancellation, made);
    return made;
  }
}

/**
 * The attempt, with as many tokens for its answer as the money that is left pays for. As it was where all of it fits,
 * and where not even one token does: then it is refused.
 */
export function cappedTo(
  window: SpendingWindow,
  attempt: AttemptContext,
  boundOf: CostBound,
): AttemptContext {
  const { request: context } = attempt;
  const [most, least] = [boundOf(attempt), boundOf(attempt, 0)];
  if (most === undefined || least === undefined || window.hasRoom(most)) return attempt;
  const each = ((boundOf(attempt, SAMPLE) ?? least) - least) / SAMPLE;
  const left = window.limit - window.spent - window.reserved;
  const tokens = Math.floor((left - least) / each);
  if (!(tokens >= 1)) return attempt;
  const { max_completion_tokens: _, max_tokens: __, ...rest } = context.request;
  const message = `the answer is capped to ${tokens} tokens, which \`maxCostUsd\` pays for`;
  // One that found no room in a shared limit comes here again each time it asks.
  if (!context.warnings.some((each) => each.message === message))
    context.warnings.push({ code: 'clamped', param: 'max_completion_tokens', message });
  return { ...attempt, request: { ...context, request: { ...rest, max_completion_tokens: tokens } } };
}
