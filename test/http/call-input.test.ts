import { describe, expect, it } from 'vitest';
import { callInput, isWholeInput } from '../../src/http/call-input.ts';

describe('callInput', () => {
  it.each([
    ['{"city":"Oslo"}', { city: 'Oslo' }],
    ['', {}],
    [' \n', {}],
    ['{"__proto__":{"a":1}}', JSON.parse('{"__proto__":{"a":1}}')],
  ])('TL-H2 reads %j', (text, expected) => {
    expect(callInput(text)).toEqual(expected);
  });

  it.each(['{"city":"Os', '[1]', '"text"', 'null', '7', 'no JSON', '{}{}'])(
    'TL-H4 makes nothing of %j',
    (text) => {
      expect(callInput(text)).toBeUndefined();
    },
  );
});

describe('isWholeInput', () => {
  it.each([
    ['{}', true],
    ['{"a":{"b":1}} \n', true],
    ['', false],
    ['{"a":"}', false],
    ['{"a":1', false],
    ['[{}]', false],
  ])('of %j is %s', (text, expected) => {
    expect(isWholeInput(text)).toBe(expected);
  });
});
