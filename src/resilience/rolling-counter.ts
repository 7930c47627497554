/**
 * Counts over a sliding window in constant memory and time; forgets slot by slot.
 *
 * With the current slot only partly gone by, the total covers between `(slots - 1) · slotMs` and
 * `slots · slotMs`: whoever needs a bound chooses the number of slots accordingly.
 */
export class RollingCounter {
  readonly #counts: Uint32Array;
  readonly #slotMs: number;
  /** Index of the current slot since the clock's zero. */
  #current = 0;
  #total = 0;

  constructor(slots: number, slotMs: number) {
    this.#counts = new Uint32Array(slots);
    this.#slotMs = slotMs;
  }

  /** Counts one. `nowMs` never runs backwards. */
  add(nowMs: number): void {
    this.#advance(nowMs);
    this.#counts[this.#current % this.#counts.length]! += 1;
    this.#total += 1;
  }

  /** What was counted within the window that ends now. */
  total(nowMs: number): number {
    this.#advance(nowMs);
    return this.#total;
  }

  /** Forgets everything. */
  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  #advance(nowMs: number): void {
    const target = Math.floor(nowMs / this.#slotMs);
    // After a long silence everything is old, and walking slot by slot would take as long as the silence.
    if (target - this.#current >= this.#counts.length) {
      this.clear();
      this.#current = target;
    }
    while (this.#current < target) {
      this.#current += 1;
      const slot = this.#current % this.#counts.length;
      this.#total -= this.#counts[slot]!;
      this.#counts[slot] = 0;
    }
  }
}
