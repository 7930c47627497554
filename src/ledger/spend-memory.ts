import { ConfigError } from '../errors/index.ts';
import type { LedgerRow } from './ledger-row.ts';
import { type SpendCell, SpendCells } from './spend-cells.ts';
import type { CheckedSpendQuery, SpendAnswer, SpendDimension, SpendGroup } from './spend-query.ts';
import { type SpendSum, SpendTally } from './spend-sum.ts';
import { TimeSlices } from './time-slices.ts';

/** A window of time up to now, and what was spent in it. */
export interface SpendWindow {
  /** Where it begins, in epoch milliseconds: at least the length of its name ago, at most a twelfth of it more. */
  readonly since: number;
  readonly total: SpendSum;
  readonly providers: Readonly<Record<string, SpendSum>>;
  /** By `provider/model`, with the model id that was sent upstream. */
  readonly models: Readonly<Record<string, SpendSum>>;
  /** Attempts without a tenant are in none. Tenants beyond what memory has room for are `(other)`. */
  readonly tenants: Readonly<Record<string, SpendSum>>;
}

/** What was spent: since the pool began, and lately. */
export interface SpendStats {
  readonly total: SpendSum;
  readonly minute: SpendWindow;
  readonly hour: SpendWindow;
  readonly day: SpendWindow;
}

const WINDOWS = {
  minute: { stepMs: 5_000, steps: 12 },
  hour: { stepMs: 300_000, steps: 12 },
  day: { stepMs: 3_600_000, steps: 24 },
} as const;

type Slices = TimeSlices<SpendCells>;

/** The spending of the last day, by provider, model, tenant and time. Bounded memory, and nothing of it is durable. */
export class SpendMemory {
  readonly #epochMs: () => number;
  readonly #total = new SpendTally();
  readonly #minute: Slices = slices('minute');
  readonly #hour: Slices = slices('hour');
  readonly #day: Slices = slices('day');

  /** @param epochMs - the wall clock */
  constructor(epochMs: () => number = Date.now) {
    this.#epochMs = epochMs;
  }

  add(row: LedgerRow): void {
    this.#total.add(row);
    for (const ring of [this.#minute, this.#hour, this.#day]) ring.at(row.at).add(row);
  }

  stats(): SpendStats {
    const now = this.#epochMs();
    return {
      total: this.#total.sum(),
      minute: windowOf(this.#minute, now),
      hour: windowOf(this.#hour, now),
      day: windowOf(this.#day, now),
    };
  }

  /**
   * Answers as well as slices of time can: from the finest that reach back far enough.
   *
   * @throws ConfigError when the question is about something that only a sink keeps
   */
  spend({ sinceMs, untilMs, groupBy, where }: CheckedSpendQuery): SpendAnswer {
    const now = this.#epochMs();
    for (const dimension of [...groupBy, ...where.map(([name]) => name)]) checkKept(dimension);
    const ring = [this.#minute, this.#hour].find((each) => each.sinceMs(now) <= sinceMs) ?? this.#day;
    const oldestMs = ring.sinceMs(now);
    const groups = new Map<string, { readonly by: SpendGroup['by']; readonly tally: SpendTally }>();
    for (const { startMs, content } of ring.all(now)) {
      if (startMs + ring.stepMs <= sinceMs || startMs >= untilMs) continue;
      for (const cell of content) {
        if (!where.every(([name, values]) => values.includes(wordFor(name, cell, startMs) ?? ''))) continue;
        const by = keysOf(groupBy, cell, startMs);
        const key = JSON.stringify(by);
        const group = groups.get(key) ?? { by, tally: new SpendTally() };
        group.tally.merge(cell.tally);
        groups.set(key, group);
      }
    }
    return {
      source: 'memory',
      since: Math.max(oldestMs, Math.floor(sinceMs / ring.stepMs) * ring.stepMs),
      until: Math.min(now, Math.ceil(untilMs / ring.stepMs) * ring.stepMs),
      complete: sinceMs >= oldestMs,
      groups: dearestFirst([...groups.values()].map(({ by, tally }) => ({ by, ...tally.sum() }))),
    };
  }
}

/** The order of an answer. */
export function dearestFirst(groups: readonly SpendGroup[]): readonly SpendGroup[] {
  return [...groups].sort((left, right) => right.nanoUsd - left.nanoUsd || right.attempts - left.attempts);
}

function slices(name: keyof typeof WINDOWS): Slices {
  const { stepMs, steps } = WINDOWS[name];
  return new TimeSlices(stepMs, steps, () => new SpendCells());
}

function windowOf(ring: Slices, nowMs: number): SpendWindow {
  const total = new SpendTally();
  const by = { providers: new Map(), models: new Map(), tenants: new Map() } satisfies Record<string, Sums>;
  for (const { content } of ring.all(nowMs)) {
    for (const { provider, model, tenant, tally } of content) {
      total.merge(tally);
      addTo(by.providers, provider, tally);
      addTo(by.models, `${provider}/${model}`, tally);
      if (tenant !== undefined) addTo(by.tenants, tenant, tally);
    }
  }
  return {
    since: ring.sinceMs(nowMs),
    total: total.sum(),
    providers: sumsOf(by.providers),
    models: sumsOf(by.models),
    tenants: sumsOf(by.tenants),
  };
}

type Sums = Map<string, SpendTally>;

function addTo(sums: Sums, name: string, tally: SpendTally): void {
  const known = sums.get(name) ?? new SpendTally();
  known.merge(tally);
  sums.set(name, known);
}

function sumsOf(sums: Sums): Readonly<Record<string, SpendSum>> {
  return Object.fromEntries([...sums].map(([name, tally]) => [name, tally.sum()]));
}

const KEPT: ReadonlySet<SpendDimension> = new Set(['provider', 'model', 'tenant', 'day', 'hour']);

function checkKept(dimension: SpendDimension): void {
  if (KEPT.has(dimension)) return;
  throw new ConfigError(
    `pool.spend: "${dimension}" is not kept in memory (only ${[...KEPT].join(', ')}); give the pool a \`ledger.sink\``,
    { param: dimension },
  );
}

function keysOf(groupBy: readonly SpendDimension[], cell: SpendCell, startMs: number): SpendGroup['by'] {
  const by: { [Dimension in SpendDimension]?: string } = {};
  for (const dimension of groupBy) {
    const value = wordFor(dimension, cell, startMs);
    if (value !== undefined) by[dimension] = value;
  }
  return by;
}

function wordFor(dimension: SpendDimension, cell: SpendCell, startMs: number): string | undefined {
  switch (dimension) {
    case 'provider':
    case 'model':
    case 'tenant':
      return cell[dimension];
    case 'day':
      return new Date(startMs).toISOString().slice(0, 10);
    default:
      return `${new Date(startMs).toISOString().slice(0, 13)}:00`;
  }
}
