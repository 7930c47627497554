import { describe, expect, it } from 'vitest';
import { roundRobin } from '../../src/routing/round-robin.ts';
import { candidate, labelsBy } from './view.ts';

const first = (labels: readonly string[]) => labels[0]?.replace('acme/', '');

describe('roundRobin', () => {
  it('is known by its name', () => {
    expect(roundRobin().name).toBe('round_robin');
  });

  it('begins with the next one each time, and goes on from there', () => {
    const strategy = roundRobin();
    const three = ['a', 'b', 'c'].map((model) => candidate(model));
    const turns = Array.from({ length: 4 }, () => labelsBy(strategy, three));
    expect(turns.map(first)).toEqual(['a', 'b', 'c', 'a']);
    expect(turns[1]).toEqual(['acme/b', 'acme/c', 'acme/a']);
  });

  it('within a tier only, and for each set of equals by itself', () => {
    const strategy = roundRobin();
    const fast = [candidate('a'), candidate('b'), candidate('spare', 1)];
    const slow = [candidate('x'), candidate('y')];
    const turns = [fast, slow, fast, slow].map((set) => labelsBy(strategy, set));
    expect(turns.map(first)).toEqual(['a', 'x', 'b', 'y']);
    expect(turns[2]).toEqual(['acme/b', 'acme/a', 'acme/spare']);
  });

  it('two strategies count apart', () => {
    const pair = [candidate('a'), candidate('b')];
    labelsBy(roundRobin(), pair);
    expect(first(labelsBy(roundRobin(), pair))).toBe('a');
  });

  it('remembers a bounded number of sets', () => {
    const strategy = roundRobin();
    const pair = [candidate('a'), candidate('b')];
    labelsBy(strategy, pair);
    for (let n = 0; n < 1_000; n++) labelsBy(strategy, [candidate(`x${n}`), candidate(`y${n}`)]);
    expect(first(labelsBy(strategy, pair))).toBe('a');
  });
});
