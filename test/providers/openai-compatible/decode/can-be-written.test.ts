import { describe, expect, it } from 'vitest';
import { canBeWritten } from '../../../../src/providers/openai-compatible/decode/can-be-written.ts';

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

describe('a value', () => {
  it.each([[undefined], [null], ['text'], [{ a: [1, { b: null }] }], [deep(100)]])(
    'can be written: %#',
    (value) => {
      expect(canBeWritten(value)).toBe(true);
    },
  );

  it('V14: cannot be written when it is nested too deeply', () => {
    expect(canBeWritten(deep(100_000))).toBe(false);
  });
});
