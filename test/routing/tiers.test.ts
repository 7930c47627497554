import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byTier, sortedBy, twoChoices } from '../../src/routing/tiers.ts';
import { candidate, drawn } from './view.ts';

const models = (candidates: readonly { target: { model: string } }[]) =>
  candidates.map(({ target }) => target.model);

describe('byTier', () => {
  it('puts each tier in order by itself, lower ones first', () => {
    const mixed = [candidate('a', 1), candidate('b', 0), candidate('c', 1), candidate('d', 0)];
    expect(models(byTier(mixed, (equals) => [...equals].reverse()))).toEqual(['d', 'b', 'c', 'a']);
  });
});

describe('twoChoices', () => {
  const equals = ['a', 'b', 'c', 'd'].map((model) => candidate(model));
  const rank = ({ target }: { target: { model: string } }): number => 'dcba'.indexOf(target.model);

  it('takes the better of two different ones, and sorts the rest', () => {
    // Draws `a`, then the one after it: `b` is better.
    expect(models(twoChoices(equals, rank, () => 0))).toEqual(['b', 'd', 'c', 'a']);
  });

  it('keeps everybody, and never takes the worst of all first', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const ordered = models(twoChoices(equals, rank, drawn(seed)));
        expect([...ordered].sort()).toEqual(['a', 'b', 'c', 'd']);
        expect(ordered[0]).not.toBe('a');
      }),
      { numRuns: 200 },
    );
  });

  it('does not always take the best: that would send all at once to one', () => {
    const random = drawn();
    const firsts = Array.from({ length: 300 }, () => models(twoChoices(equals, rank, random))[0]);
    expect(new Set(firsts).size).toBeGreaterThan(1);
  });

  it('leaves one alone, and nobody', () => {
    expect(models(twoChoices([candidate('a')], rank, () => expect.unreachable()))).toEqual(['a']);
    expect(twoChoices([], rank, () => 0)).toEqual([]);
  });
});

describe('sortedBy', () => {
  it('keeps the order of equals, and what it was given', () => {
    const given = Object.freeze([candidate('b'), candidate('a'), candidate('c')]);
    expect(models(sortedBy(given, () => 1))).toEqual(['b', 'a', 'c']);
    expect(models(sortedBy(given, ({ target }) => target.model.charCodeAt(0)))).toEqual(['a', 'b', 'c']);
  });
});
