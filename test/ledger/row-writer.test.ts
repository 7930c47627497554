import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LedgerRow } from '../../src/ledger/ledger-row.ts';
import type { LedgerSink } from '../../src/ledger/ledger-sink.ts';
import { type LedgerFailure, RowWriter, type RowWriterOptions } from '../../src/ledger/row-writer.ts';
import { rowOf } from './rows.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A sink that fails while it is told to, and a writer to it. */
function lab(options: Partial<RowWriterOptions> = {}, sink: Partial<LedgerSink> = {}) {
  const written: number[][] = [];
  const failures: LedgerFailure[] = [];
  const state = { down: false, closed: 0 };
  let sequence = 0;
  const writer = new RowWriter({
    sink: {
      write: (rows) => {
        if (state.down) throw new Error('disk full');
        written.push(rows.map((row) => row.sequence));
      },
      close: () => {
        state.closed += 1;
      },
      ...sink,
    },
    ...{ flushMs: 100, maxBatch: 10, maxBuffer: 1_000, epochMs: Date.now },
    onFailure: (failure) => failures.push(failure),
    ...options,
  });
  const add = (count = 1): void => {
    for (let n = 0; n < count; n++) writer.add(rowOf({ sequence: ++sequence, at: Date.now() }));
  };
  return { writer, written, failures, state, add };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('rows', () => {
  it('are written together, within `flushMs` of the first, and not while they are added', async () => {
    const { writer, written, add } = lab();
    add(3);
    await pass(50);
    add(2);
    expect(written).toEqual([]);
    await pass(45);
    expect(written).toEqual([[1, 2, 3, 4, 5]]);
    expect(writer.flushed).toBe(5);
    expect(writer.pending).toBe(0);
  });

  it('wait for nothing when nothing comes', async () => {
    const { add } = lab();
    expect(vi.getTimerCount()).toBe(0);
    add();
    expect(vi.getTimerCount()).toBe(1);
    await pass(100);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('go at once when a batch is full, but never in the turn of who adds them', async () => {
    const { written, add } = lab();
    add(10);
    expect(written).toEqual([]);
    await pass(0);
    expect(written).toHaveLength(1);
  });

  it('go in batches of at most so many, one after the other', async () => {
    const { written, add } = lab();
    add(25);
    await pass(100);
    expect(written.map((batch) => batch.length)).toEqual([10, 10, 5]);
    expect(written.flat()).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  });

  it('are durable only when the sink says so', async () => {
    let done = (): void => {};
    const flush = (): Promise<void> => new Promise((resolve) => (done = resolve));
    const { writer, add } = lab({}, { flush });
    add(2);
    await pass(100);
    expect(writer.flushed).toBe(0);
    done();
    await pass(0);
    expect(writer.flushed).toBe(2);
  });

  it('come to a slow sink one call at a time; those that came meanwhile wait no longer than theirs', async () => {
    const calls: number[][] = [];
    let running = 0;
    const write = async (rows: readonly LedgerRow[]): Promise<void> => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 300));
      running--;
      calls.push(rows.map(({ sequence }) => sequence));
    };
    const { add } = lab({}, { write });
    add();
    await pass(100);
    add(2);
    await pass(700);
    expect(calls).toEqual([[1], [2, 3]]);
  });
});

describe('a sink that fails', () => {
  it('is told of, and gets the same rows again, later each time', async () => {
    const { writer, written, failures, state, add } = lab();
    state.down = true;
    add(2);
    await pass(80);
    expect(failures).toEqual([{ reason: 'write_failed', message: 'disk full', pending: 2, lost: 0 }]);
    const at: number[] = [];
    for (let ms = 0; ms < 30_000; ms += 100) {
      const before = failures.length;
      await pass(100);
      if (failures.length > before) at.push(ms + 100);
    }
    const pauses = at.map((ms, index) => ms - (at[index - 1] ?? 0));
    expect(pauses.slice(0, 5)).toEqual([200, 400, 800, 1_600, 3_200]);
    expect(Math.max(...pauses)).toBe(5_000);
    state.down = false;
    await pass(5_000);
    expect(written).toEqual([[1, 2]]);
    expect(writer.flushed).toBe(2);
  });

  it('keeps the order of rows that came meanwhile', async () => {
    const { written, state, add } = lab();
    state.down = true;
    add(1);
    await pass(80);
    add(1);
    state.down = false;
    await pass(300);
    expect(written.flat()).toEqual([1, 2]);
  });

  it('loses rows when too many wait, and says so once for each attempt to write', async () => {
    const { writer, failures, state, add } = lab({ maxBuffer: 3 });
    state.down = true;
    add(8);
    expect(failures).toEqual([
      { reason: 'buffer_full', message: 'more than 3 rows wait for the sink', pending: 3, lost: 1 },
    ]);
    expect(writer.lost).toBe(5);
    await pass(80);
    add(1);
    expect(failures.map(({ reason, lost }) => [reason, lost])).toEqual([
      ['buffer_full', 1],
      ['write_failed', 5],
      ['buffer_full', 6],
    ]);
    state.down = false;
    await pass(1_000);
    expect([writer.flushed, writer.pending]).toEqual([3, 0]);
  });

  it.each([
    ['a rejection', () => Promise.reject(new Error('gone')), 'gone'],
    ['something that is no error', () => Promise.reject('just words'), 'just words'],
    ['a long story', () => Promise.reject(new Error('x'.repeat(999))), 'x'.repeat(200)],
    ['what cannot be read', () => Promise.reject({ toString: 1 }), 'an error without a readable message'],
  ])('may fail by %s', async (_, write, message) => {
    const { failures, add } = lab({}, { write });
    add();
    await pass(90);
    expect(failures).toMatchObject([{ reason: 'write_failed', message }]);
  });

  it('that fails to flush has not taken the rows', async () => {
    let tries = 0;
    const flush = (): void => {
      if (tries++ === 0) throw new Error('not yet');
    };
    const { written, writer, add } = lab({}, { flush });
    add();
    await pass(300);
    // Twice the same row: its `run` and `sequence` name it.
    expect(written).toEqual([[1], [1]]);
    expect(writer.flushed).toBe(1);
  });
});

describe('flush', () => {
  it('writes what is there now, without waiting', async () => {
    const { writer, written, add } = lab();
    add(12);
    expect(await writer.flush()).toBe(true);
    expect(written.map((batch) => batch.length)).toEqual([10, 2]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says when the sink fails', async () => {
    const { writer, state, add } = lab();
    state.down = true;
    add();
    expect(await writer.flush()).toBe(false);
    expect([writer.flushed, writer.pending]).toEqual([0, 1]);
  });

  it('has nothing to do when nothing waits', async () => {
    const { writer, written } = lab();
    await writer.flush();
    expect(written).toEqual([]);
  });
});

describe('close', () => {
  it('writes the rest, then closes the sink, once', async () => {
    const { writer, written, failures, state, add } = lab();
    add(12);
    await writer.close();
    expect(written.flat()).toHaveLength(12);
    expect([state.closed, failures, vi.getTimerCount()]).toEqual([1, [], 0]);
  });

  it('waits for a write under way', async () => {
    let done = (): void => {};
    const write = (): Promise<void> => new Promise((resolve) => (done = resolve));
    const { writer, add } = lab({}, { write });
    add();
    await pass(90);
    const closed = writer.close();
    done();
    await closed;
    expect(writer.flushed).toBe(1);
  });

  it('gives up rows that the sink does not take, and says how many', async () => {
    const { writer, failures, state, add } = lab();
    state.down = true;
    add(3);
    await writer.close();
    expect(failures.at(-1)).toEqual({
      reason: 'closed',
      message: 'the sink did not take the last rows',
      pending: 0,
      lost: 3,
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not wait for a sink for ever', async () => {
    const { writer, failures, add } = lab({ closeMs: 2_000 }, { write: () => new Promise(() => {}) });
    add();
    const closed = writer.close();
    await pass(2_000);
    await closed;
    expect(failures).toMatchObject([
      { reason: 'closed', message: 'the sink was not done within 2000 ms', lost: 1 },
    ]);
  });

  it('tells of a sink that cannot be closed', async () => {
    const close = (): never => {
      throw new Error('busy');
    };
    const { writer, failures } = lab({}, { close });
    await writer.close();
    expect(failures).toMatchObject([{ reason: 'closed', message: 'busy', lost: 0 }]);
  });

  it('takes no rows afterwards, and says so', async () => {
    const { writer, failures, add } = lab();
    await writer.close();
    add(2);
    expect([writer.pending, writer.lost, vi.getTimerCount()]).toEqual([0, 2, 0]);
    expect(failures).toMatchObject([{ reason: 'closed', lost: 1 }]);
  });
});
