import { describe, expect, it } from 'vitest';
import { isObject, listOf, objectOf, parseJson, textOf } from '../../../src/testing/upstream/read-json.ts';

describe.each([
  { name: 'object', value: { a: 1 } },
  { name: 'list', value: [1] },
  { name: 'text', value: 'a' },
  { name: 'number', value: 1 },
  { name: 'null', value: null },
  { name: 'undefined', value: undefined },
])('a value that is $name', ({ name, value }) => {
  it('is an object only when it is one', () => {
    expect(isObject(value)).toBe(name === 'object');
    expect(objectOf(value)).toEqual(name === 'object' ? { a: 1 } : {});
  });

  it('is a list only when it is one', () => {
    expect(listOf(value)).toEqual(name === 'list' ? [1] : []);
  });

  it('is text only when it is text', () => {
    expect(textOf(value)).toBe(name === 'text' ? 'a' : undefined);
  });
});

describe('parseJson', () => {
  it('reads JSON, and calls anything else undefined', () => {
    expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
    expect(parseJson('null')).toBeNull();
    expect(parseJson('{"a":')).toBeUndefined();
    expect(parseJson('')).toBeUndefined();
  });
});
