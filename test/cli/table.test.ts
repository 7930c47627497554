import { describe, expect, it } from 'vitest';
import { money, table } from '../../src/cli/table.ts';

describe('a table', () => {
  it('has columns as wide as what stands in them, and no blanks at the end of a line', () => {
    expect(table(['a', 'long title'], [['wide cell', 'x'], ['y']])).toBe(
      'a          long title\nwide cell  x\ny\n',
    );
  });
});

describe('money', () => {
  it.each([
    [undefined, 'unknown cost'],
    [0, '0.00 USD'],
    [0.000_123, '0.000123 USD'],
    [12.345, '12.35 USD'],
  ])('%d is read as %s', (usd, text) => {
    expect(money(usd)).toBe(text);
  });
});
