import type { Account, Known } from './state-store.ts';

/** Accounts that are remembered: callers name tenants as they like. */
const MOST = 10_000;

interface Heard extends Known {
  /** In epoch milliseconds. */
  readonly atMs: number;
}

/** What was last heard of each account: what all processes have taken of it. */
export class KnownTotals {
  readonly #epochMs: () => number;
  readonly #heard = new Map<string, Heard>();

  constructor(epochMs: () => number) {
    this.#epochMs = epochMs;
  }

  /** Nothing where what was heard is about a window, or a period, that is over. */
  of({ name, span }: Account): Known | undefined {
    const heard = this.#heard.get(name);
    if (!heard) return undefined;
    const now = this.#epochMs();
    const isOver =
      span.kind === 'rolling'
        ? now - heard.atMs >= span.windowMs
        : span.kind === 'periods' && span.starts.some((start) => start > heard.atMs && start <= now);
    return isOver ? undefined : { memory: heard.memory, total: heard.total };
  }

  learn({ name }: Account, { memory, total }: Known): void {
    // The newest come last, so that the first is the one to forget.
    this.#heard.delete(name);
    this.#heard.set(name, { memory, total, atMs: this.#epochMs() });
    if (this.#heard.size <= MOST) return;
    for (const oldest of this.#heard.keys()) {
      this.#heard.delete(oldest);
      return;
    }
  }

  /** A claim that is counted in it came to something else. */
  correct({ name }: Account, difference: number): void {
    const heard = this.#heard.get(name);
    if (heard) this.#heard.set(name, { ...heard, total: heard.total + difference });
  }
}
