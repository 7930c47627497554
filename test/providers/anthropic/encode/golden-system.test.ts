import { describe, expect, it } from 'vitest';
import {
  assistant,
  call,
  calls,
  messagesOf,
  outline,
  type RawRequest,
  result,
  system,
  user,
} from './encoding.ts';

/**
 * Conversations in letters, and what becomes of their later system messages: with system turns and without.
 *
 * `u` user, `a` assistant, `s` system, `t` an assistant that calls two tools, `r` their results, one at a time.
 * In the outcome `<s>` is marked text and `R` a result.
 */
const PLACED: readonly (readonly [letters: string, withTurns: string, without: string])[] = [
  ['u', 'u', 'u'],
  ['us', 'u | s', 'u <s>'],
  ['usa u', 'u | s | a | u', 'u <s> | a | u'],
  ['uas u', 'u | a | u | s', 'u | a | <s> u'],
  ['uas ua u', 'u | a | u | s | a | u', 'u | a | <s> u | a | u'],
  ['uuss', 'u u | s s', 'u u <s> <s>'],
  ['us u', 'u u | s', 'u <s> u'],
  ['us us', 'u <s> u | s', 'u <s> u <s>'],
  ['us us u', 'u <s> u u | s', 'u <s> u <s> u'],
  ['uasa u', 'u | a | <s> | a | u', 'u | a | <s> | a | u'],
  ['utrr', 'u | t | R R', 'u | t | R R'],
  ['utsrr', 'u | t | R R | s', 'u | t | R R <s>'],
  ['utrsr', 'u | t | R R | s', 'u | t | R R <s>'],
  ['utrrs', 'u | t | R R | s', 'u | t | R R <s>'],
  ['utrrsa u', 'u | t | R R | s | a | u', 'u | t | R R <s> | a | u'],
  ['utsrr u', 'u | t | R R u | s', 'u | t | R R <s> u'],
  ['utrsr usa u', 'u | t | R R <s> u | s | a | u', 'u | t | R R <s> u <s> | a | u'],
  ['utrr us', 'u | t | R R u | s', 'u | t | R R u <s>'],
  ['utu srr', 'u | t | R R u | s', 'u | t | R R u <s>'],
  ['as u', 'a | u | s', 'a | <s> u'],
];

function conversation(letters: string): readonly RawRequest[] {
  let turn = 0;
  let next = 0;
  const made: Readonly<Record<string, () => RawRequest>> = {
    u: () => user('u'),
    a: () => assistant('a'),
    s: () => system('s'),
    t: () => {
      turn++;
      next = 0;
      return calls(call(`${turn}-0`), call(`${turn}-1`));
    },
    r: () => result(`${turn}-${next++}`),
  };
  return [...letters.replaceAll(' ', '')].flatMap((letter): readonly RawRequest[] => {
    const message = made[letter]?.();
    return message ? [message] : [];
  });
}

/** The outcome in letters. */
function outcome(letters: string, model: string): string {
  const turns = outline(messagesOf(conversation(letters), { model }));
  return turns
    .map(([role, ...blocks]) => {
      if (blocks[0]?.startsWith('<tool_use')) return 't';
      const words = blocks.map((block) =>
        block.replace(/^<tool_result .*>$/, 'R').replace('<system-reminder>s</system-reminder>', '<s>'),
      );
      if (role === 'system') expect(words.every((word) => word === 's')).toBe(true);
      return words.join(' ');
    })
    .join(' | ');
}

describe('the place of later system messages', () => {
  it.each(PLACED)('MSG-2 MSG-3 MSG-4 MSG-5 %s', (letters, withTurns, without) => {
    expect(outcome(letters, 'claude-opus-4-8')).toBe(withTurns);
    expect(outcome(letters, 'claude-opus-4-7')).toBe(without);
  });
});
