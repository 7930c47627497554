import { describe, expect, it } from 'vitest';
import type { BudgetAccount } from '../../src/pool/budget-account.ts';
import { accountsOfLimit, MoneyAccounts } from '../../src/pool/shared-accounts.ts';
import { Limiter } from '../../src/resilience/limiter.ts';
import { type SpendingSpan, SpendingWindow } from '../../src/resilience/spending-window.ts';

const now = (): number => 0;

describe('the accounts of a limit', () => {
  it('are one for each thing that it counts, named apart from those of every other limit', () => {
    const limiter = new Limiter({ requestsPerMinute: 600.9, tokensPerMinute: 1e6, concurrency: 7 }, now);
    expect(accountsOfLimit(limiter, 'tenant/acme', true)).toEqual([
      {
        counts: 'requests',
        account: {
          name: 'limit/tenant/acme/requests',
          limit: 600,
          span: { kind: 'rolling', windowMs: 60_000 },
        },
      },
      {
        counts: 'tokens',
        account: {
          name: 'limit/tenant/acme/tokens',
          limit: 1e6,
          span: { kind: 'rolling', windowMs: 60_000 },
        },
      },
      {
        counts: 'permits',
        account: { name: 'limit/tenant/acme/permits', limit: 7, span: { kind: 'under_way' } },
      },
    ]);
  });

  it.each([
    ['not wanted', { concurrency: 7 }, false],
    ['found out by each process', { concurrency: 'adaptive' }, true],
    ['not limited', {}, true],
  ] as const)('leave permits to each process where they are %s', (_, terms, wanted) => {
    expect(accountsOfLimit(new Limiter(terms, now), 'pool', wanted)).toEqual([]);
  });

  it('count whole numbers: half a request a minute is one in two', () => {
    const [only] = accountsOfLimit(new Limiter({ requestsPerMinute: 0.5 }, now), 'pool', false);
    expect(only?.account).toMatchObject({ limit: 1, span: { kind: 'rolling', windowMs: 120_000 } });
  });
});

const noon = Date.UTC(2026, 10, 25, 12);

function budgetOf(span: SpendingSpan | undefined, name = 'n', of = 'o'): BudgetAccount {
  const window = new SpendingWindow(5, span ?? { rollingMs: 1_000 }, { nowMs: now, epochMs: () => noon });
  return {
    budget: { name, scope: 'pool', warnAt: 1, refusesUnpriced: true },
    of,
    window,
    warned: false,
    ...(span && { span }),
  };
}

describe('the accounts of budgets', () => {
  it('of a rolling span stay the same', () => {
    const accounts = new MoneyAccounts(() => noon);
    const budget = budgetOf({ rollingMs: 5_000 });
    expect(accounts.of(budget)).toEqual({
      name: 'budget/pool/5000/1:n/o',
      limit: 5,
      span: { kind: 'rolling', windowMs: 5_000 },
    });
    expect(accounts.of(budget)).toBe(accounts.of(budget));
  });

  it('of a calendar span name the boundaries around now, for a store whose clock is elsewhere (R8)', () => {
    let epochMs = noon;
    const accounts = new MoneyAccounts(() => epochMs);
    const budget = budgetOf({ calendar: 'day' });
    const starts = [24, 25, 26, 27].map((day) => Date.UTC(2026, 10, day));
    expect(accounts.of(budget)?.span).toEqual({ kind: 'periods', starts });
    expect(accounts.of(budget)).toBe(accounts.of(budget));
    epochMs = Date.UTC(2026, 10, 26);
    expect(accounts.of(budget)?.span).toMatchObject({
      starts: expect.arrayContaining([Date.UTC(2026, 10, 28)]),
    });
    expect(accounts.of(budget)?.name).toBe('budget/pool/day/1:n/o');
  });

  it('have names of their own whatever is in those of budgets and tenants (R10)', () => {
    const accounts = new MoneyAccounts(() => noon);
    const names = [
      ['a', 'b/c'],
      ['a/b', 'c'],
      ['a/b/c', ''],
      ['', 'a/b/c'],
      ['1:a', 'b'],
    ].map(([name, of]) => accounts.of(budgetOf({ calendar: 'day' }, name, of))?.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are none for the cap of one call', () => {
    expect(new MoneyAccounts(() => noon).of(budgetOf(undefined))).toBeUndefined();
  });
});
