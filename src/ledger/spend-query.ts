import { ConfigError } from '../errors/index.ts';
import type { SpendSum } from './spend-sum.ts';

const DIMENSIONS = [
  'provider',
  'model',
  'servedModel',
  'tenant',
  'key',
  'operation',
  'outcome',
  'precision',
  'code',
  'day',
  'hour',
] as const;

/** By what spending can be told apart. Days and hours are UTC; a label must be one that `ledger.labels` names. */
export type SpendDimension = (typeof DIMENSIONS)[number] | `label.${string}`;

/** A question about money spent. */
export interface SpendQuery {
  /** The first moment that counts. Epoch milliseconds, or a date. */
  readonly since: number | Date;
  /** The first moment that does not. @default now, this very millisecond included */
  readonly until?: number | Date;
  /** One group for each combination that occurs. @default one group for everything */
  readonly groupBy?: readonly SpendDimension[];
  /** Only attempts with this value, or with one of these; `''` is for those that have none. @default all */
  readonly where?: { readonly [Dimension in SpendDimension]?: string | readonly string[] };
}

/** What the attempts of one group came to. */
export interface SpendGroup extends SpendSum {
  /** The group's value of each dimension asked for; absent where its attempts have none. */
  readonly by: { readonly [Dimension in SpendDimension]?: string };
}

/** The answer: the dearest group first. */
export interface SpendAnswer {
  /** Who answered: the ledger's sink, or the memory of this process. */
  readonly source: 'sink' | 'memory';
  /** Where the answer really begins and ends, in epoch milliseconds: memory knows whole slices of time only. */
  readonly since: number;
  readonly until: number;
  /** False when attempts may be missing: memory does not reach back so far, or the sink has not taken them. */
  readonly complete: boolean;
  readonly groups: readonly SpendGroup[];
}

/** A question as a sink gets it: checked, with every default filled in. */
export interface CheckedSpendQuery {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly groupBy: readonly SpendDimension[];
  readonly where: readonly (readonly [dimension: SpendDimension, values: readonly string[]])[];
}

/** What a label may be called: it becomes a part of a path in JSON. */
export const labelName: RegExp = /^[\w-]{1,64}$/;

/** @throws ConfigError naming what is wrong */
export function checkSpendQuery(query: SpendQuery, nowMs: number): CheckedSpendQuery {
  const { since, until = nowMs + 1, groupBy = [], where = {} } = query;
  const sinceMs = toMs('since', since);
  const untilMs = toMs('until', until);
  const conditions = Object.entries(where).map(
    ([dimension, values]) =>
      [toDimension('where', dimension), typeof values === 'string' ? [values] : values] as const,
  );
  return {
    sinceMs,
    untilMs,
    groupBy: [...new Set(groupBy)].map((dimension) => toDimension('groupBy', dimension)),
    where: conditions.filter(
      (entry): entry is readonly [SpendDimension, readonly string[]] => entry[1] !== undefined,
    ),
  };
}

function toMs(name: string, value: number | Date): number {
  const ms = Number(value);
  if (Number.isFinite(ms)) return ms;
  throw new ConfigError(`pool.spend: ${name}: must be a date, or a number of epoch milliseconds`, {
    param: name,
  });
}

function toDimension(where: string, word: string): SpendDimension {
  const known = DIMENSIONS.find((dimension) => dimension === word);
  if (known) return known;
  const label = word.startsWith('label.') ? word.slice('label.'.length) : '';
  if (labelName.test(label)) return `label.${label}`;
  throw new ConfigError(
    `pool.spend: ${where}: there is no "${word}" (have: ${DIMENSIONS.join(', ')}, label.<name>)`,
    { param: where },
  );
}
