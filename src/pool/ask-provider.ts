import { isRunestoneError } from '../errors/index.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { realTimer, type StartTimer } from '../resilience/timing.ts';

/** A provider that takes longer has failed, in milliseconds. */
const LIMIT_MS = 10_000;

/** What became of a question that is no request. */
export type Told<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Asks a provider something beside requests: so long and no longer, and never throws.
 *
 * @param what - the question, for the message when it failed without saying why: `the check`
 */
export async function askProvider<Result>(
  { name }: Provider,
  what: string,
  ask: (signal: AbortSignal) => Promise<Result>,
  limitMs: number = LIMIT_MS,
  startTimer: StartTimer = realTimer,
): Promise<Told<Result>> {
  const controller = new AbortController();
  let stop: (() => void) | undefined;
  const overdue = new Promise<never>((_, reject) => {
    stop = startTimer(() => {
      controller.abort(new Error('timeout'));
      reject(controller.signal.reason);
    }, limitMs);
  });
  try {
    // A race, because a provider may ignore its signal.
    return { ok: true, result: await Promise.race([ask(controller.signal), overdue]) };
  } catch (error) {
    if (controller.signal.aborted) {
      return { ok: false, code: 'timeout', message: `${name}: no answer within ${limitMs} ms` };
    }
    if (isRunestoneError(error)) return { ok: false, code: error.code, message: error.message };
    return { ok: false, code: 'bad_response', message: `${name}: ${what} failed` };
  } finally {
    stop?.();
  }
}
