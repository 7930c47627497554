import type { Limiter } from '../resilience/limiter.ts';
import { endOf, startOf } from '../resilience/spending-window.ts';
import type { Account } from '../state/state-store.ts';
import type { BudgetAccount } from './budget-account.ts';

/** What a limit counts. */
export type Counted = 'requests' | 'tokens' | 'permits';

/** One account of a limit that is shared. */
export interface LimitAccount {
  readonly counts: Counted;
  readonly account: Account;
}

const MINUTE_MS = 60_000;

/**
 * The accounts of a limit.
 *
 * @param whose - unique among limits: `pool`, `tenant/acme`, `provider/anthropic[0]`
 * @param withPermits - also how many are under way at once, where their number is fixed
 */
export function accountsOfLimit({ terms }: Limiter, whose: string, withPermits: boolean): LimitAccount[] {
  const { requestsPerMinute, tokensPerMinute, concurrency } = terms;
  const accounts: LimitAccount[] = [];
  const add = (counts: Counted, limit: number, span: Account['span']): void => {
    accounts.push({ counts, account: { name: `limit/${whose}/${counts}`, limit, span } });
  };
  if (requestsPerMinute !== undefined) add('requests', ...perMinute(requestsPerMinute));
  if (tokensPerMinute !== undefined) add('tokens', ...perMinute(tokensPerMinute));
  if (withPermits && typeof concurrency === 'number') add('permits', concurrency, { kind: 'under_way' });
  return accounts;
}

/** Whole numbers of at least one: half a request a minute is one in two. */
function perMinute(amount: number): [limit: number, span: Account['span']] {
  if (amount < 1) return [1, { kind: 'rolling', windowMs: MINUTE_MS / amount }];
  return [Math.floor(amount), { kind: 'rolling', windowMs: MINUTE_MS }];
}

/** The accounts of budgets: those of calendar spans have other boundaries as time goes by. */
export class MoneyAccounts {
  readonly #epochMs: () => number;
  readonly #known = new WeakMap<BudgetAccount, { readonly account: Account; readonly untilMs: number }>();

  constructor(epochMs: () => number) {
    this.#epochMs = epochMs;
  }

  /** `undefined` for the account of one request alone (`maxCostUsd`). */
  of(budget: BudgetAccount): Account | undefined {
    if (!budget.span) return undefined;
    const now = this.#epochMs();
    const known = this.#known.get(budget);
    if (known && now < known.untilMs) return known.account;
    const made = accountOfBudget(budget, budget.span, now);
    this.#known.set(budget, made);
    return made.account;
  }
}

function accountOfBudget(
  { budget: { name, scope }, of, window }: BudgetAccount,
  span: NonNullable<BudgetAccount['span']>,
  now: number,
): { account: Account; untilMs: number } {
  const { limit } = window;
  const id = (kind: string): string => `budget/${scope}/${kind}/${name.length}:${name}/${of}`;
  if ('rollingMs' in span) {
    const { rollingMs: windowMs } = span;
    const account: Account = { name: id(`${windowMs}`), limit, span: { kind: 'rolling', windowMs } };
    return { account, untilMs: Number.POSITIVE_INFINITY };
  }
  const { calendar: unit } = span;
  const [start, end] = [startOf(unit, now), endOf(unit, now)];
  // The store's clock decides, which may be on the other side of a boundary.
  const starts = [startOf(unit, start - 1), start, end, endOf(unit, end)];
  return { account: { name: id(unit), limit, span: { kind: 'periods', starts } }, untilMs: end };
}
