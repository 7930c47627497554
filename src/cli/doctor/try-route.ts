import { isRunestoneError, type ProviderPool, type RunestoneError } from '../../index.ts';
import type { VirtualClock } from '../../testing/index.ts';
import { passTime } from './pass-time.ts';
import type { TrialFault } from './trial-faults.ts';
import { QUESTION, strikes, trialPool } from './trial-pool.ts';
import type { UserHost, UserOptions } from './user-hosts.ts';

type Testing = typeof import('../../testing/index.ts');

/** A model as it is asked for; `undefined` is the pool's default. */
export interface UserRoute {
  readonly name: string;
  readonly model: string | undefined;
}

/**
 * How one route met one fault. `answered`: whole, and nothing but the answer. `error`: by a typed error, after a
 * beginning or not. `failed`: what must never be, with the reason in `message`.
 */
export interface Trial {
  readonly route: string;
  readonly fault: string;
  readonly ended: 'answered' | 'error' | 'failed';
  /** Who answered. */
  readonly target?: string;
  /** Of the error. */
  readonly code?: string;
  readonly message?: string;
  /** How long the caller would have waited in all, in milliseconds. */
  readonly waitedMs: number;
}

/** Whose pool is tried, and with what. */
export interface TrialStand {
  readonly options: UserOptions;
  /** Those that the user's pool has. */
  readonly registered: readonly UserHost[];
  /** Handed in, since it is loaded for this command alone. */
  readonly testing: Testing;
}

/** Asks one route once, its hosts played by a lab of its own that goes wrong in one way, on a clock of its own. */
export async function tryRoute(
  { options, registered, testing }: TrialStand,
  route: UserRoute,
  fault: TrialFault,
): Promise<Trial> {
  const clock = testing.virtualClock();
  const whole = testing.labWords('nonce-doctor');
  const respond = strikes(fault, whole, testing.reply.text);
  await using lab = await testing.startLab({ respond });
  const pool = trialPool(options, registered, { lab, fault, clock });
  // For the one that hangs: its request must not outlive its trial.
  const stop = new AbortController();
  const asking = ask(pool, route.model, whole.join(''), stop.signal);
  const bytes = (): string =>
    lab.requests.map(({ bytesSent, endedMs = 0 }) => `${bytesSent}.${endedMs}`).join();
  const outcome = await passTime(asking, clock, bytes);
  // Before the pool is closed, which lets time pass too.
  const waitedMs = clock.nowMs();
  const named = { route: route.name, fault: fault.name, waitedMs };
  const told: Told =
    outcome === 'hung' ? { ended: 'failed', message: 'hangs: neither an answer nor an error' } : await asking;
  stop.abort();
  await letGo(pool, clock);
  return { ...named, ...(fault.selector === 'ok' ? mustAnswer(told) : told) };
}

type Told = Pick<Trial, 'ended' | 'target' | 'code' | 'message'>;

/** One streamed question: what its caller gets. Never rejects. */
async function ask(
  pool: ProviderPool,
  model: string | undefined,
  whole: string,
  signal: AbortSignal,
): Promise<Told> {
  let text = '';
  try {
    const messages = [{ role: 'user' as const, content: QUESTION }];
    const stream = await pool.streamRequest({ messages, ...(model !== undefined && { model }) }, { signal });
    for await (const piece of stream.text()) text += piece;
    const { provider, model: served } = stream.runestone;
    if (text === whole) return { ended: 'answered', target: `${provider}/${served}` };
    return { ended: 'failed', message: 'an answer that is cut or mixed up looks like a whole one' };
  } catch (error) {
    if (!isRunestoneError(error)) return { ended: 'failed', message: `throws ${String(error)}` };
    // An error may follow a beginning, never anything else.
    if (!whole.startsWith(text)) return { ended: 'failed', message: 'text of another answer' };
    return { ended: 'error', code: error.code, message: wordsOf(error) };
  }
}

/** Of a failure at several targets the codes alone; what the lab said is no news to anybody. */
function wordsOf(error: RunestoneError): string {
  const codes = isRunestoneError(error) && error.code === 'failover_exhausted' ? error.errors : [];
  return codes.length > 0
    ? codes.map(({ provider, code }) => `${provider}: ${code}`).join(', ')
    : error.message;
}

/** Where nothing is wrong, nothing but an answer is right. */
function mustAnswer(told: Told): Told {
  return told.ended === 'error' ? { ...told, ended: 'failed' } : told;
}

/** Closes a pool whose timers wait for a clock: what still drains is cut when that time passes. */
async function letGo(pool: ProviderPool, clock: VirtualClock): Promise<void> {
  const closing = pool.close({ drainMs: 0 });
  await clock.advance(0);
  await closing;
}
