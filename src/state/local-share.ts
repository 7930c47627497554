import { memoryStore } from './memory-store.ts';
import type { Account, Known, StateStore, Take, Taken } from './state-store.ts';

/** One taking, and whether it is of money: what was spent while the store was away is told to it later. */
export interface Claim extends Take {
  readonly isMoney: boolean;
}

/**
 * What one process allows itself while the store is away: its part of each limit, and of a budget its part of what
 * was left when it was last heard of.
 *
 * Limits are remembered from one absence to the next, so that a store that comes and goes does not renew them.
 */
export class LocalShare {
  readonly #processes: number;
  readonly #nowMs: () => number;
  readonly #limits: StateStore;
  #money: StateStore;
  /** What each budget had come to when it was first asked for in this absence. */
  readonly #before = new Map<string, number>();

  /**
   * @param processes - that share; >= 1
   * @param nowMs - epoch milliseconds, as the periods of budgets are
   */
  constructor(processes: number, nowMs: () => number) {
    this.#processes = processes;
    this.#nowMs = nowMs;
    this.#limits = memoryStore(nowMs);
    this.#money = memoryStore(nowMs);
  }

  /** The store has gone away just now. */
  begin(): void {
    this.#money = memoryStore(this.#nowMs);
    this.#before.clear();
  }

  /** @param totalOf - the account, as far as this process knows */
  take(claim: Claim, totalOf: () => number): Promise<Taken> {
    const { account, isMoney } = claim;
    if (!isMoney) {
      const limit = Math.max(1, Math.floor(account.limit / this.#processes));
      // What is larger than the part must not be shut out for as long as the store is away.
      const amount = Math.min(claim.amount, limit);
      return this.#limits.take({ ...claim, amount, account: { ...account, limit } });
    }
    // Another period is another budget.
    const budget =
      account.span.kind === 'periods' ? `${Math.max(...account.span.starts)}/${account.name}` : account.name;
    const total = this.#before.get(budget) ?? totalOf();
    this.#before.set(budget, total);
    const part = Math.floor(Math.max(0, account.limit - total) / this.#processes);
    const known: Known = { memory: '', total };
    return this.#money.take({ ...claim, account: { ...account, limit: total + part }, known });
  }

  settle(account: Account, isMoney: boolean, id: string, amount: number): Promise<void> {
    return (isMoney ? this.#money : this.#limits).settle(account, id, amount);
  }
}
