import { describe, expect, it } from 'vitest';
import {
  numberIn,
  reconciledFigures,
  recordIn,
  statedFigures,
  textIn,
  toNano,
} from '../../../src/ledger/reconcile/usage-line.ts';

describe('numberIn', () => {
  it.each([
    [{ a: 5 }, 5],
    [{ a: '5.0' }, 5],
    [{ a: ' 7 ' }, 7],
    [{ a: 0 }, 0],
    [{ a: '' }, undefined],
    [{ a: null }, undefined],
    [{ a: 'many' }, undefined],
    [{ a: Number.NaN }, undefined],
    [{ b: 3 }, 3],
    [{ a: '', b: 3 }, 3],
    [{}, undefined],
  ])('of %j', (record, expected) => {
    expect(numberIn(record, 'a', 'b')).toBe(expected);
  });
});

describe('textIn and recordIn', () => {
  it('find what is of their kind', () => {
    const record = { a: 1, b: '', c: 'x', d: { e: 2 }, f: [1] };
    expect(textIn(record, 'a', 'b', 'c')).toBe('x');
    expect(textIn(record, 'a')).toBeUndefined();
    expect(recordIn(record, 'd')).toEqual({ e: 2 });
    expect([recordIn(record, 'c'), recordIn(record, 'f'), recordIn(record, 'g')]).toEqual([{}, {}, {}]);
  });
});

describe('statedFigures', () => {
  it('keeps figures of 0, and leaves out those that are unknown', () => {
    expect(statedFigures({ inputTokens: 0, outputTokens: undefined, costUsd: 5 })).toEqual({
      inputTokens: 0,
      costUsd: 5,
    });
    expect(statedFigures({})).toEqual({});
    expect(reconciledFigures).toHaveLength(7);
  });
});

describe('toNano', () => {
  it.each([
    [0.1, 100_000_000],
    [1.2378912, 1_237_891_200],
    [undefined, undefined],
  ])('of %s dollars', (usd, nano) => {
    expect(toNano(usd)).toBe(nano);
  });
});
