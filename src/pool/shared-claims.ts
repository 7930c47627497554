import type { AttemptContext } from '../pipeline/middleware.ts';
import type { Gates } from '../resilience/admission.ts';
import type { LimitEnding, Limiter } from '../resilience/limiter.ts';
import type { Claim } from '../state/local-share.ts';
import { type Taken, UNDER_WAY_MS } from '../state/state-store.ts';
import type { Budgets } from './budgets.ts';
import { expectedTokens } from './limit-accounts.ts';
import type { Limits } from './limits.ts';
import { accountsOfLimit, type Counted, type LimitAccount, MoneyAccounts } from './shared-accounts.ts';

/** A claim, what it comes to in the end, and what follows when it is not granted. */
export interface Wanted extends Claim {
  /** Of its amount, in whole numbers. */
  readonly cameTo: (ending: LimitEnding, costUsd: number | undefined) => number;
  readonly refusal: (taken: Taken) => unknown;
}

interface RoomWanted extends Pick<NoRoomElsewhere, 'limiter' | 'waitMs' | 'isOfAttempt'> {
  readonly counts: Counted;
}

/** The limit has no room, counting all processes. Never leaves the pool: who wanted it waits for the limit. */
export class NoRoomElsewhere extends Error {
  /** Of this process, for the same limit. */
  readonly limiter: Limiter;
  readonly waitMs: number;
  /** What is used up; `undefined` where what is under way is counted: room may come back at any moment. */
  readonly usedUp: Exclude<Counted, 'permits'> | undefined;
  /** A limit that each attempt passes; otherwise each request does once. */
  readonly isOfAttempt: boolean;

  constructor({ limiter, waitMs, counts, isOfAttempt }: RoomWanted) {
    super('no room in a limit that is shared');
    this.limiter = limiter;
    this.usedUp = counts === 'permits' ? undefined : counts;
    // A store of the user's own may name the end of a lease.
    this.waitMs = this.usedUp ? waitMs : Math.min(waitMs, UNDER_WAY_MS);
    this.isOfAttempt = isOfAttempt;
  }
}

/** What claims are made from. */
export interface SharedClaimsParts {
  readonly limits: Limits;
  readonly budgets: Budgets;
  /** `concurrency` is counted over all processes. */
  readonly countsPermits: boolean;
  readonly nowMs: () => number;
  readonly epochMs: () => number;
}

/** How long a request may still be taken back that was not sent after all, in milliseconds: that shows at once. */
const REQUEST_LEASE_MS = 10_000;

/** How long after its deadline a request may still be settled, in milliseconds. */
const GRACE_MS = 1_000;

const NANO = 1e9;

const NONE: readonly Wanted[] = [];

/** What an attempt has to claim of limits and budgets that are shared. */
export class SharedClaims {
  readonly #parts: SharedClaimsParts;
  readonly #accounts = new WeakMap<Limiter, readonly LimitAccount[]>();
  readonly #money: MoneyAccounts;

  constructor(parts: SharedClaimsParts) {
    this.#parts = parts;
    this.#money = new MoneyAccounts(parts.epochMs);
  }

  /** Of the limits of the pool and its tenant. */
  ofRequest(attempt: AttemptContext, id: string): readonly Wanted[] {
    const { request } = attempt;
    const gates = this.#parts.limits.requests.limitsOf(request);
    if (!gates) return NONE;
    const { own, shared } = gates;
    return [
      ...(own ? this.#ofLimit(attempt, own, `tenant/${request.tenant}`, gates, id, false) : NONE),
      ...(shared ? this.#ofLimit(attempt, shared, 'pool', gates, id, false) : NONE),
    ];
  }

  /** Of the limits of its provider's key and of its target, and of the budgets. */
  ofAttempt(attempt: AttemptContext, id: string): readonly Wanted[] {
    const { limits, budgets } = this.#parts;
    const ofLimits = limits.attempts.providers
      .of(attempt.request, attempt.target)
      .flatMap(({ name, limits: gates }) =>
        this.#ofLimit(attempt, gates.shared, `provider/${name}`, gates, id, true),
      );
    const holds = budgets.holdsOf(attempt.tally);
    return holds.length === 0 ? ofLimits : [...ofLimits, ...this.#ofBudgets(attempt, holds, id)];
  }

  #ofLimit(
    { request }: AttemptContext,
    limiter: Limiter,
    whose: string,
    gates: Gates,
    id: string,
    isOfAttempt: boolean,
  ): readonly Wanted[] {
    const leaseMs = this.#leaseMs(request.deadlineMs);
    return this.#accountsOf(limiter, whose).map(({ counts, account }): Wanted => {
      const isTokens = counts === 'tokens';
      // An estimate that is more than there can ever be must not shut a request out for ever.
      const amount = isTokens ? Math.min(Math.ceil(expectedTokens(request, gates)), account.limit) : 1;
      return {
        account,
        id,
        amount,
        leaseMs: counts === 'requests' ? Math.min(leaseMs, REQUEST_LEASE_MS) : leaseMs,
        isMoney: false,
        cameTo: ({ unused, tokens }) => (unused ? 0 : isTokens ? Math.ceil(tokens ?? amount) : amount),
        refusal: ({ waitMs }) => new NoRoomElsewhere({ limiter, waitMs, counts, isOfAttempt }),
      };
    });
  }

  #ofBudgets(attempt: AttemptContext, holds: ReturnType<Budgets['holdsOf']>, id: string): Wanted[] {
    const { budgets } = this.#parts;
    return holds.flatMap(([budget, { amount }]): Wanted[] => {
      const account = this.#money.of(budget);
      if (!account) return [];
      return [
        {
          account,
          id,
          amount,
          leaseMs: this.#leaseMs(attempt.request.deadlineMs),
          isMoney: true,
          cameTo: ({ unused }, costUsd) =>
            unused ? 0 : costUsd === undefined ? amount : Math.round(costUsd * NANO),
          refusal: (taken) => budgets.refusedByAll(attempt, budget, amount, taken),
        },
      ];
    });
  }

  #accountsOf(limiter: Limiter, whose: string): readonly LimitAccount[] {
    const known = this.#accounts.get(limiter);
    if (known) return known;
    const made = accountsOfLimit(limiter, whose, this.#parts.countsPermits);
    this.#accounts.set(limiter, made);
    return made;
  }

  #leaseMs(deadlineMs: number): number {
    return Math.max(0, Math.ceil(deadlineMs - this.#parts.nowMs())) + GRACE_MS;
  }
}
