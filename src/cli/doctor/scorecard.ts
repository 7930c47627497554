import { type Explanation, ProviderPool } from '../../index.ts';
import { type Gain, gainsOf } from './gains.ts';
import { type TrialFault, trialFaults } from './trial-faults.ts';
import { QUESTION, trialPool } from './trial-pool.ts';
import { type Trial, type TrialStand, tryRoute, type UserRoute } from './try-route.ts';

/** How all routes met all faults. */
export interface Scorecard {
  /** Trials that ended as they may: with the answer, or with a typed error. */
  readonly passed: number;
  readonly total: number;
  /** Of those that passed: with the whole answer. */
  readonly answered: number;
  /** Trials for which there was no time. */
  readonly notTried: number;
  readonly trials: readonly Trial[];
  /** What a change would bring. */
  readonly gains: readonly Gain[];
}

/** Labs open at a time. */
const AT_ONCE = 8;

/** No trial begins after so long, in milliseconds: with one that hangs, all is over within 15 seconds. */
const LIMIT_MS = 8_000;

/** For the first request of all, in milliseconds. */
const WARM_UP_MS = 2_000;

/**
 * Holds the user's routes against the fault lab: each route against each fault, on hosts of this machine.
 *
 * @param only - this model alone. @default every alias, and what answers a request that names none
 */
export async function scoreRoutes(stand: TrialStand, only?: string): Promise<Scorecard> {
  const routes = only === undefined ? routesOf(stand) : [{ name: only, model: only }];
  await warmUp(stand);
  const planned = routes.flatMap((route) => trialFaults.map((fault) => ({ route, fault })));
  const endMs = performance.now() + LIMIT_MS;
  // By place, so that the table is in order whoever ends first.
  const trials: Trial[] = [];
  const next = planned.entries();
  const work = async (): Promise<void> => {
    for (const [at, { route, fault }] of next) {
      if (performance.now() > endMs) return;
      trials[at] = await tryRoute(stand, route, fault);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // Without the holes of those that were not tried.
  const done = trials.filter(() => true);
  return {
    passed: done.filter(({ ended }) => ended !== 'failed').length,
    total: done.length,
    answered: done.filter(({ ended }) => ended === 'answered').length,
    notTried: planned.length - done.length,
    trials: done,
    gains: routes.flatMap((route) =>
      gainsOf(
        planOf(stand, route),
        done.filter((trial) => trial.route === route.name),
        stand.options,
      ),
    ),
  };
}

/** Every alias, and the default where it is none of them. */
function routesOf({ options: { models = {}, defaultModel } }: TrialStand): readonly UserRoute[] {
  const aliases = Object.keys(models).map((name) => ({ name, model: name }));
  const isAlias = defaultModel !== undefined && Object.hasOwn(models, defaultModel);
  return isAlias ? aliases : [...aliases, { name: '(default)', model: undefined }];
}

/** Loads what the first request of a process loads: to a virtual clock that would look like silence. */
async function warmUp(stand: TrialStand): Promise<void> {
  const ok: TrialFault = { name: 'nothing', selector: 'ok', strikes: 'request' };
  await using lab = await stand.testing.startLab();
  await using pool = trialPool(stand.options, stand.registered, { lab, fault: ok });
  const asked = pool
    .providers()
    .map(({ name: provider, models: [model = 'any'] }) =>
      pool.request(
        { model: `${provider}/${model}`, messages: [{ role: 'user', content: QUESTION }] },
        { provider, deadlineMs: WARM_UP_MS },
      ),
    );
  // What cannot be asked here fails in its trials, and says why.
  await Promise.allSettled(asked);
}

/** Where a route leads, by the user's own pool. */
function planOf(
  { options }: TrialStand,
  { name, model }: UserRoute,
): { name: string; targets: Explanation['candidates'] } {
  try {
    const pool = ProviderPool.fromEnv(options);
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const { candidates } = pool.explain({ messages, ...(model !== undefined && { model }) });
    void pool.close();
    return { name, targets: candidates };
  } catch {
    // Nobody serves it: its first trial says so.
    return { name, targets: [] };
  }
}
