import type { Claim, Priority } from './fair-queue.ts';
import { realTimer, type StartTimer } from './timing.ts';

/** Who wants something that has to be waited for. */
export interface Waiting {
  readonly tenant: string;
  readonly priority: Priority;
  /** How long it will wait, in milliseconds; 0 for not at all. */
  readonly waitMs: number;
  /** Its number among those that had been let through in vain. @default it comes for the first time */
  readonly returning?: number | undefined;
  /** Tells once that it is wanted no more, at once if it has come to that. @returns stops telling */
  readonly onCancel: (listener: (reason: unknown) => void) => () => void;
}

/** One in a queue: settled once, by whoever comes first. Holds a timer and a listener until then, and not after. */
export class Waiter<Entry extends Waiting, Outcome> implements Claim {
  readonly entry: Entry;
  readonly cost: number;
  readonly outcome: Promise<Outcome>;
  #resolve: (outcome: Outcome) => void = () => {};
  #reject: (reason: unknown) => void = () => {};
  readonly #startTimer: StartTimer;
  #stopTimer: (() => void) | undefined;
  /** The turn of grace that a due timer gives the event loop. */
  #grace: NodeJS.Immediate | undefined;
  #unhook: (() => void) | undefined;

  constructor(entry: Entry, cost: number, startTimer: StartTimer = realTimer) {
    this.#startTimer = startTimer;
    this.entry = entry;
    this.cost = cost;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get tenant(): string {
    return this.entry.tenant;
  }

  get returning(): number | undefined {
    return this.entry.returning;
  }

  get priority(): Priority {
    return this.entry.priority;
  }

  /**
   * Begins to wait.
   *
   * @param onExpire - it has waited for as long as it would; `settle` is up to whoever is told
   * @param onLeave - it was wanted no more, and has gone
   */
  start(onExpire: () => void, onLeave: () => void): void {
    // Where the loop was busy past the time, what is waited for may be there unseen (H9): sockets are read between
    // timers and immediates, so after one turn it has been seen.
    this.#stopTimer = this.#startTimer(() => {
      this.#grace = setImmediate(onExpire);
    }, this.entry.waitMs);
    this.#unhook = this.entry.onCancel((reason) => {
      this.#letGo();
      this.#reject(reason);
      onLeave();
    });
  }

  settle(outcome: Outcome): void {
    this.#letGo();
    this.#resolve(outcome);
  }

  #letGo(): void {
    this.#stopTimer?.();
    clearImmediate(this.#grace);
    this.#unhook?.();
  }
}
