import { RollingCounter } from './rolling-counter.ts';

/** How many retries all requests together may make. */
export interface RetryBudgetOptions {
  /** Retries allowed for each request in the window, in `[0, 1]`. @default 0.1 */
  readonly ratio?: number;
  /** Retries allowed in the window however few requests there are. Integer ≥ 0. @default 30 */
  readonly minimum?: number;
  /** Length of the window, in milliseconds. @default 10_000 */
  readonly windowMs?: number;
}

/** `docs/options.md`, "retry budget": load grows by at most a tenth in an outage. */
export const retryBudgetDefaults: Readonly<Required<RetryBudgetOptions>> = {
  ratio: 0.1,
  minimum: 30,
  windowMs: 10_000,
};

/** Slots in a window: coarse enough to be cheap, fine enough to lose at most 5 % of the requests. */
const SLOTS = 20;

/**
 * Bounds the retries of a whole pool, so that an outage is not multiplied.
 *
 * With any retry, those of the window that ends there are at most max(`ratio` · its requests, `minimum`).
 * Only a second try at the same target draws on it. Failover never does: it moves load, it adds none.
 * The slots are rounded to the safe side: requests are forgotten up to one slot early, retries up to one late.
 *
 * @see Finagle's `RetryBudget` and gRPC proposal A6, which bound the same thing by a bucket
 */
export class RetryBudget {
  readonly #ratio: number;
  readonly #minimum: number;
  readonly #requests: RollingCounter;
  readonly #retries: RollingCounter;
  readonly #nowMs: () => number;

  constructor(options: RetryBudgetOptions, nowMs: () => number) {
    const slotMs = (options.windowMs ?? retryBudgetDefaults.windowMs) / SLOTS;
    this.#ratio = options.ratio ?? retryBudgetDefaults.ratio;
    this.#minimum = options.minimum ?? retryBudgetDefaults.minimum;
    this.#requests = new RollingCounter(SLOTS, slotMs);
    this.#retries = new RollingCounter(SLOTS + 1, slotMs);
    this.#nowMs = nowMs;
  }

  /** Notes a request of a caller, once, however many attempts it takes. */
  countRequest(): void {
    this.#requests.add(this.#nowMs());
  }

  /** Takes leave for one retry. False: none is left, and nothing was taken. */
  takeRetry(): boolean {
    const now = this.#nowMs();
    const allowed = Math.max(this.#ratio * this.#requests.total(now), this.#minimum);
    if (this.#retries.total(now) + 1 > allowed) return false;
    this.#retries.add(now);
    return true;
  }
}
