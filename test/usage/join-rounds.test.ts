import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinRounds } from '../../src/usage/join-rounds.ts';

describe('FIN-8: the usage of several rounds', () => {
  it('of one round is that round', () => {
    const usage = { inputTokens: 3, outputTokens: 5 };
    expect(joinRounds(undefined, usage)).toBe(usage);
  });

  it('adds what was written, and keeps what was read last', () => {
    const before = { inputTokens: 100, cacheReadTokens: 7, outputTokens: 20, reasoningTokens: 4 };
    const now = { inputTokens: 130, cacheReadTokens: 50, outputTokens: 8, reasoningTokens: 1 };
    expect(joinRounds(before, now)).toEqual({
      inputTokens: 130,
      cacheReadTokens: 50,
      outputTokens: 28,
      reasoningTokens: 5,
    });
  });

  it.each([
    [{ webSearchRequests: 2 }, { webSearchRequests: 1, webFetchRequests: 3 }],
    [{ webSearchRequests: 3, webFetchRequests: 3 }, undefined],
    [undefined, { webSearchRequests: 3, webFetchRequests: 3 }],
  ])('adds the calls of server tools: %o and %o', (before, now) => {
    const joined = joinRounds(
      { ...(before && { serverTools: before }) },
      { ...(now && { serverTools: now }) },
    );
    expect(joined.serverTools).toEqual({ webSearchRequests: 3, webFetchRequests: 3 });
  });

  it('leaves unknown what no round knew, and invents no 0', () => {
    expect(joinRounds({ inputTokens: 1 }, { inputTokens: 2 })).toEqual({ inputTokens: 2 });
    expect(joinRounds({ outputTokens: 4 }, { inputTokens: 2 })).toEqual({ inputTokens: 2, outputTokens: 4 });
  });

  it('keeps all else of the last round', () => {
    const now = { outputTokens: 1, modifiers: { speed: 'fast' }, partial: true };
    expect(joinRounds({ outputTokens: 1, billed: false }, now)).toEqual({ ...now, outputTokens: 2 });
  });

  it('comes to the same, however rounds are gathered', () => {
    const usage = fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat(), reasoningTokens: fc.nat() });
    fc.assert(
      fc.property(usage, usage, usage, (one, two, three) => {
        expect(joinRounds(joinRounds(one, two), three)).toEqual(joinRounds(one, joinRounds(two, three)));
      }),
      { numRuns: 200 },
    );
  });
});
