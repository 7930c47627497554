import type { Known } from './state-store.ts';

/** Accounts that are remembered: callers name tenants as they like. */
const MOST = 10_000;

/** What was last heard of each account: what all processes have taken of it. */
export class KnownTotals {
  readonly #known = new Map<string, Known>();

  of(name: string): Known | undefined {
    return this.#known.get(name);
  }

  learn(name: string, { memory, total }: Known): void {
    // The newest come last, so that the first is the one to forget.
    this.#known.delete(name);
    this.#known.set(name, { memory, total });
    if (this.#known.size <= MOST) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  /** A claim that is counted in it came to something else. */
  correct(name: string, difference: number): void {
    const known = this.#known.get(name);
    if (known) this.#known.set(name, { ...known, total: known.total + difference });
  }
}
