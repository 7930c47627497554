import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priority } from '../../src/routing/priority.ts';
import type { Candidate } from '../../src/routing/strategy.ts';
import { requestContext, silent, targetOf } from '../contexts.ts';

const candidate = (model: string, tier = 0, weight = 1): Candidate => ({
  target: targetOf(silent, { model }),
  tier,
  weight,
});

const order = (candidates: readonly Candidate[]): string[] =>
  priority()
    .order(candidates, requestContext())
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
        const ordered = priority().order(candidates, requestContext());
        expect([...ordered].sort(byModel)).toEqual([...candidates].sort(byModel));
        expect(ordered.map(({ tier }) => tier)).toEqual(candidates.map(({ tier }) => tier).sort());
        expect(priority().order(candidates, requestContext())).toEqual(ordered);
      }),
      { numRuns: 200 },
    );
  });
});

function byModel(a: Candidate, b: Candidate): number {
  return a.target.model < b.target.model ? -1 : a.target.model > b.target.model ? 1 : a.tier - b.tier;
}
