import { describe, expect, it } from 'vitest';
import { ReasoningJoin } from '../../src/chat/reasoning-join.ts';

/** `|` ends a block, anything else is a piece of text. */
const joined = (...steps: readonly string[]): string => {
  const join = new ReasoningJoin();
  let text = '';
  for (const step of steps) {
    if (step === '|') join.endBlock();
    else text += join.next(step);
  }
  return text;
};

describe('RES-8: ReasoningJoin', () => {
  it.each([
    ['one block', ['a', 'b'], 'ab'],
    ['two blocks', ['a', '|', 'b'], 'a\nb'],
    ['three blocks', ['a', '|', 'b', '|', 'c', 'd'], 'a\nb\ncd'],
    ['a block that said nothing', ['a', '|', '|', 'b'], 'a\nb'],
    ['nothing before', ['|', 'a'], 'a'],
    ['nothing after', ['a', '|'], 'a'],
    ['an empty piece after a block', ['a', '|', '', 'b'], 'a\nb'],
    ['an empty piece at first', ['', '|', 'a'], 'a'],
    ['nothing at all', [], ''],
  ])('%s', (_, steps, text) => {
    expect(joined(...steps)).toBe(text);
  });
});
