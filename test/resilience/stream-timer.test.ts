import { setImmediate as turn } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StreamTimer } from '../../src/resilience/stream-timer.ts';

const now = (): number => performance.now();

/** A pull whose end the test decides. */
function pull<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function setUp() {
  const expired = new Error('idle');
  const onExpire = vi.fn(() => expired);
  const timer = new StreamTimer<string>(now, {
    onValue: (value) => value,
    onError: (error) => error,
    onExpire,
  });
  return {
    timer,
    expired,
    onExpire,
    /** Races a new pull and writes down how it ended. */
    start: (limitMs: number | undefined) => {
      const source = pull<string>();
      const ending: { value?: string; error?: unknown } = {};
      const raced = timer.race(source.promise, limitMs === undefined ? undefined : now() + limitMs).then(
        (value) => void Object.assign(ending, { value }),
        (error) => void Object.assign(ending, { error }),
      );
      return { ...source, ending, raced };
    },
  };
}

describe('with fake timers', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  describe('a race', () => {
    it('gives what the pull gives when that is in time', async () => {
      const { timer, start, onExpire } = setUp();
      const { resolve, raced, ending } = start(100);
      await vi.advanceTimersByTimeAsync(99);
      resolve('data');
      await raced;
      expect(ending).toEqual({ value: 'data' });
      await vi.advanceTimersByTimeAsync(1_000);
      expect(onExpire).not.toHaveBeenCalled();
      timer.close();
    });

    it('passes on the error of the pull as it is', async () => {
      const { timer, start } = setUp();
      const { reject, raced, ending } = start(100);
      const broken = new Error('reset');
      reject(broken);
      await raced;
      expect(ending.error).toBe(broken);
      timer.close();
    });

    it('expires at the limit with the error that is made there, once', async () => {
      const { timer, start, expired, onExpire } = setUp();
      const { ending } = start(100);
      await vi.advanceTimersByTimeAsync(99);
      expect(ending).toEqual({});
      await vi.advanceTimersByTimeAsync(2);
      expect(ending.error).toBe(expired);
      expect(onExpire).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(onExpire).toHaveBeenCalledTimes(1);
      timer.close();
    });

    it.each([0, -40])('with a limit of %d ms still lets data win that is there already', async (limitMs) => {
      const { timer, start } = setUp();
      const late = start(limitMs);
      late.resolve('data');
      await vi.advanceTimersByTimeAsync(5);
      expect(late.ending).toEqual({ value: 'data' });

      const silent = start(limitMs);
      await vi.advanceTimersByTimeAsync(5);
      expect(silent.ending.error).toBeInstanceOf(Error);
      timer.close();
    });

    it('without a limit waits for ever, and has no timer', async () => {
      const { timer, start } = setUp();
      const { ending, resolve } = start(undefined);
      expect(vi.getTimerCount()).toBe(0);
      await vi.advanceTimersByTimeAsync(86_400_000);
      expect(ending).toEqual({});
      resolve('data');
      await vi.advanceTimersByTimeAsync(0);
      expect(ending).toEqual({ value: 'data' });
      timer.close();
    });

    it('with a limit above 31 bits does not expire at once', async () => {
      const { timer, start } = setUp();
      const { ending } = start(2 ** 32);
      await vi.advanceTimersByTimeAsync(2 ** 31 + 10);
      expect(ending).toEqual({});
      await vi.advanceTimersByTimeAsync(2 ** 31);
      expect(ending.error).toBeInstanceOf(Error);
      timer.close();
    });

    it('ignores a pull that ends after the race, also with an error', async () => {
      const { timer, start } = setUp();
      const { ending, reject, expired } = { ...start(100), expired: 'idle' };
      await vi.advanceTimersByTimeAsync(101);
      reject(new Error('much later'));
      await vi.advanceTimersByTimeAsync(10);
      expect(ending.error).toMatchObject({ message: expired });
      timer.close();
    });
  });

  describe('the one timer of a stream', () => {
    it('is set once for a minute of reads, not once a read', async () => {
      const set = vi.spyOn(globalThis, 'setTimeout');
      const { timer, start } = setUp();
      for (let read = 0; read < 590; read += 1) {
        const { resolve, raced } = start(60_000);
        await vi.advanceTimersByTimeAsync(100);
        resolve('data');
        await raced;
        expect(vi.getTimerCount()).toBe(1);
      }
      expect(set).toHaveBeenCalledTimes(1);
      timer.close();
      set.mockRestore();
    });

    it('goes on sleeping when it fires before the current deadline', async () => {
      const { timer, start } = setUp();
      const first = start(100);
      await vi.advanceTimersByTimeAsync(90);
      first.resolve('data');
      await first.raced;
      const second = start(100);
      await vi.advanceTimersByTimeAsync(99);
      expect(second.ending).toEqual({});
      await vi.advanceTimersByTimeAsync(3);
      expect(second.ending.error).toBeInstanceOf(Error);
      timer.close();
    });

    it('is replaced when the next deadline is earlier', async () => {
      const { timer, start } = setUp();
      const first = start(60_000);
      first.resolve('data');
      await first.raced;
      const second = start(50);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(52);
      expect(second.ending.error).toBeInstanceOf(Error);
      timer.close();
    });

    it('rests while nobody waits, however slow the consumer', async () => {
      const { timer, start, onExpire } = setUp();
      const { resolve, raced } = start(100);
      resolve('data');
      await raced;
      await vi.advanceTimersByTimeAsync(500);
      expect(vi.getTimerCount()).toBe(0);
      expect(onExpire).not.toHaveBeenCalled();
      timer.close();
    });
  });

  describe('H3: a timer that is due gives the loop one turn before it kills', () => {
    it('data that arrives in that turn wins', async () => {
      const { timer, start, onExpire } = setUp();
      const { resolve, raced, ending } = start(100);
      vi.advanceTimersToNextTimer();
      resolve('just in time');
      await raced;
      await vi.advanceTimersByTimeAsync(1_000);
      expect(ending).toEqual({ value: 'just in time' });
      expect(onExpire).not.toHaveBeenCalled();
      timer.close();
    });

    it('the next pull is not killed for the last one', async () => {
      const { timer, start } = setUp();
      const first = start(100);
      vi.advanceTimersToNextTimer();
      first.resolve('just in time');
      await first.raced;
      const second = start(100);
      await vi.advanceTimersByTimeAsync(50);
      expect(second.ending).toEqual({});
      timer.close();
    });
  });

  describe('an abort', () => {
    it('rejects the waiting pull at once with its reason, and the timer is gone', async () => {
      const { timer, start, onExpire } = setUp();
      const { raced, ending } = start(100);
      const reason = new Error('caller left');
      timer.abort(reason);
      expect(vi.getTimerCount()).toBe(0);
      await raced;
      expect(ending.error).toBe(reason);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(onExpire).not.toHaveBeenCalled();
      timer.close();
    });

    it('has fired: every further pull is rejected, and its own failure is nobody else’s business', async () => {
      const { timer, start } = setUp();
      timer.abort('left');
      const { raced, ending, reject } = start(100);
      await raced;
      expect(ending.error).toBe('left');
      expect(vi.getTimerCount()).toBe(0);
      reject(new Error('would be an unhandled rejection'));
      await vi.advanceTimersByTimeAsync(1);
      timer.close();
    });

    it('fired in the turn before the end: its reason, not the timer’s', async () => {
      const { timer, start, onExpire } = setUp();
      const { raced, ending } = start(100);
      vi.advanceTimersToNextTimer();
      timer.abort('left');
      await raced;
      await vi.advanceTimersByTimeAsync(10);
      expect(ending.error).toBe('left');
      expect(onExpire).not.toHaveBeenCalled();
      timer.close();
    });
  });

  describe('close', () => {
    it('takes the timer away', () => {
      const { timer, start } = setUp();
      void start(100);
      expect(vi.getTimerCount()).toBe(1);
      timer.close();
      timer.close();
      expect(vi.getTimerCount()).toBe(0);
    });

    it('takes the turn of grace away', () => {
      const { timer, start, onExpire } = setUp();
      void start(100);
      vi.advanceTimersToNextTimer();
      expect(vi.getTimerCount()).toBe(1);
      timer.close();
      expect(vi.getTimerCount()).toBe(0);
      expect(onExpire).not.toHaveBeenCalled();
    });

    it('leaves a waiting pull to its source, and further ones untimed', async () => {
      const { timer, start } = setUp();
      for (const begin of [() => start(100), () => start(100)]) {
        const { ending, resolve, raced } = begin();
        timer.close();
        timer.abort('unheard');
        await vi.advanceTimersByTimeAsync(1_000);
        expect(ending).toEqual({});
        resolve('one');
        await raced;
        expect(ending).toEqual({ value: 'one' });
      }
    });
  });

  it('INV-33: each pull ends once, by whatever comes first', async () => {
    const read = fc.record({
      limitMs: fc.option(fc.integer({ min: 2, max: 60 }), { nil: undefined }),
      dataAfterMs: fc.integer({ min: 0, max: 90 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(read, { minLength: 1, maxLength: 12 }), async (reads) => {
        const { timer, start, expired } = setUp();
        for (const { limitMs, dataAfterMs } of reads) {
          const { resolve, ending } = start(limitMs);
          await vi.advanceTimersByTimeAsync(dataAfterMs);
          resolve('data');
          await vi.advanceTimersByTimeAsync(0);
          // The turn of grace takes a moment, so one millisecond around the limit may go either way.
          if (limitMs === undefined || dataAfterMs < limitMs) expect(ending).toEqual({ value: 'data' });
          else if (dataAfterMs > limitMs + 1) expect(ending).toEqual({ error: expired });
          expect(Object.keys(ending)).toHaveLength(1);
        }
        timer.close();
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('H9: with the real event loop', () => {
  it('a loop blocked past the deadline of 100 streams kills none whose bytes have arrived', async () => {
    const streams = Array.from({ length: 100 }, () => {
      const { port1, port2 } = new MessageChannel();
      const { timer, start } = setUp();
      const { resolve, raced, ending } = start(30);
      port1.once('message', resolve);
      return { timer, raced, ending, port: port2 };
    });
    setTimeout(() => {
      // Within the timers phase: without the turn of grace, the due timers would fire right after this.
      for (const { port } of streams) port.postMessage('data');
      const until = now() + 80;
      while (now() < until);
    }, 5);
    await Promise.all(streams.map(({ raced }) => raced));
    await turn();
    for (const { ending } of streams) expect(ending).toEqual({ value: 'data' });
    for (const { timer, port } of streams) {
      timer.close();
      port.close();
    }
  });
});

describe('hooks', () => {
  const never = (): never => {
    throw new Error('not expected');
  };

  it('make of a value what the caller gets, also a promise', async () => {
    const timer = new StreamTimer<number, string>(now, {
      onValue: async (value) => `got ${value}`,
      onError: never,
      onExpire: never,
    });
    expect(await timer.race(Promise.resolve(1), undefined)).toBe('got 1');
    timer.close();
  });

  it('may pull again while they make something of a value', async () => {
    const values = [Promise.resolve(0), Promise.resolve(0), Promise.resolve(7)];
    const timer: StreamTimer<number> = new StreamTimer<number>(now, {
      onValue: (value) => value || timer.race(values.shift()!, undefined),
      onError: never,
      onExpire: never,
    });
    expect(await timer.race(values.shift()!, undefined)).toBe(7);
    timer.close();
  });

  it.each([
    ['the source', () => Promise.reject(new Error('broke')), (value: unknown) => value],
    [
      'what was made of a value',
      () => Promise.resolve(1),
      () => {
        throw new Error('broke');
      },
    ],
  ])('word the error of %s', async (_, pending, onValue) => {
    const timer = new StreamTimer<unknown>(now, {
      onValue,
      onError: (error) => `told: ${(error as Error).message}`,
      onExpire: never,
    });
    await expect(timer.race(pending(), undefined)).rejects.toBe('told: broke');
    timer.close();
  });
});
