import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsage, promptTokens, tokenCount, type Usage, usageBuckets } from '../../src/usage/usage.ts';

const count = fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined });
const usage: fc.Arbitrary<Usage> = fc
  .tuple(...usageBuckets.map(() => count))
  .map((counts) =>
    Object.fromEntries(
      usageBuckets.map((bucket, index) => [bucket, counts[index]]).filter(([, n]) => n !== undefined),
    ),
  );

describe('promptTokens', () => {
  it.each<[Usage, number | undefined]>([
    [{ inputTokens: 10 }, 10],
    [{ inputTokens: 0 }, 0],
    [{ inputTokens: 10, cacheReadTokens: 5, cacheWrite5mTokens: 3, cacheWrite1hTokens: 2 }, 20],
    [{ inputTokens: 0, cacheReadTokens: 5 }, 5],
    [{ inputTokens: 10, outputTokens: 99, reasoningTokens: 50 }, 10],
    [{ cacheReadTokens: 5 }, undefined],
    [{}, undefined],
  ])('of %o is %s (USE-1)', (given, expected) => {
    expect(promptTokens(given)).toBe(expected);
  });
});

describe('addUsage', () => {
  it('adds bucket by bucket', () => {
    const left = { inputTokens: 1, cacheReadTokens: 2, outputTokens: 3 };
    expect(addUsage(left, { inputTokens: 10, outputTokens: 30, reasoningTokens: 5 })).toEqual({
      ...{ inputTokens: 11, cacheReadTokens: 2, outputTokens: 33, reasoningTokens: 5 },
    });
  });

  it('keeps a bucket unknown on both sides unknown, not 0', () => {
    expect(addUsage({}, {})).toEqual({});
    expect('outputTokens' in addUsage({ inputTokens: 1 }, { inputTokens: 1 })).toBe(false);
    expect(addUsage({ outputTokens: 0 }, {})).toEqual({ outputTokens: 0 });
  });

  it('carries no fact of one attempt over to the sum', () => {
    const left = { inputTokens: 1, billed: false, partial: true, modifiers: { speed: 'fast' } };
    expect(addUsage(left, { inputTokens: 1 })).toEqual({ inputTokens: 2 });
  });

  it('changes neither side, commutes and associates', () => {
    fc.assert(
      fc.property(usage, usage, usage, (a, b, c) => {
        const before = JSON.stringify([a, b]);
        expect(addUsage(a, b)).toEqual(addUsage(b, a));
        expect(addUsage(addUsage(a, b), c)).toEqual(addUsage(a, addUsage(b, c)));
        expect(addUsage(a, {})).toEqual(a);
        expect(JSON.stringify([a, b])).toBe(before);
      }),
      { numRuns: 200 },
    );
  });
});

describe('tokenCount', () => {
  it.each([0, 1, 4_096, Number.MAX_SAFE_INTEGER])('trusts %d', (value) => {
    expect(tokenCount(value)).toBe(value);
  });

  it.each([
    -5,
    -1,
    0.5,
    '12',
    '',
    null,
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    12n,
    true,
    [],
    {},
  ])('does not trust %s (U2)', (value) => {
    expect(tokenCount(value)).toBeUndefined();
  });

  it('does not trust 1e999, as JSON may bring it', () => {
    expect(tokenCount(JSON.parse('1e999'))).toBeUndefined();
  });

  it('takes -0 for nothing', () => {
    expect(tokenCount(-0)).toBe(-0);
    expect(addUsage({ inputTokens: -0 }, { inputTokens: 3 }).inputTokens).toBe(3);
  });
});

describe('usageBuckets', () => {
  it('lists each bucket once', () => {
    expect(new Set(usageBuckets).size).toBe(usageBuckets.length);
    expect(usageBuckets).toContain('cacheWrite1hTokens');
  });
});
