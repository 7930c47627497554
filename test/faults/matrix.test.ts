import { ProviderPool } from 'runestone';
import { startLab } from 'runestone/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlaces, type Places } from '../../scripts/faults/places.ts';
import { pooled } from '../../scripts/faults/pooled.ts';
import type { Course, FaultRow } from '../../scripts/faults/row.ts';
import { runMatrix } from '../../scripts/faults/run-matrix.ts';
import { host, models } from '../../scripts/faults/stand.ts';
import { standingCheck } from '../../scripts/faults/standing-check.ts';
import { TimerWatch } from '../../scripts/faults/timer-watch.ts';
import { warmUp } from '../../scripts/faults/warm-up.ts';

let places: Places;
const timers = new TimerWatch();
beforeAll(async () => {
  await warmUp();
  places = await openPlaces();
  timers.start();
});
afterAll(async () => {
  timers.stop();
  await places[Symbol.asyncDispose]();
});

const run = async (rows: readonly FaultRow[], courses: readonly Course[] = []) => {
  const options = { quick: true, host: false, only: [] };
  const results = await runMatrix([{ title: 'test', rows, courses }], { places, timers }, options);
  return results.map(({ name, complaints, repeated }) => ({
    name,
    repeated,
    complaints: complaints.join('; '),
  }));
};

describe('the matrix', () => {
  it('passes what ends as it must', async () => {
    const results = await run([
      {
        id: 'T35',
        faults: ['eof-mid-stream'],
        forms: ['stream'],
        expect: { caller: 'stream_truncated', partial: true, cost: 'est' },
      },
      {
        id: 'T3',
        faults: ['@refused'],
        forms: ['stream'],
        expect: { caller: 'connection', next: 'F', cost: 'none' },
      },
    ]);
    expect(results).toHaveLength(2 * 3 + 2 * 2);
    expect(results.filter(({ complaints }) => complaints !== '')).toEqual([]);
  });

  it.each<[string, FaultRow['expect'], RegExp]>([
    ['an ending', { caller: 'ok', cost: 'rep' }, /stream_truncated .*, not an answer/],
    ['a code', { caller: 'timeout', partial: true, cost: 'est' }, /stream_truncated .*, not timeout/],
    ['a partial answer', { caller: 'stream_truncated', cost: 'est' }, /marked as committed/],
    [
      'a verdict',
      { caller: 'stream_truncated', partial: true, lesson: 'none', cost: 'est' },
      /learnt failure, not none/,
    ],
    ['a cost', { caller: 'stream_truncated', partial: true, cost: 'none' }, /not none/],
  ])(
    'fails a row that is wrong about %s, and looks twice before it says so',
    async (_, expected, complaint) => {
      const results = await run([
        {
          id: 'X',
          faults: ['eof-mid-stream'],
          wires: ['openai'],
          forms: ['stream'],
          companies: ['alone'],
          expect: expected,
        },
      ]);
      expect(results).toEqual([
        {
          name: 'X eof-mid-stream openai stream alone',
          repeated: true,
          complaints: expect.stringMatching(complaint),
        },
      ]);
    },
  );

  it('fails what throws something else', async () => {
    const course: Course = {
      id: 'X',
      about: 'throws',
      wires: ['openai'],
      run: () => Promise.reject(new TypeError('oops')),
    };
    expect((await run([], [course]))[0]?.complaints).toMatch(/threw TypeError: oops/);
  });

  it('leaves out what needs root', async () => {
    const course: Course = { id: 'X', about: 'root', host: true, run: async () => [] };
    expect(await run([], [course])).toEqual([]);
  });
});

describe('the standing check', () => {
  const stand = async () => {
    const lab = await startLab();
    const pool = new ProviderPool({
      providers: [host('a', 'openai', lab.baseURL('stall', 'openai'))],
      models: { route: [`a/${models.openai}`] },
      limits: { pool: { concurrency: 2 } },
    });
    const told: unknown[] = [];
    pool.on('*', (event) => told.push(event));
    return { lab, pool, told };
  };

  it('finds nothing where nothing is', async () => {
    const { lab, pool, told } = await stand();
    told.push({ name: 'request.start' }, { name: 'request.stop' });
    const { signal } = new AbortController();
    expect(await standingCheck({ pool, lab, signals: [signal], told, timers: () => 0 })).toEqual([]);
    await lab.close();
  });

  it('finds a request that still runs: attempt, permit, connection, listener, and an end that is missing', async () => {
    const { lab, pool, told } = await stand();
    const { signal } = new AbortController();
    const stream = await pool.streamRequest(
      { model: 'route', messages: [{ role: 'user', content: 'x' }] },
      { signal },
    );
    const left = (await standingCheck({ pool, lab, signals: [signal], told, timers: () => 1 })).join('\n');
    expect(left).toMatch(/attempt in flight/);
    expect(left).toMatch(/permit taken/);
    expect(left).toMatch(/request at the host/);
    expect(left).toMatch(/1 × timer running/);
    expect(left).toMatch(/listener on the caller's signal/);
    expect(left).toMatch(/0 × request.stop where 1 were due/);
    await stream.cancel();
    await lab.close();
  });
});

describe('the watch over timers', () => {
  it('counts those that the library sets, as long as they run', async () => {
    const { lab, pool } = await (async () => {
      const lab = await startLab();
      const pool = new ProviderPool({ providers: [host('a', 'openai', lab.baseURL('stall', 'openai'))] });
      return { lab, pool };
    })();
    await timers.run(async (count) => {
      expect(count()).toBe(0);
      const foreign = setTimeout(() => {}, 1_000);
      expect(count()).toBe(0);
      const asking = { model: `a/${models.openai}`, messages: [{ role: 'user', content: 'x' }] } as const;
      const stream = await pool.streamRequest(asking);
      expect(count()).toBeGreaterThan(0);
      await stream.cancel();
      await expect.poll(count).toBe(0);
      clearTimeout(foreign);
    });
    await pool.close({ drainMs: 0 });
    await lab.close();
  });
});

describe('work on a list', () => {
  it('is done by so many at once, each item once', async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    await pooled([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 30));
      done.push(item);
      now--;
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBeLessThanOrEqual(3);
    expect(most).toBeGreaterThan(1);
  });
});
