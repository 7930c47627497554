import { describe, expect, it } from 'vitest';
import { literal, members } from '../../../scripts/models/literal.ts';

describe('literal', () => {
  it.each([
    [1_000_000, '1000000'],
    [false, 'false'],
    ['it’s', "'it’s'"],
    ["a'b\\c", "'a\\'b\\\\c'"],
    [[], '[]'],
    [['a', 2], "['a', 2]"],
    [{ a: 1, b: { c: ['d'] } }, "{ a: 1, b: { c: ['d'] } }"],
  ])('writes %j as %s', (value, text) => {
    expect(literal(value)).toBe(text);
  });

  it('leaves out what is undefined', () => {
    expect(members({ a: undefined, b: 0 })).toBe('b: 0');
  });
});
