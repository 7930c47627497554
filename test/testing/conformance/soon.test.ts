import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Hanging, soon } from '../../../src/testing/conformance/soon.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what must end soon', () => {
  it('has its own outcome, and leaves no timer behind', async () => {
    await expect(soon(Promise.resolve(7), 'it')).resolves.toBe(7);
    await expect(soon(Promise.reject(new RangeError('mine')), 'it')).rejects.toThrow(RangeError);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is said to hang when it does not', async () => {
    const never = soon(new Promise(() => {}), 'a stream', 500);
    const outcome = expect(never).rejects.toThrow(
      new Hanging('conformance: a stream must come, or end, and hangs'),
    );
    await vi.advanceTimersByTimeAsync(499);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
  });
});
