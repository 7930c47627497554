/**
 * What several processes keep together: accounts of limits and budgets, and until when somebody is to be left alone.
 *
 * Three operations, each atomic, each of which may be repeated without harm: a reply can be lost after the store has
 * acted. Time is the store's own, so that the clocks of processes may differ.
 */
export interface StateStore {
  /**
   * Takes an amount from an account if it has as much, and says when it may if it has not.
   *
   * @returns rejects when the store cannot be asked; then nothing is known
   */
  take(take: Take): Promise<Taken>;
  /**
   * Ends what was taken, with what it really came to; 0 gives all of it back. Unknown ids are ignored: they were
   * settled already, or are over.
   */
  settle(account: Account, id: string, amount: number): Promise<void>;
  /**
   * Says that a name is to be left alone for so many milliseconds, which never shortens what was said before; with 0
   * it only asks.
   *
   * @returns how long it is to be left alone, in milliseconds
   */
  mark(name: string, forMs: number): Promise<number>;
}

/** An account: what it is called, and how much it holds. Amounts are whole numbers of at least 0. */
export interface Account {
  /** Unique among accounts. Any text: tenants name themselves as they like. */
  readonly name: string;
  readonly limit: number;
  readonly span: AccountSpan;
}

/** Over what time an account adds up. */
export type AccountSpan =
  /** So many milliseconds back from now. In any such time at most the limit is taken. */
  | { readonly kind: 'rolling'; readonly windowMs: number }
  /**
   * Since the last of these moments, in epoch milliseconds: the store's clock tells which one that is. Three are
   * enough, around the moment that the caller takes for now.
   */
  | { readonly kind: 'periods'; readonly starts: readonly number[] }
  /** What is under way: each comes back when it is settled, or by itself at the end of its lease. */
  | { readonly kind: 'under_way' };

/** One taking. */
export interface Take {
  readonly account: Account;
  /** Of the caller's making. Taking twice by one id takes once, also when it was settled in between. */
  readonly id: string;
  readonly amount: number;
  /** After which time nobody will settle it any more, in milliseconds: what was taken is then spent. */
  readonly leaseMs: number;
  /**
   * What the caller has last heard of the account. A store that has lost its memory begins from there, so that
   * nobody's spending is forgotten; not for what is under way, which would never come back.
   */
  readonly known?: Known | undefined;
}

/** An account as a caller has last heard of it. */
export interface Known {
  /** The store's mark of its memory: another one says that the memory was lost in between. */
  readonly memory: string;
  readonly total: number;
  /**
   * Where the store booked last: a sixtieth of a window, or the start of a period, by its clock. What is over by then
   * is not known any more. @default where it books now
   */
  readonly slot?: number | undefined;
}

/** What became of a taking. */
export interface Taken extends Known {
  readonly granted: boolean;
  /** When it may be granted at the earliest, in milliseconds from now; 0 when it was. */
  readonly waitMs: number;
}

/** How long an id is remembered that was settled, in milliseconds: a take that is repeated late takes nothing. */
export const SETTLED_MS = 30_000;

/** How soon it is worth asking again for what is under way, in milliseconds: it may come back at any moment. */
export const UNDER_WAY_MS = 100;

/** Parts of a rolling window that are forgotten together, a sixtieth late: never early. */
export const SLOTS = 60;
