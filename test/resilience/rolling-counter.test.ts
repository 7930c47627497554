import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingCounter } from '../../src/resilience/rolling-counter.ts';

describe('RollingCounter', () => {
  it('forgets slot by slot', () => {
    const counter = new RollingCounter(3, 100);
    counter.add(0);
    counter.add(150);
    counter.add(199);
    counter.add(250);
    expect(counter.total(299)).toBe(4);
    expect(counter.total(300)).toBe(3);
    expect(counter.total(400)).toBe(1);
    expect(counter.total(500)).toBe(0);
  });

  it('forgets everything on demand, and goes on', () => {
    const counter = new RollingCounter(3, 100);
    counter.add(50);
    counter.clear();
    expect(counter.total(60)).toBe(0);
    counter.add(70);
    expect(counter.total(80)).toBe(1);
  });

  it('wakes from a silence of years in no time', () => {
    const counter = new RollingCounter(10, 1);
    counter.add(0);
    const years = 30 * 365 * 86_400_000;
    const began = performance.now();
    expect(counter.total(years)).toBe(0);
    expect(performance.now() - began).toBeLessThan(1_000);
    counter.add(years + 1);
    expect(counter.total(years + 2)).toBe(1);
  });

  it('starts with any reading of the clock', () => {
    const counter = new RollingCounter(4, 250);
    counter.add(123_456_789.25);
    expect(counter.total(123_456_789.5)).toBe(1);
  });

  it('agrees at every step with a list of all times, whatever the pauses', () => {
    const step = fc.record({
      pauseMs: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3_000 })),
      adds: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 200 }),
        fc.array(step, { maxLength: 60, size: 'max' }),
        (slots, slotMs, steps) => {
          const counter = new RollingCounter(slots, slotMs);
          const times: number[] = [];
          let now = 0;
          for (const { pauseMs, adds } of steps) {
            now += pauseMs;
            for (let add = 0; add < adds; add += 1) {
              counter.add(now);
              times.push(now);
            }
            const within = (spanMs: number) => times.filter((time) => time > now - spanMs).length;
            const total = counter.total(now);
            expect(total).toBe(
              times.filter((t) => Math.floor(t / slotMs) > Math.floor(now / slotMs) - slots).length,
            );
            expect(total).toBeGreaterThanOrEqual(within((slots - 1) * slotMs));
            expect(total).toBeLessThanOrEqual(within(slots * slotMs));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
