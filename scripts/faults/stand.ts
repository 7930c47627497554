import { type ErrorCode, type PoolOptions, type Provider, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openai } from 'runestone/providers/openai-compatible';
import { type Lab, startLab, type WireName } from 'runestone/testing';
import { ask, questionOf } from './ask.ts';
import { type Cell, expectOf, mainEnding } from './cells.ts';
import type { Facts } from './facts.ts';
import { inTime } from './in-time.ts';
import { MemoryWatch } from './memory-watch.ts';
import type { Places } from './places.ts';
import type { Lesson } from './row.ts';
import { standingCheck } from './standing-check.ts';
import type { TimerWatch } from './timer-watch.ts';

/** What every run shares. */
export interface World {
  readonly places: Places;
  readonly timers: TimerWatch;
}

/** Stands in every request's auth header, and nowhere else. */
export const KEY_CANARY = 'sk-canary-key-0123456789';

/** A request that has not ended so long after its total counts as one that hangs, in milliseconds. */
export const HANG_MS = 3_000;

/** Timers cut short, so that silence is over soon; long enough for a busy machine. */
export const timeouts = {
  connectMs: 250,
  firstTokenMs: 400,
  reasoningFirstTokenMs: 400,
  idleMs: 300,
  progressMs: 700,
} as const;

/** The whole of a request: where only this ends it, it is waited for. */
const TOTAL_MS = { usual: 4_000, short: 900 } as const;

/** The id of a model that does not reason, by wire. */
export const models: Readonly<Record<WireName, string>> = {
  anthropic: 'claude-haiku-4-5',
  openai: 'gpt-4.1-mini',
};

const prices = {
  'gpt-4.1-mini': { inputUsdPerMTok: 0.4, outputUsdPerMTok: 1.6, cacheReadUsdPerMTok: 0.1 },
};

let count = 0;

/** A nonce that no other run has. */
export function nextNonce(): string {
  return `nonce-${(++count).toString(36)}q`;
}

/** A host of a wire, by its base URL without a version. */
export function host(name: string, wire: WireName, baseURL: string, connections?: number): Provider {
  const options = { name, apiKey: KEY_CANARY, baseURL, allowHttp: true, ...(connections && { connections }) };
  return wire === 'anthropic' ? anthropic(options) : openai(options);
}

/** Runs one cell from a new pool to its end, and gathers all there is to know. */
export async function runCell(cell: Cell, world: World): Promise<Facts> {
  await using lab = await startLab();
  const nonce = nextNonce();
  return await world.timers.run((timers) => standAndAsk({ cell, world, lab, nonce, timers }), cell.row.hurry);
}

interface Run {
  readonly cell: Cell;
  readonly world: World;
  readonly lab: Lab;
  readonly nonce: string;
  readonly timers: () => number;
}

async function standAndAsk({ cell, world, lab, nonce, timers }: Run): Promise<Facts> {
  const { row, wire, form } = cell;
  const selector = selectorOf(cell);
  const faultyURL = selector === undefined ? world.places.originOf(cell.fault) : lab.baseURL(selector, wire);
  const pool = new ProviderPool(optionsOf(cell, faultyURL, lab.baseURL('ok', wire)));
  const told: unknown[] = [];
  pool.on('*', (event) => told.push(event));
  const controller = new AbortController();
  const memory = new MemoryWatch(row.lane === 'alone');
  const began = process.cpuUsage();
  const beganMs = performance.now();
  const asking = ask(pool, questionOf(nonce, form, row.asking), form, { signal: controller.signal });
  const got = await inTime(asking, totalMsOf(cell) + HANG_MS);
  const tookMs = performance.now() - beganMs;
  const { user, system } = process.cpuUsage(began);
  const grownMb = memory.stop();
  const faultyTargets = Object.entries(pool.stats().targets).filter(([label]) => label.startsWith('faulty/'));
  const cooldownMs = cooldownOf(pool);
  if (!got) controller.abort();
  const standing = await standingCheck({
    pool,
    lab: row.blindHost ? { inFlight: 0, connections: 0 } : lab,
    signals: [controller.signal],
    told,
    timers,
  });
  const records = got?.attempts.filter(({ provider }) => provider === 'faulty').length ?? 0;
  return {
    cell,
    nonce,
    got,
    faulty: selector === undefined ? records : lab.asked(selector).length,
    healthy: lab.asked('ok').length,
    tookMs,
    lesson: faultyTargets.some(([, { circuit }]) => circuit !== 'closed') ? 'failure' : lessonIn(told),
    cooldownMs,
    leaks: [...lab.leaks],
    told: JSON.stringify(told),
    standing,
    cpuMs: (user + system) / 1_000,
    grownMb,
  };
}

/** The selector of the faulty host; `undefined` for a place outside of the lab. */
function selectorOf({ fault, company }: Cell): string | undefined {
  if (fault.startsWith('@')) return undefined;
  return company === 'recovers' ? `seq;s=${fault}|ok` : fault;
}

function patient(times = 1): NonNullable<PoolOptions['timeouts']> {
  return Object.fromEntries(Object.entries(timeouts).map(([name, ms]) => [name, ms * times]));
}

function totalMsOf(cell: Cell): number {
  const isOverdue = expectOf(cell).caller === 'deadline_exceeded';
  return isOverdue ? TOTAL_MS.short : (cell.row.totalMs ?? TOTAL_MS.usual * (cell.row.patience ?? 1));
}

function optionsOf(cell: Cell, faultyURL: string, healthyURL: string): PoolOptions {
  const { row, wire, company } = cell;
  const { faulty, lesson } = mainEnding(cell);
  const pair = company === 'pair' ? [`healthy/${models[wire]}`] : [];
  return {
    providers: [host('faulty', wire, faultyURL), host('healthy', wire, healthyURL)],
    models: { route: [`faulty/${models[wire]}`, ...pair] },
    timeouts: { ...patient(row.patience), totalMs: totalMsOf(cell) },
    retry: { baseDelayMs: 5 },
    // The circuit opens at exactly the failures that are due, so that one more or less shows.
    breaker: {
      failureThreshold: lesson === 'failure' ? faulty : lesson === undefined ? 5 : 1,
      minimumRequests: 100,
      openMs: 60_000,
      maxOpenMs: 60_000,
    },
    limits: {
      pool: { concurrency: 4 },
      perProvider: {
        faulty: { concurrency: 2, tokensPerMinute: 1e9 },
        healthy: { concurrency: 2, tokensPerMinute: 1e9 },
      },
    },
    cost: { prices },
  };
}

function cooldownOf(pool: ProviderPool): number {
  const faulty = pool.providers().find(({ name }) => name === 'faulty');
  const until = faulty?.targets.map(({ cooldownUntil = 0 }) => cooldownUntil) ?? [];
  return Math.max(0, ...until) - (until.some((at) => at > 0) ? Date.now() : 0);
}

const KEY_OUT: ReadonlySet<unknown> = new Set<ErrorCode>(['authentication', 'permission', 'quota_exhausted']);

/** What a closed circuit does not say is told when the target, or its key, is left alone. */
function lessonIn(told: readonly unknown[]): Lesson {
  for (const event of told) {
    if (typeof event !== 'object' || event === null || !('name' in event)) continue;
    if (event.name === 'target.cooldown' && 'code' in event)
      return KEY_OUT.has(event.code) ? 'key_out' : 'cooldown';
  }
  return 'none';
}
