import { ConfigError } from '../errors/index.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import { type SpendingClock, type SpendingSpan, SpendingWindow } from '../resilience/spending-window.ts';
import { type Budget, type BudgetScope, limitUsdShape } from './budget-options.ts';

/** Accounts remembered before those at rest are looked for and forgotten. */
const FEW = 1_000;

/** Whole nanodollars, so that sums are exact. */
const NANO = 1e9;

/** What one budget says of all its accounts. */
export interface BudgetTerms {
  /** What errors and events call it. */
  readonly name: string;
  /** What it is for: `pool`, `tenant`, … or `label` and its name. */
  readonly scope: string;
  /** Share of the limit at which it is told of. */
  readonly warnAt: number;
  readonly refusesUnpriced: boolean;
}

/** The spending of one tenant, key or whatever its budget is for. */
export interface BudgetAccount {
  readonly budget: BudgetTerms;
  /** Which one; empty for that of the whole pool. */
  readonly of: string;
  readonly window: SpendingWindow;
  /** Over what time it adds up; none for the account of one request alone. */
  readonly span?: SpendingSpan;
  /** The threshold of this window was told of. */
  warned: boolean;
}

/** One budget: an account for each of those it is for, made when it comes and forgotten once it is at rest. */
export class BudgetAccounts implements BudgetTerms {
  readonly name: string;
  readonly scope: string;
  readonly warnAt: number;
  readonly refusesUnpriced: boolean;
  readonly #budget: Budget;
  readonly #clock: SpendingClock;
  readonly #known = new Map<string, BudgetAccount | undefined>();
  #tidyAt = FEW;

  constructor(budget: Budget, clock: SpendingClock) {
    this.#budget = budget;
    this.#clock = clock;
    this.name = budget.name ?? nameOf(budget);
    this.scope = scopeOf(budget);
    this.warnAt = budget.warnAt ?? 0.8;
    this.refusesUnpriced = budget.unpriced !== 'allow';
  }

  get all(): readonly BudgetAccount[] {
    return [...this.#known.values()].filter((account) => account !== undefined);
  }

  /**
   * The account an attempt is booked to, if this budget is about it.
   *
   * @throws ConfigError when the user's function returns no limit
   */
  accountOf(attempt: AttemptContext): BudgetAccount | undefined {
    const of = bookedTo(this.#budget.per ?? 'pool', attempt);
    if (of === undefined) return undefined;
    if (this.#known.has(of)) return this.#known.get(of);
    const limitUsd = this.#limitUsd(of);
    const made = limitUsd === undefined ? undefined : this.#open(of, limitUsd);
    if (this.#known.size >= this.#tidyAt) this.#tidy();
    this.#known.set(of, made);
    return made;
  }

  #open(of: string, limitUsd: number): BudgetAccount {
    const { window } = this.#budget;
    const span: SpendingSpan = typeof window === 'string' ? { calendar: window } : window;
    return {
      budget: this,
      of,
      window: new SpendingWindow(Math.round(limitUsd * NANO), span, this.#clock),
      span,
      warned: false,
    };
  }

  #limitUsd(of: string): number | undefined {
    const { limitUsd } = this.#budget;
    if (typeof limitUsd === 'number') return limitUsd;
    const parsed = limitUsdShape.safeParse(limitUsd(of));
    if (parsed.success) return parsed.data;
    throw new ConfigError(`cost.budgets: the function of "${this.name}" returned no limit`, {
      param: 'cost.budgets',
    });
  }

  /** Callers name tenants as they like. To look at all of them is paid for by as many that came. */
  #tidy(): void {
    for (const [of, account] of this.#known) if (!account || account.window.isAtRest) this.#known.delete(of);
    this.#tidyAt = Math.max(FEW, this.#known.size * 2);
  }
}

function bookedTo(per: BudgetScope, { request, target }: AttemptContext): string | undefined {
  if (typeof per !== 'string') return request.metadata[per.label];
  switch (per) {
    case 'pool':
      return '';
    case 'tenant':
      return request.tenant;
    case 'provider':
      return target.provider.name;
    case 'key':
      // The label without the model names the key. One of the caller's own is none of ours.
      return request.apiKey ? undefined : target.label.slice(0, -target.model.length - 1);
  }
}

/** Tells the account of a budget apart from all others, but for those of twins. */
export function identityOf(budget: Budget): string {
  return JSON.stringify([scopeOf(budget), budget.name ?? nameOf(budget), budget.window]);
}

function scopeOf({ per = 'pool' }: Budget): string {
  return typeof per === 'string' ? per : `label/${per.label.length}:${per.label}`;
}

function nameOf({ per = 'pool', window }: Budget): string {
  const whose = typeof per === 'string' ? per : per.label;
  return `${whose} per ${typeof window === 'string' ? window : `${window.rollingMs} ms`}`;
}
