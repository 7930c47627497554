import { FairQueue, type Look } from './fair-queue.ts';
import { Lease } from './lease.ts';
import type { Limiter } from './limiter.ts';
import { timerDelay } from './timing.ts';
import { Waiter, type Waiting } from './waiter.ts';

/** The limits to pass: that of a tenant, which keeps back nobody else, and that of all. */
export interface Gates {
  readonly own?: Limiter | undefined;
  readonly shared?: Limiter | undefined;
}

/** Who asks to be let through. */
export interface Entry extends Waiting {
  readonly gates: Gates;
  /** As estimated; reserved until the end. */
  readonly tokens: number;
  /** How long until it is of no use any more to be let through, in milliseconds. @default for ever */
  readonly leftMs?: number;
}

/** Why one was not let through, by whose limit, and when to come back. */
export interface Refusal {
  /** To wait was not wanted, or would have been in vain; too many wait already; has waited in vain. */
  readonly code: 'limit_exceeded' | 'queue_full' | 'queue_timeout';
  readonly gate: keyof Gates;
  /** In milliseconds: whole, at least 1. */
  readonly retryAfterMs: number;
}

type Outcome = Lease | Refusal;

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Lets through what limits allow, and keeps the rest waiting, in order and for a bounded time.
 *
 * Whoever finds room passes at once, without a promise. Nobody overtakes one that waits for the same limit. It has
 * a timer for the next refill and one for each that waits, and none while nobody does.
 */
export class Admission {
  readonly #queue: FairQueue<Waiter<Entry, Outcome>>;
  #timer: NodeJS.Timeout | undefined;
  /** When those that cannot pass now may, in milliseconds from the last look. */
  #refillMs = NEVER;

  /** @param most - how many may wait */
  constructor(most: number) {
    this.#queue = new FairQueue(most);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether one would pass at once. */
  hasRoom({ own, shared }: Gates, tokens: number): boolean {
    return this.#queue.size === 0 && waitOf(own, tokens) === 0 && waitOf(shared, tokens) === 0;
  }

  /** By whose limit one is kept waiting, or would be. */
  heldBy({ own, shared }: Gates, tokens: number): keyof Gates {
    return !shared || waitOf(own, tokens) > 0 ? 'own' : 'shared';
  }

  /** @returns rejects with the reason when it is cancelled while it waits */
  enter(entry: Entry): Outcome | Promise<Outcome> {
    const { gates, tokens, waitMs, leftMs = NEVER } = entry;
    if (this.hasRoom(gates, tokens)) return this.#take(entry);
    const soonestMs = Math.max(gates.own?.soonestMs(tokens) ?? 0, gates.shared?.soonestMs(tokens) ?? 0);
    // Whatever comes back, it could not pass in time: better to know at once.
    const isInVain = soonestMs > waitMs || Math.max(soonestMs, this.#turnMs(entry)) > leftMs;
    return waitMs <= 0 || isInVain ? this.#refuse('limit_exceeded', entry) : this.#wait(entry);
  }

  /** When it would be the turn of one that comes now, at the earliest. */
  #turnMs({ gates: { own, shared }, ...entry }: Entry): number {
    const ahead = this.#queue.aheadOf(entry);
    return Math.max(own?.turnMs(ahead) ?? 0, shared?.turnMs(ahead) ?? 0);
  }

  #wait(entry: Entry): Outcome | Promise<Outcome> {
    const { shared } = entry.gates;
    const waiter = new Waiter<Entry, Outcome>(entry, shared?.countsTokens ? Math.max(1, entry.tokens) : 1);
    const displaced = this.#queue.push(waiter);
    if (displaced === waiter) return this.#refuse('queue_full', entry);
    displaced?.settle(this.#refuse('queue_full', displaced.entry));
    const leave = (): void => {
      this.#queue.remove(waiter);
      // Whoever stood behind it may not be held back by what held it.
      this.#admit();
    };
    waiter.start(() => {
      leave();
      waiter.settle(this.#refuse('queue_timeout', entry));
    }, leave);
    this.#admit();
    return waiter.outcome;
  }

  /** Lets through all that can pass now, and comes back when the next may. */
  readonly #admit = (): void => {
    clearTimeout(this.#timer);
    if (this.#queue.size === 0) return;
    let next: Waiter<Entry, Outcome> | undefined;
    do {
      this.#refillMs = NEVER;
      next = this.#queue.next(this.#look);
      next?.settle(this.#take(next.entry));
    } while (next);
    if (this.#refillMs < NEVER) this.#timer = setTimeout(this.#admit, timerDelay(this.#refillMs));
  };

  readonly #look = ({ entry: { gates, tokens } }: Waiter<Entry, Outcome>): Look => {
    const ownMs = waitOf(gates.own, tokens);
    const sharedMs = waitOf(gates.shared, tokens);
    if (ownMs === 0 && sharedMs === 0) return 'serve';
    this.#refillMs = Math.min(this.#refillMs, Math.max(ownMs, sharedMs));
    return ownMs > 0 ? 'skip' : 'stop';
  };

  #take({ gates: { own, shared }, tokens }: Entry): Lease {
    const ownHold = own?.take(tokens);
    const sharedHold = shared?.take(tokens);
    return new Lease((ending) => {
      if (ownHold) own?.end(ownHold, ending);
      if (sharedHold) shared?.end(sharedHold, ending);
      this.#admit();
    });
  }

  #refuse(code: Refusal['code'], { gates, tokens, tenant }: Entry): Refusal {
    const ownMs = gates.own?.retryAfterMs(tokens, this.#queue.sizeOf(tenant)) ?? 1;
    const sharedMs = gates.shared?.retryAfterMs(tokens, this.#queue.size) ?? 1;
    return { code, gate: this.heldBy(gates, tokens), retryAfterMs: Math.max(ownMs, sharedMs) };
  }
}

function waitOf(limiter: Limiter | undefined, tokens: number): number {
  return limiter?.waitMs(tokens) ?? 0;
}
