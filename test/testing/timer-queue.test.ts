import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { TimerQueue } from '../../src/testing/timer-queue.ts';

describe('a queue of timers', () => {
  it('fires in order of time, equals in order of arming, each at its moment', () => {
    const timers = new TimerQueue();
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name} at ${timers.nowMs}`);
    timers.add(note('late'), 30);
    timers.add(note('soon'), 10);
    timers.add(note('also soon'), 10);
    timers.add(note('at once'), -5);
    expect(timers.pending).toEqual([0, 10, 10, 30]);
    while (timers.fireNext(29));
    expect(fired).toEqual(['at once at 0', 'soon at 10', 'also soon at 10']);
    expect(timers.pending).toEqual([20]);
  });

  it('fires what is armed on the way, if it is due by then', () => {
    const timers = new TimerQueue();
    const fired: number[] = [];
    timers.add(() => {
      fired.push(timers.nowMs);
      timers.add(() => fired.push(timers.nowMs), 5);
      timers.add(() => fired.push(timers.nowMs), 500);
    }, 10);
    while (timers.fireNext(100));
    expect(fired).toEqual([10, 15]);
    expect(timers.pending).toHaveLength(1);
  });

  it('forgets what is taken back, and minds no second time', () => {
    const timers = new TimerQueue();
    const callback = vi.fn();
    const stop = timers.add(callback, 10);
    const stopOther = timers.add(callback, 10);
    stop();
    stop();
    const { changes } = timers;
    stop();
    expect(timers.changes).toBe(changes);
    while (timers.fireNext(100));
    expect(callback).toHaveBeenCalledTimes(1);
    stopOther();
    expect(timers.pending).toEqual([]);
  });

  it('arms no rest of a millisecond, which no clock would ever pass', () => {
    const timers = new TimerQueue();
    timers.nowMs = 86_400_000;
    timers.add(() => {}, 1e-13);
    expect(timers.pending).toEqual([1]);
  });

  it('is never late, never early and never out of order, whatever is armed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -10, max: 1_000 })), fc.nat(1_000), (delays, endMs) => {
        const timers = new TimerQueue();
        const fired: number[] = [];
        for (const delayMs of delays) timers.add(() => fired.push(timers.nowMs), delayMs);
        while (timers.fireNext(endMs));
        const due = delays.map((delayMs) => Math.max(0, delayMs)).sort((one, other) => one - other);
        expect(fired).toEqual(due.filter((delayMs) => delayMs <= endMs));
        expect(timers.pending).toHaveLength(due.length - fired.length);
      }),
      { numRuns: 200 },
    );
  });
});
