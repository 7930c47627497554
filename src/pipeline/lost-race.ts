import { CancelledError } from '../errors/index.ts';

/** `reason` of the end of an attempt that was not the first to answer. */
const HEDGE_LOST = 'hedge_lost';

/** Why an attempt ended that was slower than another one of its request. No failure of its target. */
export function lostRace(): CancelledError {
  return new CancelledError('another attempt was the first to answer', { reason: HEDGE_LOST });
}

/** Whether an attempt ended for that. */
export function hasLost(error: { readonly reason?: string } | undefined): boolean {
  return error?.reason === HEDGE_LOST;
}
