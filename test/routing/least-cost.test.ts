import { describe, expect, it } from 'vitest';
import { leastCost } from '../../src/routing/least-cost.ts';
import { candidate, labelsBy, viewWith } from './view.ts';

const costs = { 'acme/dear': 0.5, 'acme/cheap': 0.001, 'acme/free': 0 };

describe('leastCost', () => {
  it('is known by its name', () => {
    expect(leastCost().name).toBe('least_cost');
  });

  it('goes by what the request would cost; the unknown comes last, and free first', () => {
    const set = ['unknown', 'dear', 'free', 'cheap'].map((model) => candidate(model));
    expect(labelsBy(leastCost(), set, viewWith({ costs }))).toEqual([
      'acme/free',
      'acme/cheap',
      'acme/dear',
      'acme/unknown',
    ]);
  });

  it('within a tier only', () => {
    const set = [candidate('dear'), candidate('cheap', 1)];
    expect(labelsBy(leastCost(), set, viewWith({ costs }))).toEqual(['acme/dear', 'acme/cheap']);
  });

  it('asks for no price where there is no choice', () => {
    const view = { ...viewWith({}), costUsdOf: () => expect.unreachable() };
    expect(labelsBy(leastCost(), [candidate('dear'), candidate('cheap', 1)], view)).toHaveLength(2);
  });
});
