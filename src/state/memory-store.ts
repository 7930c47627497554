import {
  type Account,
  type AccountSpan,
  type Known,
  SETTLED_MS,
  SLOTS,
  type StateStore,
  type Take,
  type Taken,
  UNDER_WAY_MS,
} from './state-store.ts';

/** Accounts remembered before those at rest are looked for and forgotten. */
const FEW = 1_000;

const HOUR_MS = 3_600_000;

/** One that has been taken. */
interface Held {
  /** Nothing for one that was settled. */
  readonly amount: number | undefined;
  /** Where it is booked. */
  readonly slot: number;
  readonly untilMs: number;
}

interface Book {
  span: AccountSpan;
  /** Amounts by slot: a sixtieth of a window, or the start of a period. */
  readonly slots: Map<number, number>;
  readonly held: Map<string, Held>;
}

/**
 * The store of one process, and the model of what any other store must do.
 *
 * @param nowMs - epoch milliseconds; the store's own clock
 */
export function memoryStore(nowMs: () => number = Date.now): StateStore {
  return new MemoryStore(nowMs);
}

class MemoryStore implements StateStore {
  readonly #nowMs: () => number;
  readonly #books = new Map<string, Book>();
  readonly #marks = new Map<string, number>();
  readonly #memory: string = crypto.randomUUID();
  #tidyAt = FEW;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get #size(): number {
    return this.#books.size + this.#marks.size;
  }

  async take({ account, id, amount, leaseMs, known }: Take): Promise<Taken> {
    const now = this.#nowMs();
    const book = this.#bookOf(account, now);
    const slot = slotAt(account.span, now);
    if (known && known.memory !== this.#memory) recall(account.span, book, slot, known);
    const total = totalOf(book);
    const answer = (granted: boolean, sum: number, waitMs: number): Taken => ({
      granted,
      waitMs,
      total: sum,
      memory: this.#memory,
      slot,
    });
    if (book.held.has(id)) return answer(true, total, 0);
    if (total + amount > account.limit) return answer(false, total, waitOf(account, book, amount, now));
    book.slots.set(slot, (book.slots.get(slot) ?? 0) + amount);
    book.held.set(id, { amount, slot, untilMs: now + leaseMs });
    return answer(true, total + amount, 0);
  }

  async settle(account: Account, id: string, amount: number): Promise<void> {
    const book = this.#books.get(account.name);
    const held = book?.held.get(id);
    if (!book || held?.amount === undefined) return;
    const untilMs = Math.min(held.untilMs, this.#nowMs() + SETTLED_MS);
    book.held.set(id, { ...held, amount: undefined, untilMs });
    giveBack(book, held, account.span.kind === 'under_way' ? held.amount : held.amount - amount);
  }

  async mark(name: string, forMs: number): Promise<number> {
    const now = this.#nowMs();
    const untilMs = Math.max(this.#marks.get(name) ?? 0, now + forMs);
    if (untilMs <= now) {
      this.#marks.delete(name);
      return 0;
    }
    this.#marks.set(name, untilMs);
    return untilMs - now;
  }

  /** The book as of now: without what is too old, and without leases that are over. */
  #bookOf({ name, span }: Account, now: number): Book {
    const known = this.#books.get(name);
    if (!known) {
      const made: Book = { span, slots: new Map(), held: new Map() };
      if (this.#size >= this.#tidyAt) this.#tidy(now);
      this.#books.set(name, made);
      return made;
    }
    // Periods go on.
    known.span = span;
    this.#forget(known, now);
    return known;
  }

  /** Whoever names accounts and marks as he likes pays for the look at all of them by as many that came. */
  #tidy(now: number): void {
    for (const [name, book] of this.#books) {
      this.#forget(book, now);
      if (book.held.size === 0 && totalOf(book) === 0) this.#books.delete(name);
    }
    for (const [name, untilMs] of this.#marks) if (untilMs <= now) this.#marks.delete(name);
    this.#tidyAt = Math.max(FEW, this.#size * 2);
  }

  #forget(known: Book, now: number): void {
    const { span } = known;
    for (const [id, held] of known.held) {
      if (held.untilMs > now) continue;
      known.held.delete(id);
      if (span.kind === 'under_way') giveBack(known, held, held.amount ?? 0);
    }
    const oldest = oldestSlot(span, now);
    for (const slot of known.slots.keys()) if (slot < oldest) known.slots.delete(slot);
  }
}

function giveBack({ slots }: Book, { slot }: Held, amount: number): void {
  const booked = slots.get(slot);
  if (booked !== undefined) slots.set(slot, booked - amount);
}

/** Begins from what somebody knows of another memory, as far as that is not over. */
function recall(span: AccountSpan, book: Book, now: number, { total, slot = now }: Known): void {
  const isOver = span.kind === 'rolling' ? slot < now - SLOTS : span.kind === 'under_way' || slot !== now;
  const missing = total - totalOf(book);
  if (isOver || missing <= 0) return;
  const at = Math.min(slot, now);
  book.slots.set(at, (book.slots.get(at) ?? 0) + missing);
}

function totalOf({ slots }: Book): number {
  let sum = 0;
  for (const amount of slots.values()) sum += amount;
  return sum;
}

/** Where an amount is booked that is taken now. */
function slotAt(span: AccountSpan, now: number): number {
  switch (span.kind) {
    case 'rolling':
      return Math.floor(now / (span.windowMs / SLOTS));
    case 'periods':
      return Math.max(...span.starts.filter((start) => start <= now), 0);
    case 'under_way':
      return 0;
  }
}

function oldestSlot(span: AccountSpan, now: number): number {
  return span.kind === 'rolling' ? slotAt(span, now) - SLOTS : slotAt(span, now);
}

/** When so much has been forgotten that the amount fits. */
function waitOf({ span, limit }: Account, book: Book, amount: number, now: number): number {
  let over = totalOf(book) + amount - limit;
  const later = (untilMs: number): number => Math.max(1, Math.ceil(untilMs - now));
  if (span.kind === 'periods') {
    const next = Math.min(...span.starts.filter((start) => start > now));
    // A caller whose clock is far off has named no later one.
    return later(Number.isFinite(next) ? next : now + HOUR_MS);
  }
  if (span.kind === 'under_way') return UNDER_WAY_MS;
  for (const [slot, sum] of [...book.slots].sort(([one], [other]) => one - other)) {
    over -= sum;
    if (over <= 0) return later((slot + SLOTS + 1) * (span.windowMs / SLOTS));
  }
  return later(now + span.windowMs);
}
