import type { Account, Known, StateStore } from './state-store.ts';

/** A claim, or the end of one, of which the store does not know. */
interface Debt {
  readonly account: Account;
  /** What it came to, or may come to while it is open. */
  amount: number;
  /** The store has booked none of it yet, as far as we know. */
  readonly isNew: boolean;
  /** It may still come to something else. */
  isOpen: boolean;
  isTelling: boolean;
}

/** Ends of claims that are kept one by one. Beyond them they are added up by account. */
const MOST_SINGLE = 1_000;

/** Told at once: more would keep those waiting that ask. */
const CHUNK = 50;

/** How long the store may take what is told of as still open, in milliseconds: no request lives longer by default. */
const TOLD_MS = 600_000;

/** Spending that the store could not be told of, until it can. */
export class OwedSpending {
  readonly #store: StateStore;
  /** By the id of the claim, so that what the store has booked all the same is not booked twice. */
  readonly #debts = new Map<string, Debt>();
  /** Open ones that the store has been told of. */
  readonly #told = new Set<string>();
  /** Closed ones among the debts. */
  #closed = 0;
  /** By account; nothing of them is lost, but what the store knew of a claim is booked beside it. */
  readonly #sums = new Map<string, Debt>();

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** A claim was granted without the store: it may come to all of its amount. */
  open(account: Account, id: string, amount: number): void {
    this.#debts.set(id, { account, amount, isNew: true, isOpen: true, isTelling: false });
  }

  /**
   * An open claim came to something.
   *
   * @param isUnheard - the store may have granted it as well
   * @returns whether the store has been told of it meanwhile, so that it is to be settled there
   */
  close(id: string, amount: number, isUnheard: boolean): boolean {
    const debt = this.#debts.get(id);
    if (!debt) return this.#told.delete(id);
    debt.amount = amount;
    debt.isOpen = false;
    // Who is just telling of it sees to the rest.
    if (debt.isTelling) return false;
    if (amount === 0 && !isUnheard) this.#debts.delete(id);
    else this.#keep(id, debt);
    return false;
  }

  /** What a claim came to that the store has booked otherwise; of too many it is left as it is booked. */
  correct(account: Account, id: string, amount: number): void {
    if (this.#closed >= MOST_SINGLE) return;
    this.#closed += 1;
    this.#debts.set(id, { account, amount, isNew: false, isOpen: false, isTelling: false });
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
   * @param learn - what the store says of it
   */
  async tell(
    knownOf: (account: Account) => Known | undefined,
    learn: (account: Account, known: Known) => void,
  ): Promise<void> {
    for (const debt of this.#sums.values()) this.#debts.set(crypto.randomUUID(), debt);
    this.#closed += this.#sums.size;
    this.#sums.clear();
    const due = [...this.#debts].filter(([, { isTelling }]) => !isTelling);
    for (let from = 0; from < due.length; from += CHUNK) {
      const told = due.slice(from, from + CHUNK).map(([id, debt]) => this.#tellOne(id, debt, knownOf, learn));
      const failed = (await Promise.allSettled(told)).find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
    }
  }

  async #tellOne(
    id: string,
    debt: Debt,
    knownOf: (account: Account) => Known | undefined,
    learn: (account: Account, known: Known) => void,
  ): Promise<void> {
    const { account, amount } = debt;
    debt.isTelling = true;
    const wasOpen = debt.isOpen;
    try {
      // It is spent already, so whatever the limit is.
      const anyway = { ...account, limit: Number.MAX_VALUE };
      learn(
        account,
        await this.#store.take({ account: anyway, id, amount, leaseMs: TOLD_MS, known: knownOf(account) }),
      );
      if (debt.isOpen) this.#told.add(id);
      else await this.#store.settle(account, id, debt.amount);
      this.#debts.delete(id);
      if (!wasOpen) this.#closed -= 1;
    } finally {
      debt.isTelling = false;
      if (wasOpen && !debt.isOpen && this.#debts.has(id)) this.#keep(id, debt);
    }
  }

  /** One that is closed, by itself or in its sum. */
  #keep(id: string, debt: Debt): void {
    if (this.#closed < MOST_SINGLE) {
      this.#closed += 1;
      return;
    }
    this.#debts.delete(id);
    const { account, amount } = debt;
    const before = this.#sums.get(account.name)?.amount ?? 0;
    this.#sums.set(account.name, { ...debt, amount: before + amount });
  }
}
