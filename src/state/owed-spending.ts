import type { Account, Known, StateStore } from './state-store.ts';

/** One end of a claim of which the store does not know. */
interface Debt {
  readonly account: Account;
  readonly amount: number;
  /** The store has booked none of it yet, as far as we know. */
  readonly isNew: boolean;
}

/** Debts that are kept one by one. Beyond them they are added up by account. */
const MOST_SINGLE = 1_000;

/** How long the store remembers that a debt was told, in milliseconds, so that telling it again books it once. */
const TOLD_MS = 60_000;

/** Spending that the store could not be told of, until it can. */
export class OwedSpending {
  readonly #store: StateStore;
  /** By the id of the claim, so that what the store has booked all the same is not booked twice. */
  #debts = new Map<string, Debt>();
  /** By account; nothing of them is lost, but what the store knew of a claim is booked beside it. */
  #sums = new Map<string, Debt>();

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** @param amount - what a claim came to of which the store has not heard, or not said so */
  add(account: Account, id: string, amount: number): void {
    if (this.#debts.size < MOST_SINGLE) this.#debts.set(id, { account, amount, isNew: true });
    else this.#addUp(account, amount);
  }

  /** @param amount - what a claim came to that the store has booked otherwise; too many are left as they are booked */
  correct(account: Account, id: string, amount: number): void {
    if (this.#debts.size < MOST_SINGLE) this.#debts.set(id, { account, amount, isNew: false });
  }

  /** What is owed to an account, beyond what it has booked. */
  of(name: string): number {
    let sum = this.#sums.get(name)?.amount ?? 0;
    for (const { account, amount, isNew } of this.#debts.values()) {
      if (isNew && account.name === name) sum += amount;
    }
    return sum;
  }

  /**
   * Tells the store all of it. What it does not take stays owed.
   *
   * @param knownOf - of an account, when the store was there
   */
  async tell(knownOf: (name: string) => Known | undefined): Promise<void> {
    const [debts, sums] = [this.#debts, this.#sums];
    this.#debts = new Map();
    this.#sums = new Map();
    for (const [, debt] of sums) debts.set(crypto.randomUUID(), debt);
    const told = [...debts].map(async ([id, debt]) => {
      const { account, amount } = debt;
      try {
        // It is spent already, so whatever the limit is.
        const anyway = { ...account, limit: Number.MAX_SAFE_INTEGER };
        await this.#store.take({
          account: anyway,
          id,
          amount,
          leaseMs: TOLD_MS,
          known: knownOf(account.name),
        });
        await this.#store.settle(account, id, amount);
      } catch (error) {
        this.#debts.set(id, debt);
        throw error;
      }
    });
    const failed = (await Promise.allSettled(told)).find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #addUp(account: Account, amount: number): void {
    if (amount === 0) return;
    const before = this.#sums.get(account.name)?.amount ?? 0;
    this.#sums.set(account.name, { account, amount: before + amount, isNew: true });
  }
}
