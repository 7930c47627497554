import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  consecutive,
  either,
  errorRate,
  type TripOptions,
  type TripRule,
  tripDefaults,
  tripRule,
} from '../../src/resilience/trip-rules.ts';

/** Plays `.` as a success and `x` as a failure; the index at which the rule tripped first, else undefined. */
function tripsAt(
  rule: TripRule,
  verdicts: string,
  between: () => void = () => undefined,
): number | undefined {
  for (const [index, verdict] of [...verdicts].entries()) {
    between();
    if (verdict === '.') rule.success();
    else if (rule.failure()) return index;
  }
  return undefined;
}

describe('consecutive', () => {
  it.each([
    ['xxxxx', 4],
    ['xxxx', undefined],
    ['xxxx.xxxx', undefined],
    ['xxxx.xxxxx', 9],
    ['.....xxxxx', 9],
    ['', undefined],
  ])('5 in a row: %s trips at %s', (verdicts, index) => {
    expect(tripsAt(consecutive(5), verdicts)).toBe(index);
  });

  it('a threshold of 1 trips at the first', () => {
    expect(consecutive(1).failure()).toBe(true);
  });

  it('forgets at a reset', () => {
    const rule = consecutive(2);
    rule.failure();
    rule.reset();
    expect(rule.failure()).toBe(false);
    expect(rule.failure()).toBe(true);
  });
});

describe('errorRate', () => {
  const options = { ratio: 0.5, minimumRequests: 10, windowMs: 30_000 };

  it.each([
    ['x.x.x.x.x', undefined],
    ['.x.x.x.x.x', 9],
    ['xxxxxxxxx', undefined],
    ['xxxxxxxxxx', 9],
    ['......xxxx', undefined],
    ['......xxxxxx', 11],
    ['.xx.xx.xx.xx', 10],
  ])('half of at least 10: %s trips at %s', (verdicts, index) => {
    expect(
      tripsAt(
        errorRate(options, () => 0),
        verdicts,
      ),
    ).toBe(index);
  });

  it('looks back over the window only', () => {
    const clock = { now: 0 };
    const rule = errorRate(options, () => clock.now);
    expect(tripsAt(rule, '.'.repeat(100))).toBeUndefined();
    clock.now = 30_000;
    expect(tripsAt(rule, 'xxxxxxxxxx')).toBe(9);
  });

  it('does not add up failures that lie far apart', () => {
    const clock = { now: 0 };
    const rule = errorRate(options, () => clock.now);
    const fourSecondsLater = () => {
      clock.now += 4_000;
    };
    expect(tripsAt(rule, 'x'.repeat(200), fourSecondsLater)).toBeUndefined();
  });

  it('forgets at a reset', () => {
    const rule = errorRate(options, () => 0);
    tripsAt(rule, 'xxxxxxxxx');
    rule.reset();
    expect(tripsAt(rule, 'xxxxxxxxx')).toBeUndefined();
    expect(rule.failure()).toBe(true);
  });

  it('agrees with a list of verdicts, tenth by tenth of the window', () => {
    const verdict = fc.record({ pauseMs: fc.integer({ min: 0, max: 4_000 }), failed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(verdict, { maxLength: 80, size: 'max' }), (verdicts) => {
        const clock = { now: 0 };
        const rule = errorRate(options, () => clock.now);
        const list: { at: number; failed: boolean }[] = [];
        const trips = () => {
          // The window ends with the running tenth, so that it covers nine of them and what has gone by of that one.
          const since = (Math.floor(clock.now / 3_000) - 9) * 3_000;
          const seen = list.filter(({ at }) => at >= since);
          const failed = seen.filter((one) => one.failed).length;
          return seen.length >= 10 && failed >= seen.length / 2;
        };
        for (const { pauseMs, failed } of verdicts) {
          clock.now += pauseMs;
          list.push({ at: clock.now, failed });
          if (!failed) {
            rule.success();
            continue;
          }
          expect(rule.failure()).toBe(trips());
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('either', () => {
  it('trips when any of its rules does', () => {
    const rule = either(consecutive(5), consecutive(2), consecutive(9));
    expect(rule.failure()).toBe(false);
    expect(rule.failure()).toBe(true);
  });

  it('lets every rule hear everything, also after one has tripped', () => {
    const rules = [1, 2].map(() => ({ success: vi.fn(), failure: vi.fn(() => true), reset: vi.fn() }));
    const rule = either(...rules);
    rule.success();
    rule.failure();
    rule.reset();
    for (const heard of rules) {
      expect(heard.success).toHaveBeenCalledTimes(1);
      expect(heard.failure).toHaveBeenCalledTimes(1);
      expect(heard.reset).toHaveBeenCalledTimes(1);
    }
  });
});

describe('tripRule', () => {
  it('has the defaults of the README', () => {
    expect(tripDefaults).toEqual({
      failureThreshold: 5,
      failureRatio: 0.5,
      minimumRequests: 10,
      windowMs: 30_000,
    });
  });

  it.each<[string, TripOptions, string, number | undefined]>([
    ['steady failure, by count', {}, '....................xxxxx', 24],
    ['every other failure, by share', {}, '.x.x.x.x.x', 9],
    ['one in four: neither', {}, 'x...'.repeat(50), undefined],
    ['another count', { failureThreshold: 2 }, '.x.xx', 4],
    ['another share', { failureRatio: 0.25 }, 'x...x...x..x', 11],
    ['another minimum', { minimumRequests: 4, failureThreshold: 99 }, '.x.x', 3],
  ])('%s', (_, options, verdicts, index) => {
    expect(
      tripsAt(
        tripRule(options, () => 0),
        verdicts,
      ),
    ).toBe(index);
  });
});
