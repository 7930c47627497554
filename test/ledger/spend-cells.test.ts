import { describe, expect, it } from 'vitest';
import { OTHER, SpendCells } from '../../src/ledger/spend-cells.ts';
import { rowOf } from './rows.ts';

const shown = (cells: SpendCells) =>
  [...cells].map(({ provider, model, tenant, tally }) => [provider, model, tenant, tally.sum().attempts]);

describe('SpendCells', () => {
  it('tell provider, model and tenant apart', () => {
    const cells = new SpendCells();
    for (const tenant of ['a', 'b', 'a', undefined]) cells.add(rowOf({ tenant }));
    cells.add(rowOf({ model: 'model-2' }));
    cells.add(rowOf({ provider: 'other' }));
    expect(shown(cells)).toEqual([
      ['acme', 'model-1', 'a', 2],
      ['acme', 'model-1', 'b', 1],
      ['acme', 'model-1', undefined, 1],
      ['acme', 'model-2', undefined, 1],
      ['other', 'model-1', undefined, 1],
    ]);
  });

  it('do not take one pair of names for another', () => {
    const cells = new SpendCells();
    cells.add(rowOf({ model: 'x', tenant: 'y z' }));
    cells.add(rowOf({ model: 'x y', tenant: 'z' }));
    cells.add(rowOf({ model: 'xy', tenant: ' z' }));
    expect([...cells]).toHaveLength(3);
  });

  it('put tenants beyond the cap together, those known before go on as they are', () => {
    const cells = new SpendCells(2);
    for (const tenant of ['a', 'b', 'c', 'd', 'a']) cells.add(rowOf({ tenant }));
    expect(shown(cells)).toEqual([
      ['acme', 'model-1', 'a', 2],
      ['acme', 'model-1', 'b', 1],
      ['acme', 'model-1', OTHER, 2],
    ]);
  });

  it('put models together too when there are too many of them, and lose no attempt', () => {
    const cells = new SpendCells(2);
    for (let at = 0; at < 100; at++) cells.add(rowOf({ model: `m${at}`, tenant: `t${at}` }));
    const all = shown(cells);
    expect(all.length).toBeLessThanOrEqual(5);
    expect(all.at(-1)).toEqual(['acme', OTHER, OTHER, 96]);
    expect(all.reduce((sum, [, , , attempts]) => sum + Number(attempts), 0)).toBe(100);
  });
});
