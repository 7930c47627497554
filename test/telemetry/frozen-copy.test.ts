import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozenCopy } from '../../src/telemetry/frozen-copy.ts';

/** Every object in a tree, itself included. */
function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

function nested(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = { down: value };
  return value;
}

describe('frozenCopy', () => {
  it.each([undefined, null, 0, -0, Number.NaN, '', 'text', true, 7n, Symbol.for('x')])(
    'passes %s as it is',
    (value) => {
      expect(frozenCopy(value)).toBe(value);
    },
  );

  it('equals any JSON value, shares none of its objects, and is frozen all the way down', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const copy = frozenCopy(value);
        expect(copy).toEqual(value);
        const originals = new Set(objectsIn(value));
        for (const part of objectsIn(copy)) {
          expect(Object.isFrozen(part)).toBe(true);
          expect(originals.has(part)).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leaves the original open: a provider may still write to its running total', () => {
    const usage = { inputTokens: 1, serverTools: { webSearchRequests: 0 } };
    const copy = frozenCopy(usage);
    usage.inputTokens = 2;
    usage.serverTools.webSearchRequests = 9;
    expect(copy).toEqual({ inputTokens: 1, serverTools: { webSearchRequests: 0 } });
  });

  it('keeps `__proto__` a key (I1)', () => {
    const copy = frozenCopy(JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(Object.keys(copy ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy).not.toHaveProperty('polluted');
  });

  it('copies objects without a prototype', () => {
    const bare = Object.assign(Object.create(null), { a: [1] });
    const copy = frozenCopy(bare);
    expect(copy).toEqual({ a: [1] });
    expect([copy === bare, Object.isFrozen(copy), Object.isFrozen(bare.a)]).toEqual([false, true, false]);
  });

  it('passes instances of classes on, unfrozen: they are not ours', () => {
    const when = new Map([['a', 1]]);
    expect(frozenCopy({ when })).toEqual({ when });
    expect(Object.isFrozen(when)).toBe(false);
  });

  it('leaves out what lies absurdly deep, and cycles end there', () => {
    expect(frozenCopy(nested(8))).toEqual(nested(8));
    expect(JSON.stringify(frozenCopy(nested(100_000)))).not.toContain('bottom');
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => frozenCopy(cycle)).not.toThrow();
  });
});
