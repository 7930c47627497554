import type { LedgerRow } from './ledger-row.ts';
import type { LedgerSink } from './ledger-sink.ts';
import { type LedgerFailure, RowWriter, type RowWriterTimes } from './row-writer.ts';
import { dearestFirst, SpendMemory, type SpendStats } from './spend-memory.ts';
import { checkSpendQuery, type SpendAnswer, type SpendQuery } from './spend-query.ts';

/** Where rows go, and what they carry. */
export interface LedgerTerms {
  readonly sink?: LedgerSink | undefined;
  /** Names of labels that rows carry. */
  readonly labels?: readonly string[] | undefined;
  /** @default what the sink would like, else 100 */
  readonly flushMs?: number | undefined;
  readonly maxBatch?: number | undefined;
  readonly maxBuffer?: number | undefined;
}

/** What a ledger is made from. */
export interface LedgerParts extends LedgerTerms {
  readonly onFailure: (failure: LedgerFailure) => void;
  /** The wall clock, in epoch milliseconds. */
  readonly epochMs: () => number;
}

/** How the rows of a pool are kept. */
export interface LedgerStats {
  /** Rows made so far: the sequence of the last one. */
  readonly rows: number;
  /** Sequence of the last durable row; absent without a sink. */
  readonly flushed?: number;
  /** Rows on their way to the sink. */
  readonly pending: number;
  /** Rows that the sink never took. */
  readonly lost: number;
}

/** The account of a pool: a row for each attempt, sums in memory, and a sink that outlives the process. */
export class Ledger {
  /** A random id: two ledgers in one store are told apart by it. */
  readonly run: string = crypto.randomUUID();
  readonly #memory: SpendMemory;
  readonly #parts: LedgerParts;
  #terms: LedgerTerms;
  #writer: RowWriter | undefined;
  #sequence = 0;
  /** Rows that sinks of before never took, and the last one that they did. */
  #lost = 0;
  #flushed = 0;
  /** Settles when the sinks of before are closed. */
  #before: Promise<void> = Promise.resolve();

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.#terms = parts;
    this.#memory = new SpendMemory(parts.epochMs);
    this.#writer = this.#writerTo(parts);
  }

  /**
   * Goes on under other terms; what is in memory stays. A sink that is replaced is written to the end and closed,
   * before the next gets its first row.
   */
  configure(terms: LedgerTerms): void {
    const { sink } = this.#terms;
    this.#terms = terms;
    if (this.#writer && sink === terms.sink) this.#writer.configure(timesOf(terms));
    else this.#replaceWriter();
  }

  #replaceWriter(): void {
    const old = this.#writer;
    if (old) {
      this.#flushed = Math.max(this.#flushed, old.flushed);
      this.#before = this.#before.then(() => old.close()).then(() => this.#leave(old));
    }
    this.#writer = this.#writerTo(this.#terms);
  }

  #leave(old: RowWriter): void {
    this.#lost += old.lost;
    this.#flushed = Math.max(this.#flushed, old.flushed);
  }

  #writerTo(terms: LedgerTerms): RowWriter | undefined {
    const { epochMs, onFailure } = this.#parts;
    const ready = this.#before;
    return terms.sink && new RowWriter({ sink: terms.sink, ...timesOf(terms), epochMs, onFailure, ready });
  }

  /** The sequence of a new row. */
  next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** What rows carry of a call's `metadata`; `undefined` for nothing. */
  labelsOf(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
    const { labels = [] } = this.#terms;
    const worn = labels.filter((name) => Object.hasOwn(metadata, name));
    if (worn.length === 0) return undefined;
    return Object.freeze(Object.fromEntries(worn.map((name) => [name, metadata[name] ?? ''])));
  }

  add(row: LedgerRow): void {
    this.#memory.add(row);
    this.#writer?.add(row);
  }

  spendStats(): SpendStats {
    return this.#memory.stats();
  }

  stats(): LedgerStats {
    const { pending = 0, lost = 0, flushed } = this.#writer ?? {};
    return {
      rows: this.#sequence,
      ...(flushed !== undefined && { flushed: Math.max(flushed, this.#flushed) }),
      pending,
      lost: lost + this.#lost,
    };
  }

  /**
   * Asks the sink, to which everything is written before; without one that answers, the memory.
   *
   * @throws ConfigError when the question is not one; and whatever the sink throws
   */
  async spend(query: SpendQuery): Promise<SpendAnswer> {
    const checked = checkSpendQuery(query, this.#parts.epochMs());
    const { sink } = this.#terms;
    if (!sink?.spend) return this.#memory.spend(checked);
    const written = await this.#writer?.flush();
    const groups = dearestFirst(await sink.spend(checked));
    const { sinceMs: since, untilMs: until } = checked;
    return { source: 'sink', since, until, complete: written === true && this.stats().lost === 0, groups };
  }

  /** Writes what is left and closes the sink. Never rejects. */
  async close(): Promise<void> {
    await this.#before;
    await this.#writer?.close();
  }
}

/**
 * How rows are written where nobody says otherwise: batches large enough to be cheap, and a buffer that outlasts a sink
 * which is away for some seconds under load without holding on to much memory.
 */
export const ledgerDefaults: Readonly<{ maxBatch: number; maxBuffer: number }> = {
  maxBatch: 500,
  maxBuffer: 10_000,
};

/** A sink may know better than the pool how often it likes to be written to. */
function timesOf(terms: LedgerTerms): RowWriterTimes {
  const { sink, flushMs = sink?.flushMs ?? 100 } = terms;
  const { maxBatch = ledgerDefaults.maxBatch, maxBuffer = ledgerDefaults.maxBuffer } = terms;
  return { flushMs, maxBatch, maxBuffer };
}
