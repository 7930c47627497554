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
