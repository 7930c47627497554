import { describe, expect, it } from 'vitest';
import { Affinity, isWithinBound } from '../../src/pool/affinity.ts';
import { requestContext, silent, targetOf } from '../contexts.ts';

const home = targetOf(silent, { model: 'home' });
const other = targetOf(silent, { model: 'other' });
const turn = (sessionId?: string) => requestContext({ sessionId });
const usage = { inputTokens: 10, cacheReadTokens: 700, cacheWrite5mTokens: 200, cacheWrite1hTokens: 90 };

function setUp() {
  const clock = { now: 0 };
  return { clock, affinity: new Affinity(() => clock.now) };
}

describe('a conversation', () => {
  it('is at home where it was answered last', () => {
    const { affinity } = setUp();
    expect(affinity.homeOf(turn('s'))).toBeUndefined();
    affinity.answered(turn('s'), home, usage);
    expect(affinity.homeOf(turn('s'))).toBe('acme/home');
    affinity.answered(turn('s'), other, usage);
    expect(affinity.homeOf(turn('s'))).toBe('acme/other');
    expect(affinity.homeOf(turn('t'))).toBeUndefined();
  });

  it('for as long as its cache lives since its last turn', () => {
    const { affinity, clock } = setUp();
    affinity.answered(turn('s'), home, usage);
    clock.now = 299_999;
    expect(affinity.homeOf(turn('s'))).toBe('acme/home');
    affinity.answered(turn('s'), home, usage);
    clock.now = 599_000;
    expect(affinity.homeOf(turn('s'))).toBe('acme/home');
    clock.now = 700_000;
    expect(affinity.homeOf(turn('s'))).toBeUndefined();
  });

  it('without a session it has none', () => {
    const { affinity } = setUp();
    affinity.answered(turn(), home, usage);
    expect(affinity.homeOf(turn())).toBeUndefined();
  });

  it('has as many tokens in the cache there as were read or written, and none elsewhere', () => {
    const { affinity, clock } = setUp();
    affinity.answered(turn('s'), home, usage);
    expect(affinity.cachedTokens(turn('s'), home)).toBe(990);
    expect(affinity.cachedTokens(turn('s'), other)).toBe(0);
    affinity.answered(turn('s'), home, undefined);
    expect(affinity.cachedTokens(turn('s'), home)).toBe(0);
    clock.now = 400_000;
    expect(affinity.cachedTokens(turn('s'), home)).toBe(0);
  });

  it('of many, the one silent for longest is forgotten', () => {
    const { affinity } = setUp();
    for (let n = 0; n < 10_000; n++) affinity.answered(turn(`s${n}`), home, usage);
    affinity.answered(turn('s0'), home, usage);
    affinity.answered(turn('new'), home, usage);
    expect(affinity.homeOf(turn('s0'))).toBe('acme/home');
    expect(affinity.homeOf(turn('s1'))).toBeUndefined();
  });
});

describe('isWithinBound', () => {
  it.each([
    [0, 0, 2, true],
    [1, 1, 2, true],
    [2, 2, 2, false],
    [5, 10, 2, true],
    [7, 10, 2, false],
    [9, 9, 1, true],
  ])('%s of %s under way at %s equals: %s', (atHome, all, equals, within) => {
    expect(isWithinBound({ home: atHome, all }, equals)).toBe(within);
  });
});
