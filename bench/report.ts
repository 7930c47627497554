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
  /** To the floor, paired round by round. */
  readonly ratio: number;
  readonly spread: number;
  /** Whether this house keeps to its limit; not of others. */
  readonly pass?: boolean;
}

/** One line of the report. */
export interface ShapeReport {
  readonly shape: ShapeName;
  readonly limit: number;
  readonly figures: readonly Figure[];
  /** Set when a client needed most of the pause between two writes: then some reads held more than one. */
  readonly crowded?: string;
}

/** The figures of all shapes that were run. */
export function summarize(samples: Samples): ShapeReport[] {
  return (Object.keys(samples) as ShapeName[]).map((shape) => {
    const { limit } = shapes[shape];
    const base = cpuOf(samples[shape].get('floor') ?? []);
    const figures = [...samples[shape]].map(([contender, rounds]) =>
      figure(shape, contender, cpuOf(rounds), base),
    );
    const crowded = crowding(shape, figures);
    return { shape, limit, figures, ...(crowded !== undefined && { crowded }) };
  });
}

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
  return {
    contender,
    microsPerRequest,
    ...(shapes[shape].task === 'stream' && { microsPerChunk: microsPerRequest / DELTAS }),
    ratio,
    spread: spread(cpu),
    ...(isOurs(contender) && { pass: ratio <= shapes[shape].limit }),
  };
}

const isOurs = (contender: ContenderName): boolean => contender !== 'floor' && contender !== 'anthropic-sdk';

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

function shapeText({ shape, limit, figures, crowded }: ShapeReport): string {
  const unit = shapes[shape].task === 'stream' ? 'chunk' : 'request';
  const lines = figures.map((each) => {
    const micros = (each.microsPerChunk ?? each.microsPerRequest).toFixed(1).padStart(8);
    const note = each.pass === undefined ? '' : `   ${each.pass ? 'pass' : 'FAIL'}: at most ${limit}`;
    return (
      `  ${each.contender.padEnd(14)}${micros} µs/${unit}   ${each.ratio.toFixed(2)} of the floor` +
      `   ±${(100 * each.spread).toFixed(0)} %${note}`
    );
  });
  return [shapes[shape].title, ...lines, ...(crowded === undefined ? [] : [`  note: ${crowded}`])].join('\n');
}
