import { describe, expect, it } from 'vitest';
import { leastLatency } from '../../src/routing/least-latency.ts';
import { candidate, drawn, labelsBy, viewWith } from './view.ts';

const pair = [candidate('a'), candidate('b')];

describe('leastLatency', () => {
  it('is known by its name', () => {
    expect(leastLatency().name).toBe('least_latency');
  });

  it.each([
    ['who answers sooner', { ttftMs: 300 }, { ttftMs: 200 }],
    ['who is less busy', { ttftMs: 200, inFlight: 2 }, { ttftMs: 200, inFlight: 0 }],
    ['who has fewer tokens on the way', { ttftMs: 200, outstandingTokens: 9_000 }, { ttftMs: 200 }],
    [
      'who is through with them sooner',
      { ttftMs: 200, outstandingTokens: 900, msPerToken: 20 },
      { ttftMs: 200, outstandingTokens: 900, msPerToken: 5 },
    ],
    ['who is not known to be slow', { ttftMs: 3_000 }, {}],
  ])('prefers %s', (_, a, b) => {
    expect(labelsBy(leastLatency(), pair, viewWith({ loads: { 'acme/a': a, 'acme/b': b } }))[0]).toBe(
      'acme/b',
    );
    expect(labelsBy(leastLatency(), pair, viewWith({ loads: { 'acme/a': b, 'acme/b': a } }))[0]).toBe(
      'acme/a',
    );
  });

  it('does not send everybody to the newcomer', () => {
    const loads = { 'acme/a': { ttftMs: 800 }, 'acme/b': { inFlight: 5 } };
    expect(labelsBy(leastLatency(), pair, viewWith({ loads }))[0]).toBe('acme/a');
  });

  it('spreads over several that are as good, once they are busy', () => {
    const random = drawn();
    const set = ['a', 'b', 'c', 'd'].map((model) => candidate(model));
    const loads = Object.fromEntries(set.map(({ target }) => [target.label, { ttftMs: 100, inFlight: 0 }]));
    for (let n = 0; n < 400; n++) {
      const [first = ''] = labelsBy(leastLatency(), set, viewWith({ loads, random }));
      loads[first]!.inFlight += 1;
    }
    for (const { inFlight } of Object.values(loads)) expect(inFlight).toBeGreaterThan(80);
  });

  it('within a tier only', () => {
    const loads = { 'acme/a': { ttftMs: 5_000 } };
    const set = [candidate('a'), candidate('b', 1)];
    expect(labelsBy(leastLatency(), set, viewWith({ loads }))).toEqual(['acme/a', 'acme/b']);
  });
});
