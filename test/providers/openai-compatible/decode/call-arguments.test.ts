import { describe, expect, it } from 'vitest';
import { argumentText, isWhole } from '../../../../src/providers/openai-compatible/decode/call-arguments.ts';

describe('arguments', () => {
  it.each([
    ['text', '{"a":', '{"a":'],
    ['an object (G5)', { a: [1, null] }, '{"a":[1,null]}'],
    ['an empty object', {}, '{}'],
    ['null', null, ''],
    ['nothing', undefined, ''],
    ['a number', 7, ''],
    ['keys of a prototype (V13)', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ])('are read as text from %s', (_, value, text) => {
    expect(argumentText(value)).toBe(text);
  });

  it.each([
    ['{}', true],
    [' {"a":1}\n', true],
    ['{"a":{"b":1}', false],
    ['{"a":1', false],
    ['', false],
    [' ', false],
    ['"}"', false],
    ['}', false],
  ])('are whole or not: %j is %s', (text, whole) => {
    expect(isWhole(text)).toBe(whole);
  });
});
