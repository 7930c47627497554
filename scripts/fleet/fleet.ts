import { type PoolOptions, ProviderPool } from '../../src/index.ts';
import {
  replies,
  type ScriptedProvider,
  scriptedProvider,
  type VirtualClock,
  virtualClock,
} from '../../src/testing/index.ts';
import { type Sickness, SickStore } from './sick-store.ts';

/** A fleet, and what happens to it. */
export interface FleetTask {
  readonly processes: number;
  readonly minutes: number;
  readonly requestsPerMinute: number;
  readonly budgetUsd: number;
  /** Asked in all, as a multiple of the limit. */
  readonly pressure: number;
  /** Clocks of processes are off by up to so much, either way. */
  readonly skewMs: number;
  /** A process dies, with all it holds, and another takes its place, every so often. */
  readonly crashEveryMs?: number;
  readonly sickness: Sickness;
  readonly seed: number;
}

/** What was granted, and what may have been. */
export interface FleetReport {
  readonly asked: number;
  readonly granted: number;
  readonly crashes: number;
  readonly stalls: number;
  readonly forgets: number;
  /** The most that hosts saw in any 60 s. */
  readonly mostInAMinute: number;
  /** The same, of the minutes in which no process went by its own. */
  readonly mostInAWellMinute: number;
  /** Of all answers that were sent out, those of the dead included, in US dollars. */
  readonly spentUsd: number;
  /**
   * What may have been spent of which somebody does not know: by those that died while the store was away to them,
   * their part; where the store forgot, what was under way; where it stood still, what others had spent since each
   * process last heard of it, one request of every other process.
   */
  readonly unknownUsd: number;
}

const MINUTE_MS = 60_000;

/** 1,000 tokens read and 900 written at 1 and 10 USD a million: 0.01 USD. It may have come to 0.011. */
const prices = { 'a/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } };
const ANSWER_USD = 0.01;
const BOUND_USD = 0.0111;
const request = {
  model: 'a/m',
  messages: [{ role: 'user', content: 'Hello' }],
  max_completion_tokens: 1_000,
} as const;

interface Member {
  readonly pool: ProviderPool;
  isAlive: boolean;
  /** Since when it goes by its own. */
  awayMs?: number | undefined;
}

/** Times at which some process went by its own. */
type Absences = (readonly [fromMs: number, untilMs: number])[];

/** Plays it on a virtual clock. The same seed plays the same. */
export async function playFleet(task: FleetTask): Promise<FleetReport> {
  const random = chance(task.seed);
  const clock = virtualClock({ epochMs: Date.UTC(2026, 10, 25, 12), random });
  const store = new SickStore(clock, task.sickness, random, () => provider.open);
  const sentMs: number[] = [];
  const absences: Absences = [];
  const state = { asked: 0, crashes: 0, buriedUsd: 0 };
  const provider: ScriptedProvider = scriptedProvider(
    'a',
    [
      () => {
        sentMs.push(clock.nowMs());
        return replies('hi', {
          usage: { inputTokens: 1_000, outputTokens: 900 },
          delayMs: 100 + random() * 400,
        });
      },
    ],
    { clock },
  );
  const members = Array.from({ length: task.processes }, () =>
    memberOf(task, clock, store, provider, random, absences),
  );
  const endMs = task.minutes * MINUTE_MS;
  const everyMs = MINUTE_MS / (task.requestsPerMinute * task.pressure);
  for (let now = 0, crashed = 0; now < endMs; now += everyMs) {
    await clock.advance(everyMs);
    const member = members[Math.floor(random() * members.length)];
    if (member) {
      state.asked += 1;
      member.pool.request(request).catch(() => {});
    }
    const due = task.crashEveryMs ? Math.floor(now / task.crashEveryMs) : 0;
    if (due <= crashed) continue;
    crashed = due;
    state.crashes += 1;
    const index = Math.floor(random() * members.length);
    const dead = members[index];
    if (dead) {
      dead.isAlive = false;
      if (dead.awayMs !== undefined) {
        absences.push([dead.awayMs, clock.nowMs()]);
        state.buriedUsd += task.budgetUsd / task.processes;
      }
    }
    members[index] = memberOf(task, clock, store, provider, random, absences);
  }
  await clock.advance(20_000);
  for (const { awayMs } of members) if (awayMs !== undefined) absences.push([awayMs, clock.nowMs()]);
  const { buriedUsd, ...counts } = state;
  return {
    ...counts,
    unknownUsd:
      buriedUsd +
      store.stalls.length * task.processes * BOUND_USD +
      store.forgets.reduce((sum, { underWay }) => sum + underWay * BOUND_USD, 0),
    granted: sentMs.length,
    stalls: store.stalls.length,
    forgets: store.forgets.length,
    mostInAMinute: mostInAMinute(sentMs),
    mostInAWellMinute: mostInAMinute(sentMs, [...absences, ...forgets(store)]),
    spentUsd: sentMs.length * ANSWER_USD,
  };
}

function memberOf(
  task: FleetTask,
  clock: VirtualClock,
  store: SickStore,
  provider: ScriptedProvider,
  random: () => number,
  absences: Absences,
): Member {
  const skewMs = (random() * 2 - 1) * task.skewMs;
  const bornMs = random() * 1e6;
  const options: PoolOptions = {
    providers: [provider],
    limits: { perProvider: { a: { requestsPerMinute: task.requestsPerMinute } }, queue: { maxWaitMs: 0 } },
    cost: { prices, budgets: [{ limitUsd: task.budgetUsd, window: 'day' }] },
    shared: { store: store.seenBy(() => member.isAlive), expectedProcesses: task.processes },
  };
  const environment = {
    random,
    startTimer: clock.startTimer,
    nowMs: () => clock.nowMs() + bornMs,
    epochMs: () => clock.epochMs() + skewMs,
  };
  const member: Member = { isAlive: true, pool: new ProviderPool(options, environment) };
  member.pool.on('store.lost', () => {
    member.awayMs = clock.nowMs();
  });
  member.pool.on('store.recovered', () => {
    absences.push([member.awayMs ?? 0, clock.nowMs()]);
    member.awayMs = undefined;
  });
  return member;
}

/** A store that has just lost its memory learns of it from the first who ask. */
const forgets = ({ forgets: times }: SickStore): Absences =>
  times.map(({ atMs }) => [atMs, atMs + 1] as const);

function mostInAMinute(times: readonly number[], away: Absences = []): number {
  let [most, from] = [0, 0];
  times.forEach((time, index) => {
    while ((times[from] ?? time) <= time - MINUTE_MS) from += 1;
    const isWell = !away.some(([start, end]) => start <= time && end >= time - MINUTE_MS);
    if (isWell) most = Math.max(most, index - from + 1);
  });
  return most;
}

/** Numbers in [0, 1) by mulberry32, so that a seed plays the same again. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
