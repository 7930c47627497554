import type { VirtualClock } from '../../testing/index.ts';

/** How an operation on a virtual clock ended. */
export type TimeOutcome = 'ended' | 'hung';

/** Bounds of a wait. */
export interface PassTimeOptions {
  /** Turns of real time without a change after which virtual time may pass. @default 10 */
  readonly quietTurns?: number;
  /** Longest real time, in milliseconds: a hang. @default 5_000 */
  readonly limitMs?: number;
}

/** The length of a turn, in milliseconds. Turns are counted, not time: a machine that stands still sees none. */
const TURN_MS = 5;

/** So many turns without a change and without a timer: nothing will ever happen. */
const DEAD_TURNS = 200;

/**
 * Lets the time of a clock pass whenever nothing else goes on, timer by timer: whoever waits for a minute gets it in a
 * blink, and what really happens on sockets is never overtaken.
 *
 * @param sign - of what goes on beside the clock's own timers: bytes, requests
 */
export async function passTime(
  operation: Promise<unknown>,
  clock: VirtualClock,
  sign: () => string,
  { quietTurns = 10, limitMs = 5_000 }: PassTimeOptions = {},
): Promise<TimeOutcome> {
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
  };
  operation.then(end, end);
  const beganMs = performance.now();
  let quiet = 0;
  let seen = '';
  while (!hasEnded) {
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    // A timer that fires soon is no reason to wait: what counts is that nobody moves.
    const now = `${clock.pending.join()} ${sign()}`;
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
    const [next] = clock.pending;
    // Timers that arm each other for ever would never be quiet.
    if (performance.now() - beganMs > limitMs) return 'hung';
    if (next === undefined && quiet >= DEAD_TURNS) return 'hung';
    if (next === undefined || quiet < quietTurns) continue;
    await clock.advance(next);
    quiet = 0;
  }
  return 'ended';
}
