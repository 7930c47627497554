import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  RetryBudget,
  type RetryBudgetOptions,
  retryBudgetDefaults,
} from '../../src/resilience/retry-budget.ts';

function setUp(options: RetryBudgetOptions = {}) {
  const clock = { now: 0 };
  const budget = new RetryBudget(options, () => clock.now);
  return {
    clock,
    budget,
    request: (times: number) => {
      for (let time = 0; time < times; time += 1) budget.countRequest();
    },
    /** How many of the wanted retries are granted. */
    retry: (times: number) => Array.from({ length: times }, () => budget.takeRetry()).filter(Boolean).length,
  };
}

describe('RetryBudget', () => {
  it('has the defaults of the README: 10 % of requests, never under 30, in 10 s', () => {
    expect(retryBudgetDefaults).toEqual({ ratio: 0.1, minimum: 30, windowMs: 10_000 });
  });

  it.each([
    { requests: 0, granted: 30 },
    { requests: 30, granted: 30 },
    { requests: 300, granted: 30 },
    { requests: 310, granted: 31 },
    { requests: 319, granted: 31 },
    { requests: 2_000, granted: 200 },
  ])('grants $granted retries for $requests requests', ({ requests, granted }) => {
    const { request, retry } = setUp();
    request(requests);
    expect(retry(1_000)).toBe(granted);
  });

  it('counts what it granted, not what it refused', () => {
    const { retry, clock } = setUp({ minimum: 2 });
    expect(retry(50)).toBe(2);
    clock.now = 10_500;
    expect(retry(50)).toBe(2);
  });

  it('forgets retries only after a whole window, at most half a second late', () => {
    const { clock, retry } = setUp();
    clock.now = 499;
    expect(retry(30)).toBe(30);
    clock.now = 10_499;
    expect(retry(1)).toBe(0);
    clock.now = 10_999;
    expect(retry(30)).toBe(30);
  });

  it('forgets requests: old traffic pays for no new retries', () => {
    const { clock, request, retry } = setUp();
    request(1_000);
    clock.now = 9_400;
    expect(retry(60)).toBe(60);
    clock.now = 10_000;
    expect(retry(60)).toBe(0);
  });

  it('a minimum of 0 and a ratio of 0 forbid every retry', () => {
    const { request, retry } = setUp({ ratio: 0, minimum: 0 });
    request(1_000);
    expect(retry(10)).toBe(0);
  });

  it('P1: a full outage at 200 requests a second makes at most 1.1 times the calls, plus the minimum', () => {
    const { clock, budget } = setUp();
    let calls = 0;
    for (let request = 0; request < 6_000; request += 1) {
      clock.now = request * 5;
      budget.countRequest();
      calls += 1;
      for (let retry = 0; retry < 2; retry += 1) if (budget.takeRetry()) calls += 1;
    }
    expect(calls).toBeLessThanOrEqual(6_000 * 1.1 + 30);
    expect(calls).toBeGreaterThan(6_000 * 1.08);
  });

  it('P12: 500 clients that all fail at once share 50 retries', () => {
    const { request, retry } = setUp();
    request(500);
    expect(retry(1_000)).toBe(50);
  });

  it('INV-16: agrees with a naive list of times, within one slot', () => {
    const windowMs = 10_000;
    const slotMs = windowMs / 20;
    const command = fc.record({
      pauseMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 12_000 }),
      ),
      kind: fc.constantFrom('request', 'retry'),
      times: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 80, size: 'max' }),
        fc.constantFrom(0, 0.1, 0.5, 1),
        fc.integer({ min: 0, max: 8 }),
        (commands, ratio, minimum) => {
          const { clock, budget } = setUp({ ratio, minimum, windowMs });
          const requests: number[] = [];
          const retries: number[] = [];
          const since = (times: number[], spanMs: number) =>
            times.filter((time) => time > clock.now - spanMs).length;
          const fits = (retriesOver: number, requestsOver: number) =>
            since(retries, retriesOver) + 1 <= Math.max(ratio * since(requests, requestsOver), minimum);

          for (const { pauseMs, kind, times } of commands) {
            clock.now += pauseMs;
            for (let time = 0; time < times; time += 1) {
              if (kind === 'request') {
                budget.countRequest();
                requests.push(clock.now);
                continue;
              }
              const granted = budget.takeRetry();
              if (granted) expect(fits(windowMs, windowMs)).toBe(true);
              // Refused only if the list, too, would refuse with the slots' rounding against it.
              else expect(fits(windowMs + slotMs, windowMs - slotMs)).toBe(false);
              if (granted) retries.push(clock.now);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
