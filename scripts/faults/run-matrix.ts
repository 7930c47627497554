import type { WireName } from 'runestone/testing';
import { type Cell, cellsOf, nameOf } from './cells.ts';
import { inTime } from './in-time.ts';
import { judge, type Verdict } from './judge.ts';
import { pooled } from './pooled.ts';
import type { Course, FaultRow, RowModule } from './row.ts';
import { runCell, type World } from './stand.ts';

/** One thing that was run, and what it came to. */
export interface Result extends Verdict {
  readonly id: string;
  readonly name: string;
  readonly ms: number;
  /** It had failed among many others, and was run once more by itself. Only this is what counts. */
  readonly repeated?: boolean;
}

/** What is to be run. */
export interface MatrixOptions {
  readonly quick: boolean;
  readonly host: boolean;
  /** Ids of rows; empty for all. */
  readonly only: readonly string[];
  /** Told as they come. */
  readonly onResult?: (result: Result) => void;
}

/** How many runs wait at once: many that do little else, fewer that work. */
const AT_ONCE = { wide: 24, narrow: 3, courses: 6 } as const;

/** How many failures are looked at a second time: on a busy machine a timer fires late now and then, but not often. */
const DOUBTS = 100;

/** Runs all rows of all modules: first those that wait, many at once, then those that need the machine for themselves. */
export async function runMatrix(
  modules: readonly RowModule[],
  world: World,
  options: MatrixOptions,
): Promise<Result[]> {
  const { only, quick, host } = options;
  const wanted = ({ id, slow }: { readonly id: string; readonly slow?: boolean }): boolean =>
    (only.length === 0 || only.includes(id)) && !(quick && slow);
  const rows = modules.flatMap((module) => module.rows ?? []).filter(wanted);
  const courses = modules
    .flatMap((module) => module.courses ?? [])
    .filter((course) => wanted(course) && (host || !course.host));
  const results: Result[] = [];
  const note = (result: Result): void => {
    results.push(result);
    options.onResult?.(result);
  };
  const doubtful: Cell[] = [];
  const run = (lane: FaultRow['lane'], atOnce: number): Promise<void> => {
    const cells = rows.filter((row) => row.lane === lane).flatMap((row) => cellsOf(row, quick));
    return pooled(cells, atOnce, async (cell) => {
      const result = await runOne(cell, world);
      if (result.complaints.length > 0 && doubtful.length < DOUBTS) doubtful.push(cell);
      else note(result);
    });
  };
  await run(undefined, AT_ONCE.wide);
  await run('narrow', AT_ONCE.narrow);
  for (const cell of doubtful.splice(0)) note({ ...(await runOne(cell, world)), repeated: true });
  await run('alone', 1);
  for (const cell of doubtful) note({ ...(await runOne(cell, world)), repeated: true });
  const runs = courses.flatMap((course) => {
    const { once = false, wires = WIRES } = course;
    return (quick && once ? wires.slice(0, 1) : wires).map((wire) => ({ course, wire }));
  });
  const runAll = (waits: boolean, atOnce: number): Promise<void> =>
    pooled(
      runs.filter(({ course }) => (course.waits ?? false) === waits),
      atOnce,
      async ({ course, wire }) => {
        const result = await runCourse(course, wire, world, quick);
        if (result.complaints.length === 0) note(result);
        else again.push({ course, wire });
      },
    );
  const again: typeof runs = [];
  await runAll(true, AT_ONCE.courses);
  await runAll(false, 1);
  for (const { course, wire } of again)
    note({ ...(await runCourse(course, wire, world, quick)), repeated: true });
  return results;
}

const WIRES = ['anthropic', 'openai'] as const;

async function runOne(cell: Cell, world: World): Promise<Result> {
  const began = performance.now();
  const verdict = await runCell(cell, world).then(judge, broken);
  return { ...verdict, id: cell.row.id, name: nameOf(cell), ms: performance.now() - began };
}

/** A course that is not over by then hangs, in milliseconds. */
const COURSE_MS = 90_000;

async function runCourse(course: Course, wire: WireName, world: World, quick: boolean): Promise<Result> {
  const began = performance.now();
  const { places, timers } = world;
  const running = timers.run((count) => course.run(wire, { quick, places, timers: count }), course.hurry);
  const verdict = await inTime(
    running.then((complaints): Verdict => ({ complaints, ...NEITHER }), broken),
    COURSE_MS,
  );
  const name = [course.id, course.about, wire].join(' ');
  return { ...(verdict ?? HANGS), id: course.id, name, ms: performance.now() - began };
}

const HANGS: Verdict = { complaints: ['is not over'], hang: true, silentCut: false, foreign: false };
const NEITHER = { hang: false, silentCut: false, foreign: false } as const;

/** A run that throws is wrong whatever it throws: only errors of the house may come out of a pool. */
function broken(error: unknown): Verdict {
  return {
    complaints: [`threw ${error instanceof Error ? (error.stack ?? error.message) : error}`],
    ...NEITHER,
  };
}
