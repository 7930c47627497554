import { describe, expect, it } from 'vitest';
import { BudgetAccounts } from '../../src/pool/budget-account.ts';
import { attemptContext, requestContext } from '../contexts.ts';

const clock = { nowMs: () => 0, epochMs: () => 0 };
const of = (tenant: string) => attemptContext({ request: requestContext({ tenant }) });

describe('the accounts of a budget', () => {
  it('are made when they are first booked to, and are the same from then on', () => {
    const accounts = new BudgetAccounts({ limitUsd: 2, window: 'day', per: 'tenant' }, clock);
    expect(accounts.all).toEqual([]);
    const account = accounts.accountOf(of('a'));
    expect(accounts.accountOf(of('a'))).toBe(account);
    expect(account?.window.limit).toBe(2_000_000_000);
  });

  it('are named by scope and window, or as one likes', () => {
    const name = (facts: object) => new BudgetAccounts({ limitUsd: 1, window: 'week', ...facts }, clock).name;
    expect(name({})).toBe('pool per week');
    expect(name({ per: { label: 'team' }, window: { rollingMs: 5_000 } })).toBe('team per 5000 ms');
    expect(name({ name: 'mine' })).toBe('mine');
  });

  it('are forgotten when they are at rest and many have come', () => {
    const accounts = new BudgetAccounts({ limitUsd: 1, window: 'day', per: 'tenant' }, clock);
    const busy = accounts.accountOf(of('busy'));
    busy?.window.reserve(1);
    for (let index = 0; index < 1_000; index += 1) accounts.accountOf(of(`t${index}`));
    expect(accounts.all.length).toBeLessThan(10);
    expect(accounts.accountOf(of('busy'))).toBe(busy);
  });
});
