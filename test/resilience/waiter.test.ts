import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Waiter, type Waiting } from '../../src/resilience/waiter.ts';
import { failureOf } from '../contexts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** One that waits a second, what happened to it, and the end of its request in the test's hand. */
function setUp(facts: Partial<Waiting> = {}) {
  const listeners = new Set<(reason: unknown) => void>();
  const entry: Waiting = {
    tenant: 'acme',
    priority: 'high',
    waitMs: 1_000,
    onCancel: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ...facts,
  };
  const waiter = new Waiter<Waiting, string>(entry, 7);
  const log: string[] = [];
  const start = (): void =>
    waiter.start(
      () => log.push('expired'),
      () => log.push('left'),
    );
  const cancel = (reason: unknown): void => {
    for (const listener of [...listeners]) listener(reason);
  };
  return { waiter, log, start, cancel, listeners };
}

describe('Waiter', () => {
  it('claims what its entry claims', () => {
    const { waiter } = setUp();
    expect([waiter.tenant, waiter.priority, waiter.cost]).toEqual(['acme', 'high', 7]);
  });

  it('settles, and holds neither timer nor listener after that', async () => {
    const { waiter, start, listeners, log } = setUp();
    start();
    expect([vi.getTimerCount(), listeners.size]).toEqual([1, 1]);
    waiter.settle('let in');
    expect(await waiter.outcome).toBe('let in');
    expect([vi.getTimerCount(), listeners.size]).toEqual([0, 0]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(log).toEqual([]);
  });

  it('expires after its time, not before', async () => {
    const { start, log } = setUp();
    start();
    await vi.advanceTimersByTimeAsync(999);
    expect(log).toEqual([]);
    // The turn of grace is a timer of its own to a faked clock.
    await vi.advanceTimersByTimeAsync(2);
    expect(log).toEqual(['expired']);
  });

  it('H9: gives what came while the loop was busy one turn to be seen', () => {
    const { waiter, start, log } = setUp();
    start();
    // The timer is due; what was waited for arrives in the same turn.
    vi.advanceTimersToNextTimer();
    expect(log).toEqual([]);
    waiter.settle('just in time');
    vi.runAllTimers();
    expect([log, vi.getTimerCount()]).toEqual([[], 0]);
  });

  it('leaves at once when it is wanted no more, with the reason', async () => {
    const { waiter, start, cancel, log, listeners } = setUp();
    start();
    const reason = new Error('gone');
    cancel(reason);
    expect(await failureOf(waiter.outcome)).toBe(reason);
    expect([log, vi.getTimerCount(), listeners.size]).toEqual([['left'], 0, 0]);
  });

  it('leaves at once when that was so before it began to wait', async () => {
    const reason = new Error('gone before');
    const { waiter, start, log } = setUp({
      onCancel: (listener) => {
        listener(reason);
        return () => {};
      },
    });
    start();
    expect(await failureOf(waiter.outcome)).toBe(reason);
    expect([log, vi.getTimerCount()]).toEqual([['left'], 0]);
  });

  it('arms no timer beyond the range of Node’s', () => {
    const { start, log } = setUp({ waitMs: 1e12 });
    start();
    vi.advanceTimersByTime(2 ** 31 - 2);
    expect(log).toEqual([]);
  });
});
