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
  readonly #before = new Map<string, Known>();

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

  /** @param knownOf - of the account, when the store was there */
  take(claim: Claim, knownOf: () => Known): Promise<Taken> {
    const { account, isMoney } = claim;
    if (!isMoney) {
      const limit = Math.max(1, Math.floor(account.limit / this.#processes));
      // What is larger than the part must not be shut out for as long as the store is away.
      const amount = Math.min(claim.amount, limit);
      return this.#limits.take({ ...claim, amount, account: { ...account, limit } });
    }
    const known = this.#before.get(account.name) ?? knownOf();
    this.#before.set(account.name, known);
    const part = Math.floor(Math.max(0, account.limit - known.total) / this.#processes);
    return this.#money.take({ ...claim, account: { ...account, limit: known.total + part }, known });
  }

  settle(account: Account, isMoney: boolean, id: string, amount: number): Promise<void> {
    return (isMoney ? this.#money : this.#limits).settle(account, id, amount);
  }
}
