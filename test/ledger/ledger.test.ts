import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ledger, type LedgerParts } from '../../src/ledger/ledger.ts';
import type { LedgerRow } from '../../src/ledger/ledger-row.ts';
import type { LedgerSink } from '../../src/ledger/ledger-sink.ts';
import type { CheckedSpendQuery } from '../../src/ledger/spend-query.ts';
import { SpendTally } from '../../src/ledger/spend-sum.ts';
import { NOON_MS, rowOf } from './rows.ts';

beforeEach(() => void vi.useFakeTimers({ now: NOON_MS }));
afterEach(() => void vi.useRealTimers());

const ledgerOf = (parts: Partial<LedgerParts> = {}): Ledger =>
  new Ledger({ onFailure: () => {}, epochMs: Date.now, ...parts });

/** Adds as the middleware does. */
const add = (ledger: Ledger, count = 1): void => {
  for (let n = 0; n < count; n++) {
    ledger.add(rowOf({ run: ledger.run, sequence: ledger.next(), at: Date.now() }));
  }
};

/** A sink that keeps what it gets. */
function keeping(facts: Partial<LedgerSink> = {}): LedgerSink & { readonly rows: LedgerRow[] } {
  const rows: LedgerRow[] = [];
  return { rows, write: (batch) => void rows.push(...batch), ...facts };
}

describe('a ledger without a sink', () => {
  it('counts its rows and keeps their sums', () => {
    const ledger = ledgerOf();
    add(ledger, 3);
    expect(ledger.stats()).toEqual({ rows: 3, pending: 0, lost: 0 });
    expect(ledger.spendStats().minute.total).toMatchObject({ attempts: 3, nanoUsd: 3_000 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('answers from memory', async () => {
    const ledger = ledgerOf();
    add(ledger, 2);
    expect(await ledger.spend({ since: NOON_MS - 1_000, groupBy: ['provider'] })).toMatchObject({
      source: 'memory',
      groups: [{ by: { provider: 'acme' }, nanoUsd: 2_000 }],
    });
  });

  it('rejects a question that is none', async () => {
    await expect(ledgerOf().spend({ since: Number.NaN })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('closes', async () => {
    await expect(ledgerOf().close()).resolves.toBeUndefined();
  });

  it('is not the same as another', () => {
    expect(ledgerOf().run).not.toBe(ledgerOf().run);
  });
});

describe('a ledger with a sink', () => {
  it('names the last durable row', async () => {
    const sink = keeping();
    const ledger = ledgerOf({ sink });
    add(ledger, 3);
    expect(ledger.stats()).toEqual({ rows: 3, flushed: 0, pending: 3, lost: 0 });
    await vi.advanceTimersByTimeAsync(100);
    expect(ledger.stats()).toEqual({ rows: 3, flushed: 3, pending: 0, lost: 0 });
    expect(sink.rows.map(({ run, sequence }) => [run === ledger.run, sequence])).toEqual([
      [true, 1],
      [true, 2],
      [true, 3],
    ]);
  });

  it.each([
    ['100 ms by default', {}, undefined, 100],
    ['as often as the sink would like', {}, 20, 20],
    ['as often as the user says', { flushMs: 50 }, 20, 50],
  ])('writes %s', async (_, parts, sinkMs, expected) => {
    const sink = keeping(sinkMs === undefined ? {} : { flushMs: sinkMs });
    const ledger = ledgerOf({ ...parts, sink });
    add(ledger);
    await vi.advanceTimersByTimeAsync(expected / 2);
    expect(sink.rows).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(expected / 2);
    expect(sink.rows).toHaveLength(1);
  });

  it('asks the sink, once it has every row', async () => {
    const asked: [CheckedSpendQuery, number][] = [];
    const group = (nanoUsd: number) => ({ by: {}, ...new SpendTally().sum(), nanoUsd });
    const sink = keeping({
      spend: (query) => {
        asked.push([query, sink.rows.length]);
        return [group(1), group(2)];
      },
    });
    const ledger = ledgerOf({ sink });
    add(ledger, 2);
    expect(await ledger.spend({ since: 0, groupBy: ['key'] })).toMatchObject({
      ...{ source: 'sink', since: 0, until: NOON_MS + 1, complete: true },
      groups: [{ nanoUsd: 2 }, { nanoUsd: 1 }],
    });
    expect(asked).toEqual([[{ sinceMs: 0, untilMs: NOON_MS + 1, groupBy: ['key'], where: [] }, 2]]);
  });

  it('says that an answer is not complete after rows were lost', async () => {
    const ledger = ledgerOf({ sink: keeping({ spend: () => [] }), maxBuffer: 1 });
    add(ledger, 2);
    expect(await ledger.spend({ since: 0 })).toMatchObject({ complete: false });
    expect(ledger.stats()).toMatchObject({ rows: 2, flushed: 1, lost: 1 });
  });

  it('says that an answer is not complete while the sink takes nothing', async () => {
    const write = (): never => {
      throw new Error('disk full');
    };
    const ledger = ledgerOf({ sink: { write, spend: () => [] } });
    expect(await ledger.spend({ since: 0 })).toMatchObject({ complete: true });
    add(ledger);
    expect(await ledger.spend({ since: 0 })).toMatchObject({ complete: false });
    await ledger.close();
  });

  it('asks memory when the sink cannot answer', async () => {
    const ledger = ledgerOf({ sink: keeping() });
    add(ledger);
    expect(await ledger.spend({ since: NOON_MS - 1_000 })).toMatchObject({ source: 'memory' });
  });

  it('writes the rest when it closes', async () => {
    let closed = 0;
    const sink = keeping({ close: () => void closed++ });
    const ledger = ledgerOf({ sink });
    add(ledger, 2);
    await ledger.close();
    expect([sink.rows.length, closed]).toEqual([2, 1]);
  });
});

describe('a ledger under other terms', () => {
  it('goes on counting, and closes a sink that is replaced once that has every row', async () => {
    const order: string[] = [];
    const sinkOf = (name: string): LedgerSink => ({
      write: async (batch) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        order.push(`${name} ${batch.map(({ sequence }) => sequence)}`);
      },
      close: () => void order.push(`${name} closed`),
    });
    const ledger = ledgerOf({ sink: sinkOf('old') });
    add(ledger, 2);
    ledger.configure({ sink: sinkOf('new') });
    add(ledger, 1);
    await vi.advanceTimersByTimeAsync(500);
    expect(order).toEqual(['old 1,2', 'old closed', 'new 3']);
    expect(ledger.stats()).toEqual({ rows: 3, flushed: 3, pending: 0, lost: 0 });
    expect(ledger.spendStats().total.attempts).toBe(3);
  });

  it('never takes back what it said of durable rows, and remembers what was lost', async () => {
    const ledger = ledgerOf({ sink: keeping() });
    add(ledger, 2);
    await vi.advanceTimersByTimeAsync(100);
    const fail = (): never => {
      throw new Error('disk full');
    };
    ledger.configure({ sink: { write: fail } });
    add(ledger, 1);
    expect(ledger.stats()).toMatchObject({ flushed: 2, pending: 1 });
    ledger.configure({ sink: keeping() });
    await vi.advanceTimersByTimeAsync(0);
    expect(ledger.stats()).toEqual({ rows: 3, flushed: 2, pending: 0, lost: 1 });
  });

  it('keeps a sink that stays, with other times and labels', async () => {
    const sink = keeping({
      close: () => {
        throw new Error('too early');
      },
    });
    const ledger = ledgerOf({ sink, flushMs: 1_000 });
    ledger.configure({ sink, flushMs: 10, labels: ['team'] });
    add(ledger);
    await vi.advanceTimersByTimeAsync(10);
    expect(sink.rows).toHaveLength(1);
    expect(ledger.labelsOf({ team: 'x' })).toEqual({ team: 'x' });
  });

  it('may do without a sink from now on', async () => {
    const sink = keeping();
    const ledger = ledgerOf({ sink });
    add(ledger);
    ledger.configure({});
    add(ledger);
    await ledger.close();
    expect(sink.rows).toHaveLength(1);
    expect(ledger.stats()).toEqual({ rows: 2, pending: 0, lost: 0 });
  });
});

describe('labels', () => {
  const metadata = { team: 'search', user: 'ada@example.org' };

  it.each([
    ['no names', undefined, undefined],
    ['one of them', ['team'], { team: 'search' }],
    ['a name that the call does not have', ['region'], undefined],
    ['a name that every object has', ['constructor'], undefined],
  ])('are what was asked for: %s', (_, labels, expected) => {
    const worn = ledgerOf({ labels }).labelsOf(metadata);
    expect(worn).toEqual(expected);
    if (worn) expect(Object.isFrozen(worn)).toBe(true);
  });
});
