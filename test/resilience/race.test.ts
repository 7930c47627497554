import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RaceRules, race } from '../../src/resilience/race.ts';
import { runs } from '../runs.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What a runner does: begins after some time, and then arrives or fails after some more. */
interface Course {
  readonly beginsMs?: number;
  readonly takesMs: number;
  readonly fails?: string;
}

/** Sends off whoever is in the list, one after the other, 100 ms apart. */
function setUp(courses: readonly Course[], rules: Partial<RaceRules<number, string>> = {}) {
  const log: string[] = [];
  const stops = new Map<number, () => void>();
  let sent = 1;
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const run = async (runner: number, onBegin: () => void): Promise<string> => {
    const { beginsMs = 0, takesMs, fails } = courses[runner] ?? { takesMs: 0 };
    log.push(`${runner} sent`);
    let timer: NodeJS.Timeout | undefined;
    if (beginsMs > 0) await wait(beginsMs);
    onBegin();
    return new Promise((resolve, reject) => {
      stops.set(runner, () => {
        clearTimeout(timer);
        reject(new Error('stopped'));
      });
      timer = setTimeout(() => (fails ? reject(new Error(fails)) : resolve(`from ${runner}`)), takesMs);
    });
  };
  const outcome = race<number, string>(0, {
    start: run,
    patienceMs: () => 100,
    next: () => (sent < courses.length ? sent++ : undefined),
    stop: (runner) => {
      log.push(`${runner} stopped`);
      stops.get(runner)?.();
    },
    discard: (prize) => log.push(`${prize} discarded`),
    isFinal: () => false,
    ...rules,
  });
  const settled = outcome.then(
    ({ runner, prize }) => `${runner}: ${prize}`,
    (error: unknown) => String(error),
  );
  return { settled, log };
}

describe('a race', () => {
  it('is none when the first arrives in time', async () => {
    const { settled, log } = setUp([{ takesMs: 99 }, { takesMs: 1 }]);
    await vi.advanceTimersByTimeAsync(500);
    expect([await settled, log, vi.getTimerCount()]).toEqual(['0: from 0', ['0 sent'], 0]);
  });

  it('is won by whoever arrives first; the others are stopped', async () => {
    const { settled, log } = setUp([{ takesMs: 400 }, { takesMs: 50 }]);
    await vi.advanceTimersByTimeAsync(500);
    expect([await settled, log]).toEqual(['1: from 1', ['0 sent', '1 sent', '0 stopped']]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('runs its time from the beginning, not from when one was sent off', async () => {
    const { settled, log } = setUp([{ beginsMs: 1_000, takesMs: 150 }, { takesMs: 10 }]);
    await vi.advanceTimersByTimeAsync(1_099);
    expect(log).toEqual(['0 sent']);
    await vi.advanceTimersByTimeAsync(100);
    expect(await settled).toBe('1: from 1');
  });

  it('goes on while anybody is under way, and tells the failure of the first when nobody is', async () => {
    const others = setUp([{ takesMs: 120, fails: 'no' }, { takesMs: 300 }]);
    await vi.advanceTimersByTimeAsync(500);
    expect(await others.settled).toBe('1: from 1');
    const first = setUp([{ takesMs: 300 }, { takesMs: 10, fails: 'no' }]);
    await vi.advanceTimersByTimeAsync(500);
    expect(await first.settled).toBe('0: from 0');
    const nobody = setUp([
      { takesMs: 120, fails: 'the first' },
      { takesMs: 300, fails: 'the second' },
    ]);
    await vi.advanceTimersByTimeAsync(500);
    expect(await nobody.settled).toBe('Error: the first');
  });

  it('is over at once when the first fails for all, and only the first can', async () => {
    const isFinal = (error: unknown): boolean => String(error).includes('final');
    const one = setUp([{ takesMs: 120, fails: 'final' }, { takesMs: 900 }], { isFinal });
    await vi.advanceTimersByTimeAsync(200);
    expect([await one.settled, one.log.at(-1)]).toEqual(['Error: final', '1 stopped']);
    const other = setUp([{ takesMs: 300 }, { takesMs: 10, fails: 'final' }], { isFinal });
    await vi.advanceTimersByTimeAsync(500);
    expect(await other.settled).toBe('0: from 0');
  });

  it('sends nobody off when there is no patience to lose, or nobody to send', async () => {
    const forever = setUp([{ takesMs: 5_000 }, { takesMs: 1 }], { patienceMs: () => undefined });
    const alone = setUp([{ takesMs: 5_000 }, { takesMs: 1 }], { next: () => undefined });
    await vi.advanceTimersByTimeAsync(6_000);
    expect([await forever.settled, await alone.settled]).toEqual(['0: from 0', '0: from 0']);
  });

  it('tells how many are under way when another is wanted', async () => {
    const asked: number[] = [];
    const { settled } = setUp([{ takesMs: 150, fails: 'no' }, { takesMs: 900 }, { takesMs: 10 }], {
      next: (underWay) => {
        asked.push(underWay);
        return asked.length < 3 ? asked.length : undefined;
      },
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect([await settled, asked]).toEqual(['2: from 2', [1, 1]]);
  });

  it('takes back what a loser brings all the same', async () => {
    const { settled, log } = setUp([{ takesMs: 150 }, { takesMs: 50 }], { stop: () => {} });
    await vi.advanceTimersByTimeAsync(500);
    expect([await settled, log.filter((line) => line.includes('discarded'))]).toEqual([
      '0: from 0',
      ['from 1 discarded'],
    ]);
  });
});

it('whatever happens, it ends once, with one winner or the failure of the first, and leaves no timer', async () => {
  const course = fc.record(
    {
      beginsMs: fc.nat(300),
      takesMs: fc.nat(500),
      fails: fc.constantFrom('a', 'b'),
    },
    { requiredKeys: ['takesMs'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(course, { minLength: 1, maxLength: 5 }), async (courses) => {
      const { settled, log } = setUp(courses);
      await vi.advanceTimersByTimeAsync(10_000);
      const outcome = await settled;
      const sent = log.filter((line) => line.endsWith('sent')).length;
      if (outcome.startsWith('Error')) {
        expect(outcome).toBe(`Error: ${courses[0]?.fails}`);
        expect(courses.slice(0, sent).every(({ fails }) => fails)).toBe(true);
      } else expect(courses[Number(outcome[0])]?.fails).toBeUndefined();
      expect(vi.getTimerCount()).toBe(0);
    }),
    runs(),
  );
});
