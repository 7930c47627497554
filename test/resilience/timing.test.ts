import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realTimer, sleep, timerDelay } from '../../src/resilience/timing.ts';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('timerDelay', () => {
  it.each([
    [250, 250],
    [0.2, 1],
    [250.01, 251],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 2 ** 31 - 1],
    [Number.POSITIVE_INFINITY, 2 ** 31 - 1],
  ])('%d becomes %d: never early, never over 31 bits', (delayMs, expected) => {
    expect(timerDelay(delayMs)).toBe(expected);
  });
});

describe('a real timer', () => {
  it('fires once, at its time, unless it is taken back', async () => {
    vi.useFakeTimers();
    const [first, second] = [vi.fn(), vi.fn()];
    realTimer(first, 10.2);
    const stop = realTimer(second, 10);
    stop();
    await vi.advanceTimersByTimeAsync(10);
    expect(first).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(50);
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).not.toHaveBeenCalled();
    stop();
    vi.useRealTimers();
  });

  it('keeps the process alive, unless it is in the background', () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const stops = [realTimer(() => {}, 1_000), realTimer(() => {}, 1_000, true)];
    expect(timers.mock.results.map(({ value }) => value.hasRef())).toEqual([true, false]);
    for (const stop of stops) stop();
    timers.mockRestore();
  });
});

describe('sleep', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('resolves after the delay, not before, and leaves nothing behind', async () => {
    const { signal } = new AbortController();
    const done = vi.fn();
    const sleeping = sleep(500, signal).then(done);
    expect(listenersOf(signal)).toBe(1);
    await vi.advanceTimersByTimeAsync(499);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalledTimes(1);
    expect(listenersOf(signal)).toBe(0);
    await sleeping;
  });

  it.each([0, -1])('of %d ms needs no timer and no listener', async (delayMs) => {
    const { signal } = new AbortController();
    const sleeping = sleep(delayMs, signal);
    expect(vi.getTimerCount()).toBe(0);
    expect(listenersOf(signal)).toBe(0);
    await sleeping;
  });

  it('rejects with the very reason at once, timer and listener gone', async () => {
    const controller = new AbortController();
    const reason = { why: 'caller left' };
    const sleeping = sleep(60_000, controller.signal);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(reason);
    expect(vi.getTimerCount()).toBe(0);
    expect(listenersOf(controller.signal)).toBe(0);
    await expect(sleeping).rejects.toBe(reason);
  });

  it.each([0, 500])('of %d ms does not begin when the signal has fired', async (delayMs) => {
    const sleeping = sleep(delayMs, AbortSignal.abort('too late'));
    expect(vi.getTimerCount()).toBe(0);
    await expect(sleeping).rejects.toBe('too late');
  });

  it('takes a timer of somebody else', async () => {
    const armed: { callback: () => void; delayMs: number }[] = [];
    const sleeping = sleep(7.5, new AbortController().signal, (callback, delayMs) => {
      armed.push({ callback, delayMs });
      return () => {};
    });
    expect(vi.getTimerCount()).toBe(0);
    expect(armed.map(({ delayMs }) => delayMs)).toEqual([7.5]);
    armed[0]?.callback();
    await sleeping;
  });

  it('of a month does not end at once', async () => {
    const controller = new AbortController();
    const done = vi.fn();
    const sleeping = sleep(30 * 86_400_000, controller.signal).then(done, done);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(done).not.toHaveBeenCalled();
    controller.abort();
    await sleeping;
  });
});
