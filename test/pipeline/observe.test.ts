import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import { CancelledError, DeadlineExceededError, ProviderError } from '../../src/errors/index.ts';
import type { Handler } from '../../src/pipeline/middleware.ts';
import { type Ending, type Watch, watching } from '../../src/pipeline/observe.ts';
import { collect, failureOf, stream, text } from '../contexts.ts';

const batches: readonly Batch[] = [[text('a')], [text('b'), text('c')]];

/** Logs when it begins and how it was told of the end. */
function noting(name: string, log: string[], endings: Ending[] = []): Watch<string> {
  return (context) => {
    log.push(`${name} begins (${context})`);
    return {
      onEnd(ending) {
        log.push(`${name} ends: ${ending.outcome}`);
        endings.push(ending);
      },
    };
  };
}

const refusing =
  (error: unknown): Watch<string> =>
  () => {
    throw error;
  };

/** Yields what is given, then throws. */
const breaking = (error: unknown, first: readonly Batch[] = []): Handler<string> =>
  async function* breaking() {
    yield* first;
    throw error;
  };

describe('watching', () => {
  it('passes the very batches on, in order, and ends with ok', async () => {
    const log: string[] = [];
    const out = await collect(watching(noting('a', log))('c', () => stream(batches)));
    expect(out).toHaveLength(2);
    out.forEach((batch, index) => {
      expect(batch).toBe(batches[index]);
    });
    expect(log).toEqual(['a begins (c)', 'a ends: ok']);
  });

  it('begins in order and ends in reverse', async () => {
    const log: string[] = [];
    const wrap = watching(noting('a', log), noting('b', log), noting('c', log));
    await collect(wrap('x', () => stream([])));
    expect(log.map((line) => line.slice(0, 8))).toEqual([
      ...['a begins', 'b begins', 'c begins'],
      ...['c ends: ', 'b ends: ', 'a ends: '],
    ]);
  });

  it('does nothing before the first pull, and nothing at all when the stream is left before it', async () => {
    const log: string[] = [];
    const out = watching(noting('a', log))('c', () => {
      log.push('source');
      return stream(batches);
    });
    const iterator = out[Symbol.asyncIterator]();
    expect(log).toEqual([]);
    await iterator.return?.();
    expect(log).toEqual([]);
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
  });

  it('begins before it calls on, so that a refusal never reaches the layers below', async () => {
    const log: string[] = [];
    const wrap = watching(noting('a', log), refusing(new Error('no')), noting('never', log));
    const handler: Handler<string> = () => {
      log.push('source');
      return stream([]);
    };
    await expect(collect(wrap('c', handler))).rejects.toThrow('no');
    expect(log).toEqual(['a begins (c)', 'a ends: error']);
  });

  describe.each([
    ['a foreign error', new TypeError('cut'), 'error'],
    [
      'a provider error',
      new ProviderError({ provider: 'acme', code: 'overloaded', message: 'busy' }),
      'error',
    ],
    ['the deadline', new DeadlineExceededError('over'), 'error'],
    ['an abort', new CancelledError('gone'), 'cancelled'],
    ['undefined', undefined, 'error'],
  ] as const)('told of %s', (_, error, outcome) => {
    const places: readonly (readonly [string, Handler<string>])[] = [
      ['before the first batch', breaking(error)],
      ['in the middle', breaking(error, batches)],
      [
        'by the call itself',
        () => {
          throw error;
        },
      ],
    ];
    it.each(places)(`%s ends once with ${outcome} and passes the same value on`, async (__, next) => {
      const endings: Ending[] = [];
      const wrap = watching(noting('a', [], endings), noting('b', [], endings));
      expect(await failureOf(collect(wrap('c', next)))).toBe(error);
      expect(endings).toEqual([
        { outcome, error },
        { outcome, error },
      ]);
    });
  });

  it.each(['break', 'throw', 'return'] as const)('ends with cancelled and no error on %s', async (exit) => {
    const log: string[] = [];
    const endings: Ending[] = [];
    const wrap = watching(noting('a', log, endings), noting('b', log, endings));
    let letGo = 0;
    const source: Handler<string> = async function* source() {
      try {
        yield* batches;
      } finally {
        letGo++;
        log.push('source let go');
      }
    };
    const leave = async (): Promise<void> => {
      for await (const _ of wrap('c', source)) {
        if (exit === 'break') break;
        if (exit === 'return') return;
        throw new RangeError('consumer');
      }
    };
    if (exit === 'throw') await expect(leave()).rejects.toThrow(RangeError);
    else await leave();
    expect(endings).toEqual([{ outcome: 'cancelled' }, { outcome: 'cancelled' }]);
    expect(endings[0]).not.toHaveProperty('error');
    expect(letGo).toBe(1);
    expect(log.slice(2)).toEqual(['source let go', 'b ends: cancelled', 'a ends: cancelled']);
  });

  it('ends once when return is called twice, and after the end', async () => {
    const endings: Ending[] = [];
    const iterator = watching(noting('a', [], endings))('c', () => stream(batches))[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    await iterator.return?.();
    await iterator.next();
    expect(endings).toHaveLength(1);
  });

  it.each(['with an error', 'with the end', 'with a batch'] as const)(
    'ends once when the consumer leaves during a pull that then settles %s',
    async (how) => {
      const endings: Ending[] = [];
      let settle: () => void = () => undefined;
      const next = (): Promise<IteratorResult<Batch>> =>
        new Promise((resolve, reject) => {
          settle = () => {
            if (how === 'with an error') reject(new CancelledError('gone'));
            else if (how === 'with the end') resolve({ value: undefined, done: true });
            else resolve({ value: [text('late')], done: false });
          };
        });
      const source: Handler<string> = () => ({
        [Symbol.asyncIterator]: () => ({
          next,
          return: async () => {
            settle();
            return { value: undefined, done: true };
          },
        }),
      });
      const iterator = watching(noting('a', [], endings))('c', source)[Symbol.asyncIterator]();
      const pulled = iterator.next().catch((error: unknown) => error);
      await iterator.return?.();
      await pulled;
      expect(endings).toHaveLength(1);
      expect(endings[0]?.outcome).toBe('cancelled');
      expect(await iterator.next()).toEqual({ value: undefined, done: true });
    },
  );

  it('passes on what a source throws while it is let go', async () => {
    const endings: Ending[] = [];
    const mine = new Error('no clean-up');
    const source: Handler<string> = () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ value: [text('a')], done: false }),
        return: () => Promise.reject(mine),
      }),
    });
    const iterator = watching(noting('a', [], endings))('c', source)[Symbol.asyncIterator]();
    await iterator.next();
    expect(await failureOf(iterator.return?.() ?? Promise.resolve())).toBe(mine);
    expect(endings).toEqual([{ outcome: 'error', error: mine }]);
  });

  it('shows each batch before the consumer gets it, to those alone who look', async () => {
    const log: string[] = [];
    const looking: Watch<string> = () => ({
      onBatch: (batch) => log.push(`seen ${batch.length}`),
      onEnd: () => log.push('end'),
    });
    for await (const batch of watching(looking, noting('deaf', []))('c', () => stream(batches))) {
      log.push(`got ${batch.length}`);
    }
    expect(log).toEqual(['seen 1', 'got 1', 'seen 2', 'got 2', 'end']);
  });

  it('ends once when a watcher stumbles over a batch, and lets go of the source', async () => {
    const endings: Ending[] = [];
    const mine = new TypeError('batch is not iterable');
    const stumbling: Watch<string> = () => ({
      onBatch: () => {
        throw mine;
      },
      onEnd: (ending) => endings.push(ending),
    });
    let letGo = false;
    const source: Handler<string> = async function* source() {
      try {
        yield* batches;
      } finally {
        letGo = true;
      }
    };
    const out = watching(noting('a', [], endings), stumbling)('c', source);
    expect(await failureOf(collect(out))).toBe(mine);
    expect(endings).toEqual([
      { outcome: 'error', error: mine },
      { outcome: 'error', error: mine },
    ]);
    expect(letGo).toBe(true);
  });

  it('keeps the streams of one wrap apart', async () => {
    const seen: Record<string, number> = {};
    const counting: Watch<string> = (context) => {
      let count = 0;
      return {
        onBatch: () => count++,
        onEnd: () => {
          seen[context] = count;
        },
      };
    };
    const wrap = watching(counting);
    const first = wrap('first', () => stream(batches))[Symbol.asyncIterator]();
    await first.next();
    await collect(wrap('second', () => stream(batches)));
    await first.return?.();
    expect(seen).toEqual({ first: 1, second: 2 });
  });

  it('tells each begun watcher of exactly one end, whatever happens', async () => {
    const exits = fc.constantFrom('read', 'break', 'refuse', 'fail');
    await fc.assert(
      fc.asyncProperty(exits, fc.nat(4), fc.nat(4), fc.nat(4), async (exit, watchers, batchCount, at) => {
        const begun: number[] = [];
        const ended: number[] = [];
        const watches = Array.from(
          { length: watchers },
          (_, index): Watch<string> =>
            () => {
              if (exit === 'refuse' && index === at) throw new Error('refused');
              begun.push(index);
              return { onEnd: () => ended.push(index) };
            },
        );
        const items = Array.from({ length: batchCount }, (): Batch => [text('x')]);
        const next = exit === 'fail' ? breaking(new Error('cut'), items) : () => stream(items);
        let read = 0;
        try {
          for await (const _ of watching(...watches)('c', next)) if (exit === 'break' && read++ === at) break;
        } catch {
          // Whether it fails is not the question here.
        }
        expect(ended).toEqual(begun.reverse());
      }),
      { numRuns: 200 },
    );
  });
});
