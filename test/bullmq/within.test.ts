import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bare, within } from '../../src/bullmq/within.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a limit of time', () => {
  it('hands on what comes before it, and leaves no timer', async () => {
    expect(await within(Promise.resolve('here'), 100)).toBe('here');
    await expect(within(Promise.reject(new Error('gone')), 100)).rejects.toThrow('gone');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends the wait, not what is waited for', async () => {
    let finish = (_: Error): void => {};
    const slow = new Promise<never>((_, reject) => {
      finish = reject;
    });
    const waited = expect(within(slow, 100)).rejects.toThrow('the queue did not answer in 100 ms');
    await vi.advanceTimersByTimeAsync(100);
    await waited;
    // A rejection afterwards is nobody's: it must not end the process.
    finish(new Error('too late'));
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a bare error', () => {
  it('has the words, and not the command that ioredis hangs on it', () => {
    const command = { name: 'evalsha', args: ['the prompt'] };
    const error = bare(Object.assign(new Error('OOM command not allowed'), { command, cause: command }));
    expect(error.message).toBe('OOM command not allowed');
    expect(Object.keys(error)).toEqual([]);
    expect(error.cause).toBeUndefined();
  });

  it.each([undefined, 'text', { message: 'the prompt' }])('is made of %j too', (thrown) => {
    expect(bare(thrown).message).toBe('unknown error');
  });
});
