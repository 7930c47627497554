import { describe, expect, it } from 'vitest';
import { changesBetween, isSame } from '../../src/pool/changes.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { silent } from '../contexts.ts';

const acme = { ...silent, name: 'acme' };
const other = { ...silent, name: 'other' };

describe('what differs between options', () => {
  it.each<[string, Partial<PoolOptions>, Partial<PoolOptions>, string[]]>([
    ['nothing', {}, {}, []],
    ['nothing, written anew', { retry: { budget: { ratio: 1 } } }, { retry: { budget: { ratio: 1 } } }, []],
    ['a provider that comes', {}, { providers: [acme, other] }, ['providers.other']],
    ['a provider that goes', { providers: [acme, other] }, {}, ['providers.other']],
    ['another of the same name', {}, { providers: [{ ...acme }] }, ['providers.acme']],
    ['an alias that comes', {}, { models: { fast: ['acme/a'] } }, ['models.fast']],
    ['an alias that goes', { models: { fast: ['acme/a'] } }, { models: {} }, ['models.fast']],
    [
      'an alias that leads elsewhere',
      { models: { fast: ['acme/a'], slow: ['acme/b'] } },
      { models: { fast: ['acme/b'], slow: ['acme/b'] } },
      ['models.fast'],
    ],
    [
      'a rank',
      { models: { fast: [{ target: 'acme/a', weight: 1 }] } },
      { models: { fast: [{ target: 'acme/a', weight: 2 }] } },
      ['models.fast'],
    ],
    ['several sections', { breaker: false, strict: true }, { retry: false }, ['breaker', 'strict', 'retry']],
    ['a function', { routing: (all) => all }, { routing: (all) => all }, ['routing']],
  ])('is %s', (_, before, after, changed) => {
    const [one, two] = [before, after].map((options): PoolOptions => ({ providers: [acme], ...options }));
    expect(changesBetween(one ?? { providers: [] }, two ?? { providers: [] })).toEqual(changed);
  });

  it('is told without a value', () => {
    const before: PoolOptions = { providers: [acme] };
    const after: PoolOptions = {
      providers: [acme],
      cost: { prices: { secret: { inputUsdPerMTok: 1, outputUsdPerMTok: 2 } } },
    };
    expect(JSON.stringify(changesBetween(before, after))).toBe('["cost"]');
  });
});

describe('isSame', () => {
  const date = new Date(0);
  const fun = (): void => undefined;
  it.each<[unknown, unknown, boolean]>([
    [1, 1, true],
    [1, '1', false],
    [Number.NaN, Number.NaN, true],
    [undefined, null, false],
    [null, {}, false],
    [{}, {}, true],
    [[], [], true],
    [[], [1], false],
    [[1, [2]], [1, [2]], true],
    [{ a: { b: 1 } }, { a: { b: 2 } }, false],
    [{ a: undefined }, {}, true],
    [date, date, true],
    [date, new Date(0), false],
    [fun, fun, true],
    [fun, (): void => undefined, false],
  ])('%j and %j: %j', (one, other, same) => {
    expect(isSame(one, other)).toBe(same);
    expect(isSame(other, one)).toBe(same);
  });

  it('does not get lost in what goes round in circles', () => {
    const circle = (): object => {
      const made: Record<string, unknown> = {};
      made['self'] = made;
      return made;
    };
    expect(isSame(circle(), circle())).toBe(false);
  });
});
