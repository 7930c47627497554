import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { AbortError } from 'p-retry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RetryOptions, retrying } from '../../src/resilience/retry.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Fails with the given errors in turn, then succeeds. */
function failing(...errors: unknown[]): ReturnType<typeof vi.fn<() => Promise<string>>> {
  const left = [...errors];
  return vi.fn(async () => {
    if (left.length > 0) throw left.shift();
    return 'answer';
  });
}

function setUp(options: Partial<RetryOptions> = {}) {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    controller,
    listeners: () => getEventListeners(signal, 'abort').length,
    options: { attempts: 3, delayMs: () => 80, signal: () => signal, ...options },
  };
}

describe('retrying', () => {
  it('calls once when the first try succeeds, and asks for no delay', async () => {
    const delayMs = vi.fn(() => 80);
    const { options, listeners } = setUp({ delayMs });
    const attempt = failing();
    await expect(retrying(attempt, options)).resolves.toBe('answer');
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(delayMs).not.toHaveBeenCalled();
    expect(listeners()).toBe(0);
  });

  it('waits exactly the delay it is told, for each retry its own', async () => {
    const { options, listeners } = setUp({ delayMs: (_, retry) => retry * 100 });
    const attempt = failing(new Error('one'), new Error('two'));
    const answer = retrying(attempt, options);

    await vi.advanceTimersByTimeAsync(99);
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(listeners()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(attempt).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(199);
    expect(attempt).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(attempt).toHaveBeenCalledTimes(3);
    await expect(answer).resolves.toBe('answer');
    expect(listeners()).toBe(0);
  });

  it('goes on at once, without a timer, when the delay is 0', async () => {
    const attempt = failing(new Error('one'));
    await expect(retrying(attempt, setUp({ delayMs: () => 0 }).options)).resolves.toBe('answer');
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it('tells of each wait before it begins', async () => {
    const told: unknown[] = [];
    const error = new Error('one');
    const onWait = vi.fn((...facts: unknown[]) => told.push([...facts, vi.getTimerCount()]));
    const answer = retrying(failing(error), setUp({ onWait }).options);
    await vi.advanceTimersByTimeAsync(80);
    await answer;
    expect(told).toEqual([[80, error, 1, 0]]);
  });

  it('gives up when there is no delay, and tells of no wait', async () => {
    const error = new Error('one');
    const onWait = vi.fn();
    const attempt = failing(error);
    const { options } = setUp({ delayMs: () => undefined, onWait });
    await expect(retrying(attempt, options)).rejects.toBe(error);
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(onWait).not.toHaveBeenCalled();
  });

  it('INV-15: never tries more often than it may, and asks only while a try is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        async (attempts, failures, givesUpAt) => {
          const errors = Array.from({ length: failures }, (_, index) => new Error(`${index}`));
          const attempt = failing(...errors);
          const asked: number[] = [];
          const delayMs = (error: unknown, retry: number) => {
            expect(error).toBe(errors[retry - 1]);
            asked.push(retry);
            return retry >= givesUpAt ? undefined : 0;
          };
          const ending = await retrying(attempt, { ...setUp().options, attempts, delayMs }).catch((e) => e);

          const tries = Math.min(failures + 1, attempts, givesUpAt);
          expect(attempt).toHaveBeenCalledTimes(tries);
          expect(ending).toBe(tries > failures ? 'answer' : errors[tries - 1]);
          expect(asked).toEqual(
            Array.from({ length: Math.min(failures, attempts - 1, givesUpAt) }, (_, i) => i + 1),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what was thrown', () => {
  const thrown: readonly (readonly [string, unknown])[] = [
    ['an error', new Error('plain')],
    ['a frozen error', Object.freeze(new Error('frozen'))],
    ['a programming TypeError', new TypeError('x is not a function')],
    ["undici's TypeError", new TypeError('terminated', { cause: new Error('reset') })],
    ["p-retry's own AbortError", new AbortError('stop')],
    ['a string', 'boom'],
    ['undefined', undefined],
    ['null', null],
    ['an object', { code: 'server_error' }],
  ];

  it.each(thrown)('%s comes out as it went in, undecorated, and is repeated', async (_, error) => {
    const before = describeOwn(error);
    const attempt = failing(error, error, error);
    const delayMs = vi.fn(() => 0);
    const ending = await retrying(attempt, setUp({ delayMs }).options).catch((caught) => ({ caught }));
    expect(ending).toEqual({ caught: error });
    if (typeof ending === 'object') expect(ending.caught).toBe(error);
    expect(attempt).toHaveBeenCalledTimes(3);
    expect(delayMs.mock.calls).toEqual([
      [error, 1],
      [error, 2],
    ]);
    expect(describeOwn(error)).toEqual(before);
  });

  it('is passed on also when the try throws synchronously', async () => {
    const error = new Error('sync');
    const attempt = () => {
      throw error;
    };
    await expect(retrying(attempt, setUp({ delayMs: () => 0 }).options)).rejects.toBe(error);
  });
});

function describeOwn(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptors(value) : value;
}

describe('the signal', () => {
  it('ends a wait at once, with its reason, and takes timer and listener along', async () => {
    const { controller, options, listeners } = setUp({ delayMs: () => 60_000 });
    const attempt = failing(new Error('one'));
    const answer = retrying(attempt, options);
    await vi.advanceTimersByTimeAsync(10);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort('caller left');
    expect(vi.getTimerCount()).toBe(0);
    await expect(answer).rejects.toBe('caller left');
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(listeners()).toBe(0);
  });

  it('fired by a listener of the wait: no wait, no further try (H7)', async () => {
    const { controller, options } = setUp();
    const attempt = failing(new Error('one'));
    const answer = retrying(attempt, { ...options, onWait: () => controller.abort('from a hook') });
    await expect(answer).rejects.toBe('from a hook');
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it.each([1, 2])('fired while try %i runs and fails: no further try, and its own error', async (which) => {
    const { controller, options } = setUp({ delayMs: () => 0 });
    let tries = 0;
    const attempt = vi.fn(async () => {
      tries += 1;
      if (tries === which) controller.abort('caller left');
      throw new Error(`try ${tries}`);
    });
    await expect(retrying(attempt, options)).rejects.toThrow(`try ${which}`);
    expect(attempt).toHaveBeenCalledTimes(which);
  });

  it.each([1, 2])(
    'fired while try %i runs and succeeds: the result is handed over, not lost',
    async (which) => {
      const { controller, options } = setUp({ delayMs: () => 0 });
      let tries = 0;
      const attempt = async () => {
        tries += 1;
        if (tries < which) throw new Error('not yet');
        controller.abort('caller left');
        return 'an open stream';
      };
      await expect(retrying(attempt, options)).resolves.toBe('an open stream');
    },
  );
});
