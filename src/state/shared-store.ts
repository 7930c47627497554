import type { StartTimer } from '../resilience/timing.ts';
import { KnownTotals } from './known-totals.ts';
import { type Claim, LocalShare } from './local-share.ts';
import { OwedSpending } from './owed-spending.ts';
import type { StateStore, Taken } from './state-store.ts';
import { StorePresence } from './store-presence.ts';

/** What to do while the store is away: go by a part of each limit, refuse, or let through. */
export type OnStoreFailure = 'local' | 'reject' | 'open';

/** What it is made from. */
export interface SharedStoreParts {
  readonly store: StateStore;
  /** How long a request waits for the store, in milliseconds. */
  readonly timeoutMs: number;
  readonly expectedProcesses: number;
  readonly onFailure: OnStoreFailure;
  readonly nowMs: () => number;
  readonly epochMs: () => number;
  readonly startTimer: StartTimer;
  readonly onLost: (message: string) => void;
  /** @param awayMs - how long it was away, in milliseconds */
  readonly onRecovered: (awayMs: number) => void;
}

/** What is asked in one round trip. */
export interface Question {
  readonly claims: readonly Claim[];
  /** Names of which it is asked for how long they are to be left alone. */
  readonly marks: readonly string[];
}

/** The answers, in the same order. */
export interface Answer {
  readonly taken: readonly Taken[];
  /** In milliseconds; 0 also where nobody knows. */
  readonly marks: readonly number[];
  /** By this process alone, since the store is away. */
  readonly isLocal: boolean;
}

/** How long `close` waits for what is still on its way, in milliseconds. */
const CLOSE_MS = 1_000;

const NOTHING_TAKEN: Omit<Taken, 'granted' | 'waitMs'> = { total: 0, memory: '' };

const NO_NAMES: readonly string[] = [];

/**
 * The store as requests see it: asked with a time limit, and not at all while it is away.
 *
 * A store that fails, or is late once, is away for 5 s. The first request after that has it looked for in the
 * background, so that no request waits twice. What is settled is never waited for.
 */
export class SharedStore {
  readonly #parts: SharedStoreParts;
  readonly #presence: StorePresence;
  readonly #share: LocalShare;
  readonly #known: KnownTotals;
  readonly #owed: OwedSpending;
  /** Asked for, and not heard of in time: the store may have granted them. */
  readonly #unheard = new WeakSet<Claim>();
  readonly #onTheirWay = new Set<Promise<unknown>>();
  /** What it was asked about when it failed; a name of this process' own where that is not known. */
  #failed: readonly string[] = [`probe/${crypto.randomUUID()}`];

  /** @param before - over the same store: what it knows, and what it has to tell, goes on here */
  constructor(parts: SharedStoreParts, before?: SharedStore) {
    const { store, expectedProcesses, epochMs, onLost, onRecovered } = parts;
    this.#parts = parts;
    this.#share = new LocalShare(expectedProcesses, epochMs);
    this.#known = before ? before.#known : new KnownTotals(epochMs);
    this.#owed = before ? before.#owed : new OwedSpending(store);
    this.#presence = new StorePresence({
      ...parts,
      // In a cluster it may be away for some names only.
      probe: () => Promise.all(this.#failed.map(async (name) => store.mark(name, 1))),
      onLost: (message) => {
        this.#share.begin();
        onLost(message);
      },
      onRecovered: (awayMs) => {
        onRecovered(awayMs);
        this.#tellOwed();
      },
    });
  }

  /** The store behind it. */
  get inner(): StateStore {
    return this.#parts.store;
  }

  get isAway(): boolean {
    return this.#presence.isAway;
  }

  /** @returns never rejects: in the absence of the store, as `onFailure` says */
  async ask(question: Question): Promise<Answer> {
    if (this.isAway) {
      this.#presence.look();
      return this.#askLocally(question);
    }
    const { claims, marks } = question;
    const { store } = this.#parts;
    const taking = claims.map(async (claim) =>
      store.take({ ...claim, known: this.#known.told(claim.account) }),
    );
    const asking = marks.map(async (name) => store.mark(name, 0));
    try {
      const [taken, left] = await this.#presence.inTime(
        Promise.all([Promise.all(taking), Promise.all(asking)]),
      );
      taken.forEach((each, index) => {
        const { account } = claims[index] ?? {};
        if (account) this.#known.learn(account, each);
      });
      return { taken, marks: left, isLocal: false };
    } catch (error) {
      this.#lose(error, [...claims.map(({ account }) => account.name), ...marks]);
      taking.forEach((each, index) => {
        this.#giveBackLate(each, claims[index]);
      });
      return this.#askLocally(question);
    }
  }

  /**
   * Ends a claim with what it really came to.
   *
   * @param isLocal - as its answer said
   */
  settle(claim: Claim, amount: number, isLocal: boolean): void {
    const { account, id, isMoney } = claim;
    const booked = Math.min(amount, Number.MAX_SAFE_INTEGER);
    if (isLocal) {
      void this.#share.settle(account, isMoney, id, booked);
      if (!isMoney) return;
      const isTold = this.#owed.close(id, booked, this.#unheard.has(claim));
      if (!isTold && !this.isAway) this.#tellOwed();
      if (!isTold) return;
    }
    if (booked === claim.amount && account.span.kind !== 'under_way') return;
    this.#known.correct(account, booked - claim.amount);
    const keep = (): void => {
      if (isMoney || account.span.kind === 'under_way') this.#owed.correct(account, id, booked);
    };
    if (this.isAway) keep();
    else this.#send([account.name], this.#parts.store.settle(account, id, booked), keep);
  }

  /** Tells the others that a name is to be left alone for so many milliseconds. */
  mark(name: string, forMs: number): void {
    if (!this.isAway) this.#send([name], this.#parts.store.mark(name, Math.ceil(forMs)));
  }

  /** Waits for what is on its way, a moment at most. The store itself is its owner's to close. */
  async close(): Promise<void> {
    if (!this.isAway) this.#tellOwed();
    const { startTimer } = this.#parts;
    let stop: (() => void) | undefined;
    const late = new Promise<void>((resolve) => {
      stop = startTimer(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.allSettled([...this.#onTheirWay]), late]);
    stop?.();
  }

  async #askLocally({ claims, marks }: Question): Promise<Answer> {
    const { onFailure } = this.#parts;
    const waitMs = this.#presence.awayMs;
    const answerTo = async (claim: Claim): Promise<Taken> => {
      const { account, id, amount, isMoney } = claim;
      const granted = onFailure === 'open';
      const taken =
        onFailure === 'local'
          ? await this.#share.take(claim, () => this.#known.totalNow(account) + this.#owed.of(account.name))
          : { ...NOTHING_TAKEN, granted, waitMs: granted ? 0 : waitMs };
      // The store hears of it when it is back, also while it is under way.
      if (isMoney && (taken.granted || this.#unheard.has(claim))) this.#owed.open(account, id, amount);
      return taken;
    };
    const taken = await Promise.all(claims.map(answerTo));
    return { taken, marks: marks.map(() => 0), isLocal: true };
  }

  #tellOwed(): void {
    const telling = this.#owed.tell(
      (account) => this.#known.told(account),
      (account, known) => this.#known.learn(account, known),
    );
    this.#send(NO_NAMES, telling);
  }

  /** What it grants all the same. Of money the same id is booked again, with what it came to. */
  #giveBackLate(taking: Promise<Taken>, claim: Claim | undefined): void {
    if (!claim) return;
    if (claim.isMoney) {
      this.#unheard.add(claim);
      return;
    }
    const giveBack = async (): Promise<void> => {
      const { granted } = await taking;
      if (granted) await this.#parts.store.settle(claim.account, claim.id, 0);
    };
    // If that fails as well, it counts as taken.
    giveBack().catch(() => {});
  }

  #send(names: readonly string[], sent: Promise<unknown>, onFailure?: () => void): void {
    const watched: Promise<void> = sent.then(
      () => {
        this.#onTheirWay.delete(watched);
      },
      (error) => {
        this.#onTheirWay.delete(watched);
        onFailure?.();
        this.#lose(error, names);
      },
    );
    this.#onTheirWay.add(watched);
  }

  #lose(error: unknown, names: readonly string[]): void {
    if (!this.isAway && names.length > 0) this.#failed = names;
    this.#presence.lose(error);
  }
}
