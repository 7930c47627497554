import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settled } from '../../src/testing/settled.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a wait', () => {
  it('ends in time, and leaves nothing behind', async () => {
    const { signal } = new AbortController();
    const waiting = settled(signal, 100);
    await vi.advanceTimersByTimeAsync(99);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it.each([undefined, 60_000])('of %s ms ends at once with the reason of its signal', async (ms) => {
    const controller = new AbortController();
    const waiting = settled(controller.signal, ms);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    await expect(settled(controller.signal, ms)).rejects.toBe('enough');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});
