import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTooDeep,
  isWellFormed,
  toWellFormed,
  wellFormedJson,
} from '../../../../src/providers/anthropic/encode/well-formed.ts';
import { deepFreeze, encode, text, tool, user } from './encoding.ts';

const LONE = '\ud83d';

describe('wellFormedJson', () => {
  it('MSG-30 replaces lone surrogates in texts and keys, at any depth', () => {
    const value = deepFreeze({ a: [`x${LONE}`, { [`k${LONE}`]: 1, b: 'ok' }], c: '😀\0' });
    expect(wellFormedJson(value)).toEqual({ a: ['x\ufffd', { 'k\ufffd': 1, b: 'ok' }], c: '😀\0' });
  });

  it('shares what needs no change', () => {
    const clean = { list: [1, null, true, 'text'] };
    const value = { clean, dirty: LONE };
    expect(wellFormedJson(clean)).toBe(clean);
    expect(Reflect.get(wellFormedJson(value), 'clean')).toBe(clean);
  });

  it('keeps keys that name a prototype as data', () => {
    const value = JSON.parse(`{"__proto__":{"x":"\\ud83d"},"constructor":1}`);
    const clean = wellFormedJson(value);
    expect(Object.keys(clean)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
  });

  it('leaves every text well formed, and is idempotent', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.string({ unit: 'binary' }), (value, extra) => {
        const clean = wellFormedJson({ value, extra, broken: `${extra}${LONE}` });
        expect(isWellFormed(JSON.stringify(clean).replace(/\\u[dD][89a-fA-F]../g, LONE))).toBe(true);
        expect(wellFormedJson(clean)).toBe(clean);
      }),
      { numRuns: 200 },
    );
  });
});

describe('MSG-30 in a request', () => {
  it('covers messages, tools and stop sequences, and keeps NUL', () => {
    const { body } = encode({
      messages: [user(`a${LONE}\0`)],
      tools: [tool('f', undefined, { description: LONE })],
      stop: `x${LONE}`,
    });
    expect(body.messages[0]?.content).toEqual([text('a\ufffd\0')]);
    expect(body.tools?.[0]?.description).toBe('\ufffd');
    expect(body['stop_sequences']).toEqual(['x\ufffd']);
  });
});

describe('isWellFormed and toWellFormed', () => {
  it.each([
    ['', true],
    ['abc 中文 😀', true],
    ['\udc00', false],
    [`a${LONE}b`, false],
  ])('%j: %s', (value, expected) => {
    expect(isWellFormed(value)).toBe(expected);
    expect(toWellFormed(value) === value).toBe(expected);
  });
});

describe('isTooDeep', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

  it('counts levels and ends at the limit', () => {
    expect(isTooDeep('text')).toBe(false);
    expect(isTooDeep(nested(500))).toBe(false);
    expect(isTooDeep(nested(501))).toBe(true);
    expect(isTooDeep(nested(100_000))).toBe(true);
    expect(isTooDeep({ a: { b: [] } }, 2)).toBe(true);
  });
});
