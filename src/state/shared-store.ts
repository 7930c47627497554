import type { StartTimer } from '../resilience/timing.ts';
import { KnownTotals } from './known-totals.ts';
import { type Claim, LocalShare } from './local-share.ts';
import { OwedSpending } from './owed-spending.ts';
import type { Known, StateStore, Taken } from './state-store.ts';
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
  readonly #known: KnownTotals = new KnownTotals();
  readonly #owed: OwedSpending;
  /** Asked for, and not heard of in time: the store may have granted them. */
  readonly #unheard = new WeakSet<Claim>();
  readonly #onTheirWay = new Set<Promise<unknown>>();

  constructor(parts: SharedStoreParts) {
    const { store, expectedProcesses, epochMs, onLost, onRecovered } = parts;
    const name = `probe/${crypto.randomUUID()}`;
    this.#parts = parts;
    this.#share = new LocalShare(expectedProcesses, epochMs);
    this.#owed = new OwedSpending(store);
    this.#presence = new StorePresence({
      ...parts,
      probe: async () => store.mark(name, 1),
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
      store.take({ ...claim, known: this.#known.of(claim.account.name) }),
    );
    const asking = marks.map(async (name) => store.mark(name, 0));
    try {
      const [taken, left] = await this.#presence.inTime(
        Promise.all([Promise.all(taking), Promise.all(asking)]),
      );
      taken.forEach((each, index) => {
        const { account } = claims[index] ?? {};
        if (account) this.#known.learn(account.name, each);
      });
      return { taken, marks: left, isLocal: false };
    } catch (error) {
      this.#presence.lose(error);
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
    if (isLocal) {
      void this.#share.settle(account, isMoney, id, amount);
      if (!isMoney || (amount === 0 && !this.#unheard.has(claim))) return;
      this.#owed.add(account, id, amount);
      if (!this.isAway) this.#tellOwed();
      return;
    }
    if (amount === claim.amount && account.span.kind !== 'under_way') return;
    this.#known.correct(account.name, amount - claim.amount);
    const keep = (): void => {
      if (isMoney) this.#owed.correct(account, id, amount);
    };
    if (this.isAway) keep();
    else this.#send(this.#parts.store.settle(account, id, amount), keep);
  }

  /** Tells the others that a name is to be left alone for so many milliseconds. */
  mark(name: string, forMs: number): void {
    if (!this.isAway) this.#send(this.#parts.store.mark(name, Math.ceil(forMs)));
  }

  /** Waits for what is on its way, a moment at most, and lets the store go. */
  async close(): Promise<void> {
    if (!this.isAway) this.#tellOwed();
    const { store, startTimer } = this.#parts;
    let stop: (() => void) | undefined;
    const late = new Promise<void>((resolve) => {
      stop = startTimer(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.allSettled([...this.#onTheirWay]), late]);
    stop?.();
    await store.close?.();
  }

  async #askLocally({ claims, marks }: Question): Promise<Answer> {
    const { onFailure } = this.#parts;
    const waitMs = this.#presence.awayMs;
    const answerTo = (claim: Claim): Promise<Taken> | Taken => {
      if (onFailure === 'local')
        return this.#share.take(claim, () => this.#knownWithOwed(claim.account.name));
      const granted = onFailure === 'open';
      return { ...NOTHING_TAKEN, granted, waitMs: granted ? 0 : waitMs };
    };
    const taken = await Promise.all(claims.map(answerTo));
    return { taken, marks: marks.map(() => 0), isLocal: true };
  }

  #knownWithOwed(name: string): Known {
    const known = this.#known.of(name);
    return { memory: known?.memory ?? '', total: (known?.total ?? 0) + this.#owed.of(name) };
  }

  #tellOwed(): void {
    this.#send(this.#owed.tell((name) => this.#known.of(name)));
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

  #send(sent: Promise<unknown>, onFailure?: () => void): void {
    const watched: Promise<void> = sent.then(
      () => {
        this.#onTheirWay.delete(watched);
      },
      (error) => {
        this.#onTheirWay.delete(watched);
        onFailure?.();
        this.#presence.lose(error);
      },
    );
    this.#onTheirWay.add(watched);
  }
}
