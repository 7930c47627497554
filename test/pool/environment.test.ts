import { describe, expect, it } from 'vitest';
import { realEnvironment } from '../../src/pool/environment.ts';

describe('the real environment', () => {
  it('has a monotonic clock that does not know the day', () => {
    const first = realEnvironment.nowMs();
    const second = realEnvironment.nowMs();
    expect(second).toBeGreaterThanOrEqual(first);
    expect(Math.abs(performance.now() - second)).toBeLessThan(1_000);
  });

  it('has a wall clock in epoch milliseconds', () => {
    expect(Math.abs(Date.now() - realEnvironment.epochMs())).toBeLessThan(1_000);
    expect(Number.isInteger(realEnvironment.epochMs())).toBe(true);
  });

  it('has chance from 0 up to, but not including, 1', () => {
    const draws = Array.from({ length: 1_000 }, () => realEnvironment.random());
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
    expect(new Set(draws).size).toBeGreaterThan(900);
  });
});
