import type { StartTimer } from '../resilience/timing.ts';

/** What it is made from. */
export interface StorePresenceParts {
  /** How long the store is waited for, in milliseconds. */
  readonly timeoutMs: number;
  readonly nowMs: () => number;
  readonly startTimer: StartTimer;
  /** Asks the store for something, by a write: a replica that cannot write is of no use. */
  readonly probe: () => Promise<unknown>;
  readonly onLost: (message: string) => void;
  /** @param awayMs - how long it was away, in milliseconds */
  readonly onRecovered: (awayMs: number) => void;
}

/** How long a store that has failed is not asked, in milliseconds. */
const AWAY_MS = 5_000;

/** Whether a store is there. One that fails, or is late once, is away until somebody who looks for it has found it. */
export class StorePresence {
  readonly #parts: StorePresenceParts;
  #lostMs: number | undefined;
  #lookAgainMs = 0;
  #isLooking = false;

  constructor(parts: StorePresenceParts) {
    this.#parts = parts;
  }

  get isAway(): boolean {
    return this.#lostMs !== undefined;
  }

  /** When it may be there again at the earliest, in milliseconds: whole, at least 1. */
  get awayMs(): number {
    return Math.max(1, Math.ceil(this.#lookAgainMs - this.#parts.nowMs()));
  }

  /** @throws when the store does not answer in time; or what it answered with */
  async inTime<Result>(asked: Promise<Result>): Promise<Result> {
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

  /** It has failed. Told once, until it is there again. */
  lose(error: unknown): void {
    if (this.isAway) return;
    this.#lostMs = this.#parts.nowMs();
    this.#lookAgainMs = this.#lostMs + AWAY_MS;
    this.#parts.onLost(error instanceof Error ? error.message : String(error));
  }

  /** Looks for it, if it is time to: nobody waits for that. */
  look(): void {
    const { nowMs, probe } = this.#parts;
    if (this.#isLooking || nowMs() < this.#lookAgainMs) return;
    this.#isLooking = true;
    const looked = async (): Promise<void> => {
      try {
        await this.inTime(probe());
        this.#recover();
      } catch {
        this.#lookAgainMs = nowMs() + AWAY_MS;
      } finally {
        this.#isLooking = false;
      }
    };
    void looked();
  }

  #recover(): void {
    const lostMs = this.#lostMs ?? 0;
    this.#lostMs = undefined;
    this.#parts.onRecovered(this.#parts.nowMs() - lostMs);
  }
}
