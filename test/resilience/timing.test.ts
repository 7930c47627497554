import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linkSignals, sleep, timerDelay } from '../../src/resilience/timing.ts';

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

describe('linkSignals', () => {
  it.each([0, 1, 2])('fires with the reason of source %i, and lets go of all', (which) => {
    const sources = [0, 1, 2].map(() => new AbortController());
    const link = linkSignals(...sources.map((source) => source.signal));
    expect(sources.map((source) => listenersOf(source.signal))).toEqual([1, 1, 1]);
    expect(link.signal.aborted).toBe(false);

    const reason = new Error('reason');
    sources[which]?.abort(reason);
    expect(link.signal.aborted).toBe(true);
    expect(link.signal.reason).toBe(reason);
    expect(sources.map((source) => listenersOf(source.signal))).toEqual([0, 0, 0]);
  });

  it('tells listeners of the linked signal once', () => {
    const [left, right] = [new AbortController(), new AbortController()];
    const link = linkSignals(left.signal, right.signal);
    const heard = vi.fn();
    link.signal.addEventListener('abort', heard);
    left.abort('first');
    right.abort('second');
    link.abort('third');
    expect(heard).toHaveBeenCalledTimes(1);
    expect(link.signal.reason).toBe('first');
  });

  it('is born fired when a source has fired already, and listens nowhere', () => {
    const open = new AbortController();
    const link = linkSignals(open.signal, AbortSignal.abort('earlier'));
    expect(link.signal.aborted).toBe(true);
    expect(link.signal.reason).toBe('earlier');
    expect(listenersOf(open.signal)).toBe(0);
  });

  it('skips sources that are not there', () => {
    const source = new AbortController();
    const link = linkSignals(undefined, source.signal, undefined);
    source.abort('reason');
    expect(link.signal.reason).toBe('reason');
  });

  it('without any source fires only by its own hand', () => {
    const link = linkSignals(undefined);
    expect(link.signal.aborted).toBe(false);
    link.abort('own');
    expect(link.signal.reason).toBe('own');
    link.unlink();
  });

  it('its own abort leaves the sources alone, and follows them no longer', () => {
    const source = new AbortController();
    const link = linkSignals(source.signal);
    const reason = new Error('first-token timer');
    link.abort(reason);
    expect(link.signal.reason).toBe(reason);
    expect(source.signal.aborted).toBe(false);
    expect(listenersOf(source.signal)).toBe(0);
  });

  it('once unlinked follows nobody, but can still be fired by hand', () => {
    const source = new AbortController();
    const link = linkSignals(source.signal);
    link.unlink();
    link.unlink();
    expect(listenersOf(source.signal)).toBe(0);
    source.abort('unheard');
    expect(link.signal.aborted).toBe(false);
    link.abort('own');
    expect(link.signal.reason).toBe('own');
  });

  it('of one signal given twice listens once', () => {
    const source = new AbortController();
    const link = linkSignals(source.signal, source.signal);
    expect(listenersOf(source.signal)).toBe(1);
    link.unlink();
    expect(listenersOf(source.signal)).toBe(0);
  });

  it('leaves a long-lived signal without a trace of 10,000 requests, and Node without a warning', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const pool = new AbortController();
    const links = Array.from({ length: 10_000 }, () => linkSignals(pool.signal));
    expect(listenersOf(pool.signal)).toBe(10_000);
    for (const link of links) link.unlink();
    expect(listenersOf(pool.signal)).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });
});
