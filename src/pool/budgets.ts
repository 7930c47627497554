import { BudgetExceededError } from '../errors/index.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import type { Watch } from '../pipeline/observe.ts';
import type { Tally } from '../pipeline/tally.ts';
import type { SpendingHold } from '../resilience/spending-window.ts';
import type { Taken } from '../state/state-store.ts';
import { type BudgetAccount, BudgetAccounts } from './budget-account.ts';
import type { Budget } from './budget-options.ts';
import { isSame } from './changes.ts';
import { type CostBound, cappedTo, RequestAccounts } from './request-cap.ts';

/** What budgets work with. */
export interface BudgetsParts {
  readonly budgets: readonly Budget[];
  readonly boundOf: CostBound;
  readonly teller: Teller;
}

/** One account of a budget, as it stands now. */
export interface BudgetRow {
  readonly budget: string;
  /** Which tenant, key, provider or value of the label; empty for the whole pool. */
  readonly of: string;
  readonly limitUsd: number;
  /** Of the attempts that ended within the window. */
  readonly spentUsd: number;
  /** The most that the attempts under way can still cost. */
  readonly reservedUsd: number;
}

/** What an attempt has reserved, in each account it is booked to. */
export type Holds = readonly (readonly [BudgetAccount, SpendingHold])[];

const NANO = 1e9;

const NO_ACCOUNTS: readonly BudgetAccount[] = [];

/**
 * The budgets of a pool: each attempt reserves the most it can cost, in all of them or in none, and settles when it
 * ends.
 *
 * It reserves last before it is sent, so that what waits for a limit holds no money. Reserved, spent and given back
 * are whole nanodollars.
 */
export class Budgets {
  readonly #parts: BudgetsParts;
  readonly #budgets: readonly BudgetAccounts[];
  readonly #requests: RequestAccounts;
  readonly #holds = new WeakMap<Tally, Holds>();

  /** @param before - budgets that these take the place of: what was spent stays spent, as long as they are the same */
  constructor(parts: BudgetsParts, before?: Budgets) {
    const { budgets, teller } = parts;
    const isAsBefore = before && isSame(before.#parts.budgets, budgets);
    this.#parts = parts;
    this.#budgets = isAsBefore
      ? before.#budgets
      : budgets.map((budget) => new BudgetAccounts(budget, teller));
    this.#requests = before ? before.#requests : new RequestAccounts(teller);
  }

  /**
   * Makes an attempt if its budgets allow it.
   *
   * @throws BudgetExceededError before anything is sent
   */
  async attempt<Result>(
    attempt: AttemptContext,
    make: (attempt: AttemptContext) => Promise<Result>,
  ): Promise<Result> {
    const accounts = this.#accountsOf(attempt);
    if (accounts.length === 0) return make(attempt);
    const own = this.#requests.of(attempt.request);
    const capped = own ? cappedTo(own.window, attempt, this.#parts.boundOf) : attempt;
    this.#holds.set(attempt.tally, this.#reserve(capped, accounts));
    try {
      return await make(capped);
    } catch (error) {
      // Whoever saw the attempt begin has settled it already: otherwise nothing was made, and nothing spent.
      this.#settle(attempt, 0);
      throw error;
    }
  }

  /** What an attempt has reserved, while it is made. */
  holdsOf(tally: Tally): Holds {
    return this.#holds.get(tally) ?? [];
  }

  /** The refusal of an attempt for which this process had room, but not all of them together. */
  refusedByAll(
    attempt: AttemptContext,
    account: BudgetAccount,
    amount: number,
    all: Taken,
  ): BudgetExceededError {
    const resetsAt = this.#parts.teller.epochMs() + all.waitMs;
    return this.#refused(attempt, account, amount, { spent: all.total, resetsAt });
  }

  /** Settles what an attempt has reserved, when it ends. */
  readonly watch: Watch<AttemptContext> = (attempt) => ({
    onEnd: () => {
      const { costUsd } = attempt.tally;
      this.#settle(attempt, costUsd === undefined ? undefined : Math.round(costUsd * NANO));
    },
  });

  /** Every account that was ever booked to and is not at rest. */
  rows(): readonly BudgetRow[] {
    return this.#budgets.flatMap(({ all, name: budget }) =>
      all.map(({ of, window: { limit, spent, reserved } }) => ({
        budget,
        of,
        limitUsd: limit / NANO,
        spentUsd: spent / NANO,
        reservedUsd: reserved / NANO,
      })),
    );
  }

  #accountsOf(attempt: AttemptContext): readonly BudgetAccount[] {
    const own = this.#requests.of(attempt.request);
    if (this.#budgets.length === 0) return own ? [own] : NO_ACCOUNTS;
    const shared = this.#budgets.flatMap((budget) => budget.accountOf(attempt) ?? []);
    return own ? [...shared, own] : shared;
  }

  #reserve(attempt: AttemptContext, accounts: readonly BudgetAccount[]): Holds {
    const bound = this.#parts.boundOf(attempt);
    const strict = bound === undefined && accounts.find(({ budget }) => budget.refusesUnpriced);
    if (strict) throw this.#refused(attempt, strict, undefined);
    const amount = bound ?? 0;
    const full = accounts.find(({ window }) => !window.hasRoom(amount));
    if (full) throw this.#refused(attempt, full, amount);
    const holds = accounts.map((account) => [account, account.window.reserve(amount)] as const);
    this.#tellReserved(attempt, amount);
    for (const account of accounts) this.#warn(attempt, account);
    return holds;
  }

  /** @param nanoUsd - what it cost; left out where nobody knows, which is booked as the most it can have cost */
  #settle({ tally }: AttemptContext, nanoUsd: number | undefined): void {
    const holds = this.#holds.get(tally) ?? [];
    this.#holds.delete(tally);
    for (const [{ window }, hold] of holds) window.settle(hold, nanoUsd ?? hold.amount);
  }

  #refused(
    { request, target }: AttemptContext,
    account: BudgetAccount,
    amount: number | undefined,
    { spent, resetsAt } = standOf(account, amount),
  ): BudgetExceededError {
    const { budget, of, window } = account;
    const { emit, epochMs } = this.#parts.teller;
    const [spentUsd, limitUsd] = [spent / NANO, window.limit / NANO];
    if (emit.wants('budget.exceeded')) {
      const { requestId, tenant } = request;
      const facts = { requestId, at: epochMs(), tenant, budget: budget.name, of };
      emit('budget.exceeded', { ...facts, spentUsd, limitUsd, resetsAt, wantedUsd: amount && amount / NANO });
    }
    const whose = of === '' ? `the budget "${budget.name}"` : `the budget "${budget.name}" of "${of}"`;
    const why =
      amount === undefined
        ? `${target.label}: its price or its length is not known, so ${whose} cannot bound it; set \`cost.prices\` and \`max_completion_tokens\`, or \`unpriced: 'allow'\``
        : `${whose} has ${usd(limitUsd - spentUsd)} left of ${usd(limitUsd)}, and this may cost ${usd(amount / NANO)}`;
    return new BudgetExceededError(why, {
      spentUsd,
      limitUsd,
      resetsAt,
      provider: target.provider.name,
      model: target.model,
    });
  }

  #tellReserved({ request, target }: AttemptContext, amount: number): void {
    const { emit, epochMs } = this.#parts.teller;
    if (!emit.wants('budget.reserved')) return;
    const { requestId, tenant } = request;
    emit('budget.reserved', {
      requestId,
      at: epochMs(),
      tenant,
      target: target.label,
      reservedUsd: amount / NANO,
    });
  }

  #warn({ request }: AttemptContext, account: BudgetAccount): void {
    const { budget, of, window } = account;
    const taken = window.spent + window.reserved;
    const isOver = taken >= budget.warnAt * window.limit;
    if (isOver && !account.warned) {
      const { emit, epochMs } = this.#parts.teller;
      const [spentUsd, limitUsd] = [taken / NANO, window.limit / NANO];
      const { requestId, tenant } = request;
      if (emit.wants('budget.threshold')) {
        emit('budget.threshold', {
          requestId,
          at: epochMs(),
          tenant,
          budget: budget.name,
          of,
          spentUsd,
          limitUsd,
        });
      }
    }
    account.warned = isOver;
  }
}

/** What is gone of an account, and when there is room again. */
function standOf({ window }: BudgetAccount, amount = 0): { spent: number; resetsAt: number } {
  return { spent: window.spent + window.reserved, resetsAt: window.resetsAtMs(amount) };
}

function usd(amount: number): string {
  return `${amount.toFixed(amount !== 0 && Math.abs(amount) < 0.01 ? 6 : 2)} USD`;
}
