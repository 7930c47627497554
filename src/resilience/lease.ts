import type { LimitEnding } from './limiter.ts';

/** What one that was let through has to give back. */
export class Lease {
  #giveBack: ((ending: LimitEnding) => void) | undefined;

  constructor(giveBack: (ending: LimitEnding) => void) {
    this.#giveBack = giveBack;
  }

  /** Gives back permits, and tokens beyond those used. The first call counts. */
  end(ending: LimitEnding): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.(ending);
  }
}
