import { ProviderError } from 'runestone';
import { describe, expect, it } from 'vitest';
import { must, mustEqual, mustFail } from '../../../src/testing/conformance/must.ts';

const overloaded = new ProviderError({ provider: 'a', code: 'overloaded', message: 'busy' });

describe('what must be', () => {
  it('is silent when it is so', () => {
    expect(() => must(true, 'it')).not.toThrow();
    expect(() => mustEqual({ a: [1, undefined] }, { a: [1, undefined] }, 'it')).not.toThrow();
    expect(mustFail(overloaded, ['connection', 'overloaded'], 'it')).toBe(overloaded);
  });

  it.each<[string, () => void, string]>([
    ['a fact', () => must(false, 'it must rain'), 'conformance: it must rain'],
    ['a value', () => mustEqual([1], [2], 'the list'), 'conformance: the list must be [2], and is [1]'],
    ['nothing', () => mustEqual(undefined, 1, 'the one'), 'conformance: the one must be 1, and is undefined'],
    [
      'no error',
      () => mustFail(undefined, ['overloaded'], 'a call'),
      'conformance: a call must throw a ProviderError (`overloaded`), and threw undefined',
    ],
    [
      'a foreign error',
      () => mustFail(new TypeError('no'), ['overloaded', 'timeout'], 'a call'),
      'conformance: a call must throw a ProviderError (`overloaded` or `timeout`), and threw TypeError: no',
    ],
    [
      'another code',
      () => mustFail(overloaded, ['timeout'], 'a call'),
      'conformance: a call must throw `timeout`, and threw `overloaded`',
    ],
  ])('says of %s what should have been', (_, check, message) => {
    expect(check).toThrow(new Error(message));
  });
});
