import { describe, expect, it } from 'vitest';
import { weighted } from '../../src/routing/weighted.ts';
import { candidate, drawn, labelsBy, viewWith } from './view.ts';

describe('weighted', () => {
  it('is known by its name', () => {
    expect(weighted().name).toBe('weighted');
  });

  it('puts each first in proportion to its weight, and the rest likewise', () => {
    const strategy = weighted();
    const random = drawn(7);
    const three = [candidate('a', 0, 6), candidate('b', 0, 3), candidate('c', 0, 1)];
    const firsts: Record<string, number> = {};
    const seconds: Record<string, number> = {};
    for (let n = 0; n < 10_000; n++) {
      const [one = '', two = ''] = labelsBy(strategy, three, viewWith({ random }));
      firsts[one] = (firsts[one] ?? 0) + 1;
      if (one === 'acme/a') seconds[two] = (seconds[two] ?? 0) + 1;
    }
    expect(firsts['acme/a']! / 10_000).toBeCloseTo(0.6, 1);
    expect(firsts['acme/b']! / 10_000).toBeCloseTo(0.3, 1);
    expect(seconds['acme/b']! / firsts['acme/a']!).toBeCloseTo(0.75, 1);
  });

  it('within a tier only: a heavy spare stays a spare', () => {
    const set = [candidate('a'), candidate('spare', 1, 1_000)];
    expect(labelsBy(weighted(), set, viewWith({ random: drawn() }))).toEqual(['acme/a', 'acme/spare']);
  });

  it('has an answer for every draw, 0 included', () => {
    expect(labelsBy(weighted(), [candidate('a'), candidate('b')])).toHaveLength(2);
  });
});
