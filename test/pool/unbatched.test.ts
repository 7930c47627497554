import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Unbatched } from '../../src/pool/unbatched.ts';
import { collect, failureOf } from '../contexts.ts';

/** Pulls the given arrays one by one; an error among them is thrown. */
function source(...arrays: readonly (readonly string[] | Error)[]) {
  const left = [...arrays];
  const state = { pulls: 0, running: 0, mostRunning: 0 };
  const pull = async (): Promise<readonly string[] | undefined> => {
    state.pulls++;
    state.running++;
    state.mostRunning = Math.max(state.mostRunning, state.running);
    await Promise.resolve();
    state.running--;
    const next = left.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  const leave = vi.fn(async () => undefined);
  return { items: new Unbatched({ pull, items: (batch) => batch, leave }), state, leave };
}

/** A pull that the test ends. */
function pending() {
  let resolve: (items: readonly string[] | undefined) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const pull = (): Promise<readonly string[] | undefined> =>
    new Promise((yes, no) => {
      resolve = yes;
      reject = no;
    });
  return {
    pull,
    resolve: (items?: readonly string[]) => resolve(items),
    reject: (error: unknown) => reject(error),
  };
}

const done = { value: undefined, done: true };

describe('Unbatched', () => {
  it('hands out one by one what comes in arrays, and skips empty ones', async () => {
    const { items, state, leave } = source(['a', 'b'], [], [], ['c']);
    expect(await collect(items)).toEqual(['a', 'b', 'c']);
    expect(state.pulls).toBe(5);
    expect(leave).not.toHaveBeenCalled();
  });

  it('pulls only when nothing is left of the last array', async () => {
    const { items, state } = source(['a', 'b', 'c']);
    expect(state.pulls).toBe(0);
    for (const value of ['a', 'b', 'c']) expect(await items.next()).toEqual({ value, done: false });
    expect(state.pulls).toBe(1);
  });

  it('is at its end for good', async () => {
    const { items, state } = source(['a']);
    await collect(items);
    expect(await items.next()).toEqual(done);
    expect(await items.next()).toEqual(done);
    expect(state.pulls).toBe(2);
  });

  it('answers overlapping calls in order, and pulls one at a time (C17)', async () => {
    const words = Array.from({ length: 50 }, (_, index) => [`${index}`]);
    const { items, state } = source(...words);
    const results = await Promise.all(Array.from({ length: 100 }, () => items.next()));
    expect(results.slice(0, 50).map(({ value }) => value)).toEqual(words.flat());
    expect(results.slice(50)).toEqual(Array(50).fill(done));
    expect(state.mostRunning).toBe(1);
  });

  it('delivers every item once and in order, however calls overlap', async () => {
    const arrays = fc.array(fc.array(fc.string({ maxLength: 2 }), { maxLength: 3 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(arrays, fc.array(fc.nat(4), { maxLength: 12 }), async (given, bursts) => {
        const { items } = source(...given);
        const results: Promise<IteratorResult<string>>[] = [];
        for (const burst of bursts) {
          for (let call = 0; call < burst; call++) results.push(items.next());
          await Promise.resolve();
        }
        const got = (await Promise.all(results)).flatMap(({ value, done }) => (done ? [] : [value]));
        expect([...got, ...(await collect(items))]).toEqual(given.flat());
      }),
      { numRuns: 200 },
    );
  });

  describe('when the source breaks', () => {
    const error = new Error('cut');

    it('throws once, after all that came before, and is then at its end', async () => {
      const { items, leave } = source(['a'], error, ['never']);
      expect(await items.next()).toEqual({ value: 'a', done: false });
      expect(await failureOf(items.next())).toBe(error);
      expect(await items.next()).toEqual(done);
      expect(leave).not.toHaveBeenCalled();
    });

    it('throws to the first of overlapping calls alone', async () => {
      const { items } = source(['a'], error);
      const results = await Promise.allSettled([items.next(), items.next(), items.next()]);
      expect(results).toEqual([
        { status: 'fulfilled', value: { value: 'a', done: false } },
        { status: 'rejected', reason: error },
        { status: 'fulfilled', value: done },
      ]);
    });

    it('has nobody to leave any more', async () => {
      const { items, leave } = source(error);
      await failureOf(items.next());
      expect(await items.return()).toEqual(done);
      expect(leave).not.toHaveBeenCalled();
    });
  });

  describe('when the consumer leaves', () => {
    it('says so once, and hands out nothing more (C18)', async () => {
      const { items, leave, state } = source(['a', 'b'], ['c']);
      await items.next();
      expect(await items.return()).toEqual(done);
      expect(await items.return()).toEqual(done);
      expect(await items.next()).toEqual(done);
      expect(leave).toHaveBeenCalledTimes(1);
      expect(state.pulls).toBe(1);
    });

    it('says so before the first pull too (C18)', async () => {
      const { items, leave, state } = source(['a']);
      await items.return();
      expect(await items.next()).toEqual(done);
      expect(leave).toHaveBeenCalledTimes(1);
      expect(state.pulls).toBe(0);
    });

    it('waits until the source is let go, and passes on what that throws', async () => {
      const order: string[] = [];
      const items = new Unbatched({
        pull: async () => ['a'],
        items: (batch: readonly string[]) => batch,
        leave: async () => {
          await Promise.resolve();
          order.push('let go');
          throw new Error('no clean-up');
        },
      });
      await items.next();
      await expect(items.return().finally(() => order.push('returned'))).rejects.toThrow('no clean-up');
      expect(order).toEqual(['let go', 'returned']);
    });

    it.each([
      ['rejects', (pull: ReturnType<typeof pending>) => pull.reject(new Error('aborted'))],
      ['brings items after all', (pull: ReturnType<typeof pending>) => pull.resolve(['late', 'later'])],
      ['ends', (pull: ReturnType<typeof pending>) => pull.resolve(undefined)],
    ])('settles both when a pull is out that then %s (C18)', async (_, settle) => {
      const pull = pending();
      const items = new Unbatched({
        pull: pull.pull,
        items: (batch) => batch,
        leave: async () => settle(pull),
      });
      const next = items.next();
      await Promise.resolve();
      expect(await items.return()).toEqual(done);
      expect(await next).toEqual(done);
      expect(await items.next()).toEqual(done);
    });

    it('by break or throw in a loop counts as that', async () => {
      const { items, leave } = source(['a', 'b']);
      for await (const _ of items) break;
      expect(leave).toHaveBeenCalledTimes(1);
      const other = source(['a', 'b']);
      const loop = async (): Promise<void> => {
        for await (const _ of other.items) throw new RangeError('mine');
      };
      await expect(loop()).rejects.toThrow(RangeError);
      expect(other.leave).toHaveBeenCalledTimes(1);
    });
  });

  it('is its own iterator', () => {
    const { items } = source();
    expect(items[Symbol.asyncIterator]()).toBe(items);
  });
});
