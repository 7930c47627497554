interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** Timers on a clock that somebody else moves. */
export class TimerQueue {
  nowMs = 0;
  /** How often a timer was armed, fired or taken back: equal twice means that nothing happened in between. */
  changes = 0;
  /** In order of time, equals in order of arming. */
  readonly #timers: Timer[] = [];

  /** In how many milliseconds each timer fires, soonest first. */
  get pending(): readonly number[] {
    return this.#timers.map(({ dueMs }) => dueMs - this.nowMs);
  }

  /** @returns takes the timer back */
  add(callback: () => void, delayMs: number): () => void {
    // Whole milliseconds, as Node's own: a rest of 1e-13 would be armed again and again, and never pass.
    const timer = { dueMs: this.nowMs + Math.max(0, Math.ceil(delayMs)), callback };
    const after = this.#timers.findIndex(({ dueMs }) => dueMs > timer.dueMs);
    this.#timers.splice(after < 0 ? this.#timers.length : after, 0, timer);
    this.changes++;
    return () => this.#remove(timer);
  }

  /** Fires the soonest timer, at its moment, unless that lies beyond `endMs`. @returns whether there was one */
  fireNext(endMs: number): boolean {
    const [next] = this.#timers;
    if (!next || next.dueMs > endMs) return false;
    this.nowMs = Math.max(this.nowMs, next.dueMs);
    this.#remove(next);
    next.callback();
    return true;
  }

  #remove(timer: Timer): void {
    const index = this.#timers.indexOf(timer);
    if (index < 0) return;
    this.#timers.splice(index, 1);
    this.changes++;
  }
}
