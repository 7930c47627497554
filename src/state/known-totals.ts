import type { Account, Known } from './state-store.ts';

/** Accounts that are remembered: callers name tenants as they like. */
const MOST = 10_000;

interface Heard {
  readonly known: Known;
  /** By the clock of this process, in epoch milliseconds. */
  readonly atMs: number;
}

/** What was last heard of each account: what all processes have taken of it. */
export class KnownTotals {
  readonly #epochMs: () => number;
  readonly #heard = new Map<string, Heard>();

  constructor(epochMs: () => number) {
    this.#epochMs = epochMs;
  }

  /** As the store said it, for the store: it tells by its own clock what is over. */
  told({ name }: Account): Known | undefined {
    return this.#heard.get(name)?.known;
  }

  /** What still counts by the clock of this process: 0 where the window or the period is over. */
  totalNow({ name, span }: Account): number {
    const heard = this.#heard.get(name);
    if (!heard) return 0;
    const now = this.#epochMs();
    const isOver =
      span.kind === 'rolling'
        ? now - heard.atMs >= span.windowMs
        : span.kind === 'periods' && span.starts.some((start) => start > heard.atMs && start <= now);
    return isOver ? 0 : heard.known.total;
  }

  learn({ name }: Account, { memory, total, slot }: Known): void {
    // The newest come last, so that the first is the one to forget.
    this.#heard.delete(name);
    this.#heard.set(name, { known: { memory, total, slot }, atMs: this.#epochMs() });
    if (this.#heard.size <= MOST) return;
    for (const oldest of this.#heard.keys()) {
      this.#heard.delete(oldest);
      return;
    }
  }

  /** A claim that is counted in it came to something else. */
  correct({ name }: Account, difference: number): void {
    const heard = this.#heard.get(name);
    if (!heard) return;
    const known = { ...heard.known, total: heard.known.total + difference };
    this.#heard.set(name, { ...heard, known });
  }
}
