import { isRunestoneError, policy } from '../index.ts';

const REFUSALS: ReadonlySet<string> = new Set(['limit_exceeded', 'queue_full', 'queue_timeout']);

/** Whether the pool had no room: a limit of its own, at every target where there were several. */
export function isOwnRefusal(error: unknown): boolean {
  if (!isRunestoneError(error)) return false;
  return error.code === 'failover_exhausted'
    ? error.errors.length > 0 && error.errors.every(isOwnRefusal)
    : REFUSALS.has(error.code);
}

/**
 * Whether the same request may succeed minutes later.
 *
 * Goes by the code alone: what an error says of repeating is about the same target at once.
 */
export function mayPass(error: unknown): boolean {
  if (!isRunestoneError(error)) return false;
  if (error.code === 'failover_exhausted') return error.errors.some(mayPass);
  return policy[error.code].retry || error.code === 'circuit_open' || isOwnRefusal(error);
}
