import { describe, expect, it } from 'vitest';
import { ledgerOf, ledgerShape } from '../../src/pool/ledger-options.ts';
import { EPOCH_MS, recorder } from '../contexts.ts';
import { rowOf } from '../ledger/rows.ts';

const accepts = (options: unknown): boolean => ledgerShape.safeParse(options).success;
const write = (): void => {};

describe('the section `ledger`', () => {
  it.each([
    [{}],
    [{ sink: { write } }],
    [{ sink: { write, flush: write, close: write, spend: write, whatever: 1 } }],
    [{ labels: ['team', 'cost-centre_2'], flushMs: 20, maxBatch: 1, maxBuffer: 1 }],
  ])('may be %j', (options) => {
    expect(accepts(options)).toBe(true);
  });

  it('takes a sink with a prototype', () => {
    class Store {
      write(): void {}
    }
    expect(accepts({ sink: new Store() })).toBe(true);
  });

  it.each([
    ['a sink that cannot write', { sink: {} }],
    ['a sink whose flush is no function', { sink: { write, flush: true } }],
    ['a label that could not be asked for', { labels: ['a.b'] }],
    ['a label without a name', { labels: [''] }],
    ['no time at all', { flushMs: 0 }],
    ['more time than a timer has', { flushMs: 2 ** 31 }],
    ['half a row', { maxBatch: 0.5 }],
    ['no room', { maxBuffer: 0 }],
    ['an option that does not exist', { flushMS: 20 }],
  ])('may not have %s', (_, options) => {
    expect(accepts(options)).toBe(false);
  });
});

describe('ledgerOf', () => {
  it('makes a ledger that tells of its failures', async () => {
    const told = recorder();
    const fail = (): never => {
      throw new Error('disk full');
    };
    const ledger = ledgerOf({ sink: { write: fail } }, told.teller);
    ledger.add(rowOf());
    await ledger.close();
    expect(told.of('ledger.failed')).toEqual([
      {
        name: 'ledger.failed',
        at: EPOCH_MS,
        reason: 'write_failed',
        message: 'disk full',
        pending: 1,
        lost: 0,
      },
      {
        name: 'ledger.failed',
        at: EPOCH_MS,
        reason: 'closed',
        message: 'the sink did not take the last rows',
        pending: 0,
        lost: 1,
      },
    ]);
  });

  it('needs no options', () => {
    expect(ledgerOf(undefined, recorder().teller).stats()).toEqual({ rows: 0, pending: 0, lost: 0 });
  });
});
