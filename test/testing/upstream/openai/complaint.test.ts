import { describe, expect, it } from 'vitest';
import {
  complain,
  emptyArray,
  firstComplaint,
  missing,
  unknownKey,
  wrongType,
} from '../../../../src/testing/upstream/openai/complaint.ts';

describe('unknownKey', () => {
  it('tells the first key that is not allowed, with its path', () => {
    const allowed = new Set(['role']);
    expect(unknownKey({ role: 'user' }, allowed)).toBeUndefined();
    expect(unknownKey({ role: 'user', odd: 1, other: 2 }, allowed, 'messages[0]')).toEqual({
      param: 'messages[0].odd',
      code: 'unknown_parameter',
      message: "Unknown parameter: 'messages[0].odd'.",
    });
    expect(unknownKey({ odd: 1 }, allowed)?.param).toBe('odd');
  });
});

describe('the words', () => {
  it.each([
    [missing('a.b'), 'missing_required_parameter', "Missing required parameter: 'a.b'."],
    [wrongType('a.b', 'a string'), 'invalid_type', "Invalid type for 'a.b': expected a string."],
    [emptyArray('a.b'), 'empty_array', /^Invalid 'a\.b': empty array/],
  ])('%j', (complaint, code, message) => {
    expect(complaint).toMatchObject({ param: 'a.b', code });
    expect(complaint.message).toMatch(message);
  });
});

describe('firstComplaint', () => {
  it('asks no further than it must', () => {
    const asked: number[] = [];
    const check = (n: number, found: boolean) => () => {
      asked.push(n);
      return found ? complain(String(n), null, '') : undefined;
    };
    expect(firstComplaint(check(1, false), check(2, true), check(3, true))?.param).toBe('2');
    expect(asked).toEqual([1, 2]);
    expect(firstComplaint(check(4, false))).toBeUndefined();
  });
});
