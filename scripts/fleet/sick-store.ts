import { memoryStore, type StateStore } from '../../src/index.ts';
import type { VirtualClock } from '../../src/testing/index.ts';

/** What ails the store. Shares are of its calls, 0 to 1. */
export interface Sickness {
  /** It stops for `stallMs`, every `stallEveryMs`; what was asked meanwhile is done afterwards. */
  readonly stallEveryMs?: number;
  readonly stallMs?: number;
  /** It acts, and the reply is lost. */
  readonly deaf?: number;
  /** It forgets everything, every so often. */
  readonly forgetEveryMs?: number;
}

/** One store for a whole fleet, as each process sees it: over a wire that takes time and breaks. */
export class SickStore {
  readonly #clock: VirtualClock;
  readonly #sickness: Sickness;
  readonly #random: () => number;
  #store: StateStore;
  #forgotten = 0;
  /** When it stood still, and until when. */
  readonly stalls: (readonly [fromMs: number, untilMs: number])[] = [];
  /** When it forgot, and how much was under way then, as `underWay` says. */
  readonly forgets: { readonly atMs: number; readonly underWay: number }[] = [];
  readonly #underWay: () => number;

  constructor(clock: VirtualClock, sickness: Sickness, random: () => number, underWay: () => number) {
    this.#underWay = underWay;
    this.#clock = clock;
    this.#sickness = sickness;
    this.#random = random;
    // Of its own clock: those of the processes are off.
    this.#store = memoryStore(clock.epochMs);
  }

  /** @param isAlive - a process that has died hears no reply, and what it says does not arrive */
  seenBy(isAlive: () => boolean): StateStore {
    const call = async <Result>(act: (store: StateStore) => Promise<Result>): Promise<Result> => {
      await this.#wire();
      if (!isAlive()) return new Promise<Result>(() => {});
      const result = await act(this.#store);
      if (this.#random() < (this.#sickness.deaf ?? 0)) throw new Error('connection reset');
      await this.#clock.wait(0.2);
      return isAlive() ? result : new Promise<Result>(() => {});
    };
    return {
      take: (take) => call((store) => store.take(take)),
      settle: (account, id, amount) => call((store) => store.settle(account, id, amount)),
      mark: (name, forMs) => call((store) => store.mark(name, forMs)),
    };
  }

  /** The way there, and the wait for a store that stands still. */
  async #wire(): Promise<void> {
    const { stallEveryMs = Number.POSITIVE_INFINITY, stallMs = 0, forgetEveryMs } = this.#sickness;
    await this.#clock.wait(0.2);
    const now = this.#clock.nowMs();
    const intoMs = now % stallEveryMs;
    if (now >= stallEveryMs && intoMs < stallMs) {
      const from = now - intoMs;
      if (this.stalls.at(-1)?.[0] !== from) this.stalls.push([from, from + stallMs]);
      await this.#clock.wait(stallMs - intoMs);
    }
    const round = forgetEveryMs ? Math.floor(this.#clock.nowMs() / forgetEveryMs) : 0;
    if (round <= this.#forgotten) return;
    this.#forgotten = round;
    this.forgets.push({ atMs: this.#clock.nowMs(), underWay: this.#underWay() });
    this.#store = memoryStore(this.#clock.epochMs);
  }
}
