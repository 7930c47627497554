/** Over what time spending adds up: so many milliseconds back from now, or since the last boundary, in UTC. */
export type SpendingSpan =
  | { readonly rollingMs: number }
  | { readonly calendar: 'hour' | 'day' | 'week' | 'month' };

/** What one attempt may take at most; handed back once, to `settle`. */
export interface SpendingHold {
  readonly amount: number;
}

/** Monotonic and wall clock, in milliseconds. Only calendar spans read the wall. */
export interface SpendingClock {
  readonly nowMs: () => number;
  readonly epochMs: () => number;
}

/** Parts of a rolling span that are forgotten together, a sixtieth late: never early. */
const SLOTS = 60;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** The first Monday of Unix time, in milliseconds: weeks begin on Mondays (ISO 8601). */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/**
 * Spending under a limit, as whole numbers: what is reserved before it is spent can never be spent twice.
 *
 * At any moment what was spent within the span and what is reserved come to no more than the limit, but for holds
 * that were settled for more than they reserved.
 */
export class SpendingWindow {
  readonly #limit: number;
  readonly #span: SpendingSpan;
  readonly #clock: SpendingClock;
  /** Amounts by slot, oldest first; a calendar span has one. */
  #slots: { readonly slot: number; amount: number }[] = [];
  #spent = 0;
  #reserved = 0;
  #period = Number.NEGATIVE_INFINITY;

  /** @param limit - > 0 */
  constructor(limit: number, span: SpendingSpan, clock: SpendingClock) {
    this.#limit = limit;
    this.#span = span;
    this.#clock = clock;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Settled within the span. */
  get spent(): number {
    this.#forget();
    return this.#spent;
  }

  /** Held by attempts that are not over. */
  get reserved(): number {
    return this.#reserved;
  }

  /** As if it had never been used. */
  get isAtRest(): boolean {
    return this.#reserved === 0 && this.spent === 0;
  }

  /** Whether so much more would stay within the limit. */
  hasRoom(amount: number): boolean {
    return this.spent + this.#reserved + amount <= this.#limit;
  }

  /** Holds it, whether or not there is room: who holds under several limits asks all of them first. */
  reserve(amount: number): SpendingHold {
    this.#reserved += amount;
    return { amount };
  }

  /** Ends a hold with what was really spent, at the time it is known; 0 gives all of it back. */
  settle(hold: SpendingHold, amount: number): void {
    this.#forget();
    this.#reserved -= hold.amount;
    if (amount === 0) return;
    this.#spent += amount;
    const slot = this.#slot();
    const last = this.#slots.at(-1);
    if (last?.slot === slot) last.amount += amount;
    else this.#slots.push({ slot, amount });
  }

  /** When there is room for it at the earliest, in epoch milliseconds, if nothing more is spent until then. */
  resetsAtMs(amount: number): number {
    const { epochMs, nowMs } = this.#clock;
    if ('calendar' in this.#span)
      return this.hasRoom(amount) ? epochMs() : endOf(this.#span.calendar, epochMs());
    let over = this.spent + this.#reserved + amount - this.#limit;
    const slotMs = this.#span.rollingMs / SLOTS;
    let untilMs = 0;
    for (const { slot, amount: gone } of this.#slots) {
      if (over <= 0) break;
      over -= gone;
      untilMs = (slot + SLOTS + 1) * slotMs - nowMs();
    }
    return Math.ceil(epochMs() + Math.max(0, untilMs));
  }

  #slot(): number {
    return 'calendar' in this.#span ? 0 : Math.floor(this.#clock.nowMs() / (this.#span.rollingMs / SLOTS));
  }

  #forget(): void {
    if ('calendar' in this.#span) {
      const period = startOf(this.#span.calendar, this.#clock.epochMs());
      // A wall clock that steps back into a period that is over resets nothing.
      if (period > this.#period && this.#spent !== 0) this.#clear();
      this.#period = period;
      return;
    }
    const oldest = this.#slot() - SLOTS;
    while (this.#slots[0] && this.#slots[0].slot < oldest) this.#spent -= this.#slots.shift()?.amount ?? 0;
  }

  #clear(): void {
    this.#slots = [];
    this.#spent = 0;
  }
}

/** The last boundary, in epoch milliseconds. */
export function startOf(unit: 'hour' | 'day' | 'week' | 'month', epochMs: number): number {
  const of = (lengthMs: number, offsetMs: number): number =>
    Math.floor((epochMs - offsetMs) / lengthMs) * lengthMs + offsetMs;
  switch (unit) {
    case 'hour':
      return of(HOUR_MS, 0);
    case 'day':
      return of(DAY_MS, 0);
    case 'week':
      return of(WEEK_MS, FIRST_MONDAY_MS);
    case 'month': {
      const date = new Date(epochMs);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    }
  }
}

/** The next boundary, in epoch milliseconds. */
export function endOf(unit: 'hour' | 'day' | 'week' | 'month', epochMs: number): number {
  if (unit !== 'month') return startOf(unit, epochMs) + { hour: HOUR_MS, day: DAY_MS, week: WEEK_MS }[unit];
  const date = new Date(epochMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
