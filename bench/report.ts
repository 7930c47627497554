import type { Measured } from './client.ts';
import type { ContenderName } from './contenders/contender.ts';
import { DELTAS, type ShapeName, shapes } from './shapes.ts';
import { median, pairedRatio, spread } from './statistics.ts';

/** Rounds of each contender, for each shape. */
export type Samples = Readonly<Record<ShapeName, ReadonlyMap<ContenderName, readonly Measured[]>>>;

/** One contender on one shape. */
export interface Figure {
  readonly contender: ContenderName;
  /** CPU of one request, median, in microseconds. */
  readonly microsPerRequest: number;
  /** The same by content delta; of the streamed shapes only. */
  readonly microsPerChunk?: number;
  /** To the first contender, paired round by round. */
  readonly ratio: number;
  readonly spread: number;
  /** At most this is promised of `ratio`; not set where nothing is. */
  readonly limit?: number;
  readonly pass?: boolean;
}

/** One line of the report. */
export interface ShapeReport {
  readonly shape: ShapeName;
  readonly figures: readonly Figure[];
  /** Set when a client needed most of the pause between two writes: then some reads held more than one. */
  readonly crowded?: string;
}

/** The figures of all shapes that were run. */
export function summarize(samples: Samples): ShapeReport[] {
  return (Object.keys(samples) as ShapeName[]).map((shape) => {
    const base = cpuOf(samples[shape].get(baseOf(shape)) ?? []);
    const figures = [...samples[shape]].map(([contender, rounds]) =>
      figure(shape, contender, cpuOf(rounds), base),
    );
    const crowded = crowding(shape, figures);
    return { shape, figures, ...(crowded !== undefined && { crowded }) };
  });
}

/** Whom the others are held against. */
const baseOf = (shape: ShapeName): ContenderName => shapes[shape].contenders[0];

function cpuOf(rounds: readonly Measured[]): number[] {
  return rounds.map(({ cpuMicros }) => cpuMicros);
}

function figure(
  shape: ShapeName,
  contender: ContenderName,
  cpu: readonly number[],
  base: readonly number[],
): Figure {
  const ratio = pairedRatio(cpu, base);
  const microsPerRequest = median(cpu);
  const limit = shapes[shape].limits[contender];
  return {
    contender,
    microsPerRequest,
    ...(shapes[shape].task === 'stream' && { microsPerChunk: microsPerRequest / DELTAS }),
    ratio,
    spread: spread(cpu),
    ...(limit !== undefined && { limit, pass: ratio <= limit }),
  };
}

function crowding(shape: ShapeName, figures: readonly Figure[]): string | undefined {
  const { gapMicros, concurrency, eventsPerWrite = 1 } = shapes[shape];
  if (gapMicros === 0) return undefined;
  const busy = figures.filter(
    ({ microsPerChunk = 0 }) => microsPerChunk * eventsPerWrite * concurrency > gapMicros * 0.5,
  );
  if (busy.length === 0) return undefined;
  const names = busy.map(({ contender }) => contender).join(', ');
  return `${names} may have read several writes at once: this machine is too slow for ${gapMicros} µs`;
}

/** The report as a person reads it. */
export function reportText(reports: readonly ShapeReport[]): string {
  return reports.map(shapeText).join('\n\n');
}

function shapeText({ shape, figures, crowded }: ShapeReport): string {
  const unit = shapes[shape].task === 'stream' ? 'chunk' : 'request';
  const lines = figures.map((each) => {
    const micros = (each.microsPerChunk ?? each.microsPerRequest).toFixed(1).padStart(8);
    const note = each.pass === undefined ? '' : `   ${each.pass ? 'pass' : 'FAIL'}: at most ${each.limit}`;
    return (
      `  ${each.contender.padEnd(20)}${micros} µs/${unit}   ${each.ratio.toFixed(2)} of ${baseOf(shape)}` +
      `   ±${(100 * each.spread).toFixed(0)} %${note}`
    );
  });
  return [shapes[shape].title, ...lines, ...(crowded === undefined ? [] : [`  note: ${crowded}`])].join('\n');
}
