import type { LedgerRow } from './ledger-row.ts';
import type { LedgerSink } from './ledger-sink.ts';

/** Why rows are in danger, or gone. */
export interface LedgerFailure {
  /** `write_failed`: will be tried again. `buffer_full`, `closed`: the rows counted by `lost` are gone. */
  readonly reason: 'write_failed' | 'buffer_full' | 'closed';
  readonly message: string;
  /** Rows that wait to be written. */
  readonly pending: number;
  /** Rows that were given up, so far. */
  readonly lost: number;
}

/** When rows travel to a sink, and how many. */
export interface RowWriterTimes {
  /** Longest time until a row is written, in milliseconds. */
  readonly flushMs: number;
  /** Rows in one call of `write`. */
  readonly maxBatch: number;
  /** Rows that may wait; further ones are lost. */
  readonly maxBuffer: number;
}

/** How rows travel to a sink. */
export interface RowWriterOptions extends RowWriterTimes {
  readonly sink: LedgerSink;
  readonly onFailure: (failure: LedgerFailure) => void;
  /** Nothing is written before this has settled. @default at once */
  readonly ready?: Promise<void>;
  /** Longest time that closing waits for the sink, in milliseconds. @default 10_000 */
  readonly closeMs?: number;
  /** The wall clock, as `at` of rows is read from. */
  readonly epochMs: () => number;
}

/** Longest pause after a failure, in milliseconds. */
const MAX_PAUSE_MS = 5_000;

/** Share of `flushMs` that a row waits, so that the write itself fits into the rest. */
const WAIT_SHARE = 0.8;

/**
 * Hands rows to a sink in batches, off the path of whoever adds them: one call at a time, in order, and again when
 * it fails.
 */
export class RowWriter {
  #options: RowWriterOptions;
  #rows: LedgerRow[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<boolean> | undefined;
  #flushed = 0;
  #lost = 0;
  /** Failed calls in a row. */
  #failures = 0;
  #toldFull = false;
  #closed = false;

  constructor(options: RowWriterOptions) {
    this.#options = options;
  }

  /** Other times, from the next row on. */
  configure(times: RowWriterTimes): void {
    this.#options = { ...this.#options, ...times };
  }

  /** Sequence of the last row that is durable, and so is every row before it that was not lost; 0 for none. */
  get flushed(): number {
    return this.#flushed;
  }

  get pending(): number {
    return this.#rows.length;
  }

  /** Rows given up, because the buffer was full or the sink failed to the end. */
  get lost(): number {
    return this.#lost;
  }

  /** Never waits and never throws. */
  add(row: LedgerRow): void {
    const { maxBatch, maxBuffer } = this.#options;
    if (this.#closed) this.#lose('closed', 'a row came after the end');
    else if (this.#rows.length < maxBuffer) this.#push(row, maxBatch);
    else this.#lose('buffer_full', `more than ${maxBuffer} rows wait for the sink`);
  }

  #push(row: LedgerRow, maxBatch: number): void {
    this.#rows.push(row);
    if (this.#rows.length === maxBatch && this.#failures === 0) this.#arm(0);
    else if (!this.#timer) this.#arm(this.#pauseMs());
  }

  /** Writes everything that has been added so far. @returns false when the sink fails */
  async flush(): Promise<boolean> {
    const goal = this.#rows.at(-1)?.sequence ?? 0;
    while (this.#rows.length > 0 && this.#flushed < goal) {
      if (!(await this.#write())) return false;
    }
    return true;
  }

  /** Writes what is left, once more, and closes the sink. */
  async close(): Promise<void> {
    const { sink, closeMs = 10_000 } = this.#options;
    const finish = async (): Promise<string | undefined> => {
      await this.#writing;
      while (this.#rows.length > 0 && (await this.#write()));
      await sink.close?.();
      return undefined;
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`the sink was not done within ${closeMs} ms`), closeMs);
    });
    const fault = await Promise.race([finish().catch(messageOf), late]);
    clearTimeout(timer);
    this.#disarm();
    this.#closed = true;
    this.#lost += this.#rows.length;
    const left = this.#rows.length > 0 ? 'the sink did not take the last rows' : undefined;
    this.#rows = [];
    const message = fault ?? left;
    if (message !== undefined) this.#tell('closed', message);
  }

  #write(): Promise<boolean> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = undefined;
      if (this.#rows.length > 0) this.#arm(this.#pauseMs());
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<boolean> {
    const { sink, maxBatch, ready } = this.#options;
    await ready;
    const batch = this.#rows.slice(0, maxBatch);
    this.#disarm();
    this.#toldFull = false;
    try {
      await sink.write(batch);
      await sink.flush?.();
    } catch (error) {
      this.#failures += 1;
      this.#tell('write_failed', messageOf(error));
      return false;
    }
    this.#failures = 0;
    this.#rows.splice(0, batch.length);
    this.#flushed = batch.at(-1)?.sequence ?? this.#flushed;
    return true;
  }

  /** Until the oldest row has to go; longer after failures. */
  #pauseMs(): number {
    const { flushMs, maxBatch, epochMs } = this.#options;
    if (this.#failures > 0) return Math.min(flushMs * 2 ** this.#failures, Math.max(flushMs, MAX_PAUSE_MS));
    if (this.#rows.length >= maxBatch) return 0;
    const waitMs = flushMs * WAIT_SHARE;
    const waitedMs = epochMs() - (this.#rows[0]?.at ?? 0);
    return Math.max(0, Math.min(waitMs, waitMs - waitedMs));
  }

  #arm(delayMs: number): void {
    this.#disarm();
    if (this.#writing !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, delayMs);
    // A sink that is down must not keep a process alive that is otherwise done.
    if (this.#failures > 0) this.#timer.unref();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Told once for each attempt to write: the next event tells the sum. */
  #lose(reason: LedgerFailure['reason'], message: string): void {
    this.#lost += 1;
    if (!this.#toldFull) this.#tell(reason, message);
    this.#toldFull = true;
  }

  #tell(reason: LedgerFailure['reason'], message: string): void {
    this.#options.onFailure({ reason, message, pending: this.#rows.length, lost: this.#lost });
  }
}

/** How much of a sink's own message is repeated. */
const MAX_MESSAGE = 200;

/** Anything can be thrown. */
function messageOf(error: unknown): string {
  try {
    return (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
  } catch {
    return 'an error without a readable message';
  }
}
