import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priority } from '../../src/routing/priority.ts';
import type { Candidate } from '../../src/routing/strategy.ts';
import { requestContext } from '../contexts.ts';
import { candidate, labelsBy, viewWith } from './view.ts';

const order = (candidates: readonly Candidate[]): string[] =>
  priority()
    .order(candidates, requestContext(), viewWith({}))
    .map(({ target }) => target.model);

describe('priority', () => {
  it('is known by its name', () => {
    expect(priority().name).toBe('priority');
  });

  it.each([
    ['nothing', [], []],
    ['equals as they were declared', [candidate('b'), candidate('a'), candidate('c')], ['b', 'a', 'c']],
    ['lower tiers first', [candidate('b', 2), candidate('a', 0), candidate('c', 1)], ['a', 'c', 'b']],
    [
      'declared order within a tier',
      [candidate('d', 1), candidate('b'), candidate('c', 1), candidate('a')],
      ['b', 'a', 'd', 'c'],
    ],
    [
      'weights, which are for balancers, as nothing',
      [candidate('a', 0, 1), candidate('b', 0, 9)],
      ['a', 'b'],
    ],
  ])('orders %s', (_, candidates, expected) => {
    expect(order(candidates)).toEqual(expected);
  });

  it('keeps every candidate, goes the same way each time, and changes nothing', () => {
    const lists = fc.array(fc.tuple(fc.string(), fc.nat(3)), { maxLength: 8 });
    fc.assert(
      fc.property(lists, (drawn) => {
        const candidates = Object.freeze(drawn.map(([model, tier]) => candidate(model, tier)));
        const ordered = priority().order(candidates, requestContext(), viewWith({}));
        expect([...ordered].sort(byModel)).toEqual([...candidates].sort(byModel));
        expect(ordered.map(({ tier }) => tier)).toEqual(candidates.map(({ tier }) => tier).sort());
        expect(priority().order(candidates, requestContext(), viewWith({}))).toEqual(ordered);
      }),
      { numRuns: 200 },
    );
  });
});

describe('several keys of one provider', () => {
  const keys = [0, 1, 2].map((key) => candidate('m', 0, 1, key));
  const other = candidate('other');

  it('go by load: the lighter of two drawn comes first', () => {
    const loads = { 'acme/m': { outstandingTokens: 900 }, 'acme[1]/m': { outstandingTokens: 100 } };
    // 0 draws the first and the one after it.
    expect(labelsBy(priority(), keys, viewWith({ loads }))).toEqual(['acme[1]/m', 'acme[2]/m', 'acme/m']);
  });

  it('stay together, in the place where they were declared', () => {
    const loads = { 'acme/m': { outstandingTokens: 900 } };
    expect(labelsBy(priority(), [other, ...keys], viewWith({ loads }))[0]).toBe('acme/other');
    expect(labelsBy(priority(), [...keys, other], viewWith({ loads })).at(-1)).toBe('acme/other');
  });

  it('nothing is looked at where there is one key', () => {
    const view = { ...viewWith({}), loadOf: () => expect.unreachable() };
    expect(labelsBy(priority(), [other, candidate('m')], view)).toEqual(['acme/other', 'acme/m']);
  });
});

function byModel(a: Candidate, b: Candidate): number {
  return a.target.model < b.target.model ? -1 : a.target.model > b.target.model ? 1 : a.tier - b.tier;
}
