import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cooldown, type cooldownDefaults } from '../../src/resilience/cooldown.ts';

function setUp(draw = 0.5) {
  const clock = { now: 1_000 };
  return {
    clock,
    cooldown: new Cooldown(
      () => clock.now,
      () => draw,
    ),
  };
}

describe('Cooldown', () => {
  it('starts with nothing to wait for', () => {
    expect(setUp().cooldown.remainingMs()).toBe(0);
  });

  it('counts down to 0 and not below', () => {
    const { clock, cooldown } = setUp();
    cooldown.extend(2_500);
    expect(cooldown.remainingMs()).toBe(2_500);
    clock.now += 2_499;
    expect(cooldown.remainingMs()).toBe(1);
    clock.now += 5_000;
    expect(cooldown.remainingMs()).toBe(0);
  });

  it.each([0, -5, Number.NaN])('ignores a named time of %d', (durationMs) => {
    const { cooldown } = setUp();
    cooldown.extend(1_000);
    cooldown.extend(durationMs);
    expect(cooldown.remainingMs()).toBe(1_000);
  });

  it.each([
    { first: 1_000, later: 'escalate', remainingMs: 15_000 },
    { first: 40_000, later: 'escalate', remainingMs: 40_000 },
    { first: 40_000, later: 1_000, remainingMs: 40_000 },
    { first: 1_000, later: 40_000, remainingMs: 40_000 },
  ])('P19: $first ms, then $later: the later of both stands', ({ first, later, remainingMs }) => {
    const { cooldown } = setUp();
    cooldown.extend(first);
    if (typeof later === 'number') cooldown.extend(later);
    else cooldown.escalate('rate_limited');
    expect(cooldown.remainingMs()).toBe(remainingMs);
  });

  it('P19: the deadline never moves earlier, whatever comes in whatever order', () => {
    const reason = fc.constantFrom('rate_limited', 'authentication', 'permission', 'quota_exhausted');
    const command = fc.oneof(
      fc.record({ kind: fc.constant('extend'), ms: fc.integer({ min: -10_000, max: 200_000 }) }),
      fc.record({ kind: fc.constant('escalate'), reason }),
      fc.record({ kind: fc.constant('recover') }),
      fc.record({ kind: fc.constant('advance'), ms: fc.integer({ min: 0, max: 400_000 }) }),
    );
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 60, size: 'max' }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (commands, draw) => {
          const { clock, cooldown } = setUp(draw);
          for (const one of commands) {
            const deadline = clock.now + cooldown.remainingMs();
            if ('reason' in one) cooldown.escalate(one.reason);
            else if (one.kind === 'recover') cooldown.recover();
            else if ('ms' in one && one.kind === 'extend') cooldown.extend(one.ms);
            else if ('ms' in one) clock.now += one.ms;
            // Once over, a deadline reads as "now", which moves on with the clock.
            expect(clock.now + cooldown.remainingMs()).toBeGreaterThanOrEqual(deadline);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('escalation', () => {
  const inTurn = (reason: keyof typeof cooldownDefaults, times: number) => {
    const { clock, cooldown } = setUp();
    return Array.from({ length: times }, () => {
      cooldown.escalate(reason);
      const remaining = cooldown.remainingMs();
      clock.now += remaining;
      return remaining;
    });
  };

  it.each([
    ['rate_limited', [15_000, 30_000, 60_000, 120_000, 120_000]],
    ['authentication', [300_000, 600_000, 1_200_000, 2_400_000, 3_600_000, 3_600_000]],
    ['permission', [300_000, 600_000, 1_200_000, 2_400_000, 3_600_000, 3_600_000]],
    ['quota_exhausted', [900_000, 900_000, 900_000]],
  ] as const)('%s grows as the README says', (reason, expected) => {
    expect(inTurn(reason, expected.length)).toEqual(expected);
  });

  it.each([
    [0, 12_000],
    [0.5, 15_000],
    [0.999_999_9, 18_000],
  ])('spreads the time of a 429 by ±20 %%: a draw of %d gives about %i ms', (draw, expected) => {
    const { cooldown } = setUp(draw);
    cooldown.escalate('rate_limited');
    expect(cooldown.remainingMs()).toBeCloseTo(expected, 0);
  });

  it('a burst of refusals counts once', () => {
    const { clock, cooldown } = setUp();
    for (let refusal = 0; refusal < 100; refusal += 1) cooldown.escalate('rate_limited');
    expect(cooldown.remainingMs()).toBe(15_000);
    clock.now += 15_000;
    cooldown.escalate('rate_limited');
    expect(cooldown.remainingMs()).toBe(30_000);
  });

  it('starts small again after a success, whose deadline it leaves alone', () => {
    const { clock, cooldown } = setUp();
    cooldown.escalate('rate_limited');
    clock.now += 15_000;
    cooldown.escalate('rate_limited');
    cooldown.recover();
    expect(cooldown.remainingMs()).toBe(30_000);
    clock.now += 30_000;
    cooldown.recover();
    cooldown.escalate('rate_limited');
    expect(cooldown.remainingMs()).toBe(15_000);
  });

  it('a success of a request from before the cooldown resets nothing', () => {
    const { clock, cooldown } = setUp();
    cooldown.escalate('rate_limited');
    cooldown.recover();
    clock.now += 15_000;
    cooldown.escalate('rate_limited');
    expect(cooldown.remainingMs()).toBe(30_000);
  });

  it('each reason grows by itself', () => {
    const { clock, cooldown } = setUp();
    cooldown.escalate('authentication');
    clock.now += 300_000;
    cooldown.escalate('quota_exhausted');
    expect(cooldown.remainingMs()).toBe(900_000);
    clock.now += 900_000;
    cooldown.escalate('authentication');
    expect(cooldown.remainingMs()).toBe(600_000);
  });

  it('takes another length for one call', () => {
    const { cooldown } = setUp();
    cooldown.escalate('rate_limited', { baseMs: 200, maxMs: 400, jitter: 0 });
    expect(cooldown.remainingMs()).toBe(200);
  });
});
