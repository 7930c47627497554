import { getEventListeners } from 'node:events';
import type { ProviderPool } from 'runestone';
import type { Lab } from 'runestone/testing';

/** What is looked at once a request is over. */
export interface Standing {
  readonly pool: ProviderPool;
  readonly lab: Pick<Lab, 'inFlight' | 'connections'>;
  /** Of the callers. */
  readonly signals: readonly AbortSignal[];
  readonly told: readonly unknown[];
  /** How many there were. @default 1 */
  readonly requests?: number;
  /** Listeners go wrong on purpose. @default false */
  readonly badListeners?: boolean;
  /** Timers of the library that run. */
  readonly timers: () => number;
}

/** Time in which everything must be gone, in milliseconds. */
const WITHIN_MS = 250;

/** Added to it, because a busy machine runs many of these at once. */
const SLACK_MS = 750;

/**
 * The standing check of the catalogue (S0): nothing is left over, whatever happened. Closes the pool.
 *
 * @returns what is left over, in words
 */
export async function standingCheck(standing: Standing): Promise<string[]> {
  const { pool, lab, signals, timers } = standing;
  const { limits } = pool.stats();
  const listeners = (): number =>
    signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0);
  const inUse = (): number =>
    pool.stats().total.inFlight + limitsInUse(pool) + lab.inFlight + timers() + listeners();
  await until(() => inUse() === 0);
  const left = [
    some(pool.stats().total.inFlight, 'attempt in flight'),
    some(limitsInUse(pool), 'permit taken'),
    some(limits.waiting, 'request waiting'),
    some(lab.inFlight, 'request at the host'),
    some(timers(), 'timer running'),
    some(listeners(), "listener on the caller's signal"),
    ...unpaired(standing),
  ];
  await pool.close({ drainMs: 0 });
  await until(() => lab.connections === 0);
  return [...left, some(lab.connections, 'connection open after close')].filter((each) => each !== undefined);
}

/** Exactly one end, and as many ends as beginnings of attempts, each with its cost. */
function unpaired({ told, requests = 1, badListeners = false }: Standing): (string | undefined)[] {
  const count = (name: string): number =>
    told.filter(
      (event) => typeof event === 'object' && event !== null && 'name' in event && event.name === name,
    ).length;
  const starts = count('provider.request.start');
  const wrong = (name: string, due: number): string | undefined =>
    count(name) === due ? undefined : `${count(name)} × ${name} where ${due} were due`;
  return [
    wrong('request.start', requests),
    wrong('request.stop', requests),
    wrong('provider.request.stop', starts),
    wrong('cost.recorded', starts),
    badListeners ? undefined : wrong('telemetry.listener_failed', 0),
  ];
}

function limitsInUse(pool: ProviderPool): number {
  const { pool: whole, providers, waiting } = pool.stats().limits;
  const rows = [...(whole ? [whole] : []), ...Object.values(providers)];
  return rows.reduce((sum, { inUse }) => sum + inUse, waiting);
}

function some(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} × ${what}`;
}

async function until(done: () => boolean): Promise<void> {
  const deadline = performance.now() + WITHIN_MS + SLACK_MS;
  while (!done() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 3));
}
