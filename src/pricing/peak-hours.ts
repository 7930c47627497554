import type { PeakRow } from './price-row.ts';

/** When a peak is. */
export interface PeakHours {
  /** First hour, and the first hour after, on the clock of UTC. */
  readonly hoursUtc: readonly (readonly [from: number, until: number])[];
  readonly weekdaysOnly: boolean;
  /** Days without one, counted from the epoch in UTC. */
  readonly except: ReadonlySet<number>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The hours of a row, ready to be asked. */
export function toPeakHours({ hoursUtc, weekdaysOnly = false, except = [] }: PeakRow): PeakHours {
  return { hoursUtc, weekdaysOnly, except: new Set(except.map((day) => Date.parse(day) / DAY_MS)) };
}

/** True within a peak: its first millisecond belongs to it, its last hour's end does not. */
export function inPeak({ hoursUtc, weekdaysOnly, except }: PeakHours, atMs: number): boolean {
  const day = Math.floor(atMs / DAY_MS);
  // The epoch was a Thursday: day 0 is weekday 4, Sunday 0.
  const weekday = (((day + 4) % 7) + 7) % 7;
  if (weekdaysOnly && (weekday === 0 || weekday === 6)) return false;
  const hour = (atMs - day * DAY_MS) / HOUR_MS;
  return !except.has(day) && hoursUtc.some(([from, until]) => hour >= from && hour < until);
}
