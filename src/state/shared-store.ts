import type { StartTimer } from '../resilience/timing.ts';
import { type Claim, LocalShare } from './local-share.ts';
import { OwedSpending } from './owed-spending.ts';
import type { Known, StateStore, Taken } from './state-store.ts';

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

/** How long the store is not asked once it has failed, in milliseconds. */
const AWAY_MS = 5_000;

/** How long `close` waits for what is still on its way, in milliseconds. */
const CLOSE_MS = 1_000;

/** Accounts whose last total is remembered: callers name tenants as they like. */
const MOST_KNOWN = 10_000;

const NOTHING_TAKEN: Omit<Taken, 'granted' | 'waitMs'> = { total: 0, memory: '' };

/**
 * The store as requests see it: asked with a time limit, and not at all while it is away.
 *
 * A store that fails, or is late once, is away for 5 s. The first request after that has it looked for in the
 * background, so that no request waits twice. What is settled is never waited for.
 */
export class SharedStore {
  readonly #parts: SharedStoreParts;
  readonly #share: LocalShare;
  readonly #known = new Map<string, Known>();
  readonly #owed: OwedSpending;
  /** Asked for, and not heard of in time: the store may have granted them. */
  readonly #unheard = new WeakSet<Claim>();
  readonly #onTheirWay = new Set<Promise<unknown>>();
  readonly #name = `probe/${crypto.randomUUID()}`;
  #lostMs: number | undefined;
  #askAgainMs = 0;
  #isLooking = false;

  constructor(parts: SharedStoreParts) {
    this.#parts = parts;
    this.#share = new LocalShare(parts.expectedProcesses, parts.epochMs);
    this.#owed = new OwedSpending(parts.store);
  }

  get isAway(): boolean {
    return this.#lostMs !== undefined;
  }

  /** What was last heard of an account: what all processes have taken of it. */
  totalOf(name: string): number | undefined {
    return this.#known.get(name)?.total;
  }

  /** @returns never rejects: in the absence of the store, as `onFailure` says */
  async ask(question: Question): Promise<Answer> {
    if (this.isAway) {
      this.#look();
      return this.#askLocally(question);
    }
    const { claims, marks } = question;
    const { store } = this.#parts;
    const taking = claims.map(async (claim) =>
      store.take({ ...claim, known: this.#known.get(claim.account.name) }),
    );
    const asking = marks.map(async (name) => store.mark(name, 0));
    try {
      const [taken, left] = await this.#inTime(Promise.all([Promise.all(taking), Promise.all(asking)]));
      taken.forEach((each, index) => {
        this.#learn(claims[index], each);
      });
      return { taken, marks: left, isLocal: false };
    } catch (error) {
      this.#lose(error);
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
    this.#correct(account.name, amount - claim.amount);
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
    const { onFailure, nowMs } = this.#parts;
    const waitMs = Math.max(1, Math.ceil(this.#askAgainMs - nowMs()));
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
    const known = this.#known.get(name);
    return { memory: known?.memory ?? '', total: (known?.total ?? 0) + this.#owed.of(name) };
  }

  #tellOwed(): void {
    this.#send(this.#owed.tell((name) => this.#known.get(name)));
  }

  #learn(claim: Claim | undefined, { memory, total }: Taken): void {
    if (!claim) return;
    const { name } = claim.account;
    // The newest come last, so that the first is the one to forget.
    this.#known.delete(name);
    this.#known.set(name, { memory, total });
    if (this.#known.size <= MOST_KNOWN) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  /** What was heard counts a claim as it was made. */
  #correct(name: string, difference: number): void {
    const known = this.#known.get(name);
    if (known) this.#known.set(name, { ...known, total: known.total + difference });
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
        this.#lose(error);
      },
    );
    this.#onTheirWay.add(watched);
  }

  async #inTime<Result>(asked: Promise<Result>): Promise<Result> {
    const { timeoutMs, startTimer } = this.#parts;
    let stop: (() => void) | undefined;
    let grace: NodeJS.Immediate | undefined;
    const late = new Promise<never>((_, reject) => {
      // Where the loop was busy past the time the answer may be there unseen (H9): after one turn it has been read.
      stop = startTimer(() => {
        grace = setImmediate(() => reject(new Error(`no answer within ${timeoutMs} ms`)));
      }, timeoutMs);
    });
    try {
      return await Promise.race([asked, late]);
    } finally {
      stop?.();
      clearImmediate(grace);
    }
  }

  #lose(error: unknown): void {
    if (this.isAway) return;
    this.#lostMs = this.#parts.nowMs();
    this.#askAgainMs = this.#lostMs + AWAY_MS;
    this.#share.begin();
    this.#parts.onLost(error instanceof Error ? error.message : String(error));
  }

  /** Whether it is there again, asked by a write: a replica that cannot write is of no use. */
  #look(): void {
    const { nowMs, store } = this.#parts;
    if (this.#isLooking || nowMs() < this.#askAgainMs) return;
    this.#isLooking = true;
    const looked = async (): Promise<void> => {
      await this.#inTime(store.mark(this.#name, 1));
    };
    void looked()
      .then(
        () => this.#recover(),
        () => {
          this.#askAgainMs = nowMs() + AWAY_MS;
        },
      )
      .finally(() => {
        this.#isLooking = false;
      });
  }

  #recover(): void {
    const lostMs = this.#lostMs ?? 0;
    this.#lostMs = undefined;
    this.#parts.onRecovered(this.#parts.nowMs() - lostMs);
    this.#tellOwed();
  }
}
