import { isRecord } from '../../src/chat/json.ts';
import type { Difference } from './compare-prices.ts';

/** Differences that somebody has looked into, and why ours stands. */
export interface Accepted extends Omit<Difference, 'row'> {
  readonly rows: readonly string[];
  readonly reason: string;
}

/** What is left to look into. */
export interface Review {
  readonly unreviewed: readonly Difference[];
  readonly accepted: readonly (Difference & { readonly reason: string })[];
  /** Accepted once, and no difference any more: to be taken off the list. */
  readonly stale: readonly string[];
}

/** The reviewed list. @throws Error when an entry names no rows, or gives no reason */
export function readAccepted(text: string): readonly Accepted[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error('not a list of differences');
  return list.map((entry: unknown, place) => {
    if (!isRecord(entry)) throw new Error(`difference ${place}: not an entry`);
    const { rows, field, here, there, reason } = entry;
    if (!Array.isArray(rows) || rows.length === 0 || typeof field !== 'string') {
      throw new Error(`difference ${place}: names no rows or no field`);
    }
    if (typeof reason !== 'string' || reason.length < 10) throw new Error(`difference ${place}: no reason`);
    return { rows: rows.map(String), field, here: figure(here), there: figure(there), reason };
  });
}

/** Tells reviewed differences from new ones, and entries that no longer apply. */
export function reviewDifferences(found: readonly Difference[], accepted: readonly Accepted[]): Review {
  const reasons = new Map(
    accepted.flatMap(({ rows, reason, ...what }) => rows.map((row) => [keyOf({ row, ...what }), reason])),
  );
  const keys = new Set(found.map(keyOf));
  return {
    unreviewed: found.filter((difference) => !reasons.has(keyOf(difference))),
    accepted: found.flatMap((difference) => {
      const reason = reasons.get(keyOf(difference));
      return reason === undefined ? [] : [{ ...difference, reason }];
    }),
    stale: [...reasons.keys()].filter((key) => !keys.has(key)),
  };
}

/** As it is printed, and compared. */
export function keyOf({ row, field, here, there }: Difference): string {
  const told = (value: number | null): string => (value === null ? 'nothing' : String(value));
  return field === 'model'
    ? `${row}: not known there`
    : `${row} ${field}: ${told(here)} here, ${told(there)} there`;
}

function figure(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
