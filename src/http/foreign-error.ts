import { ConfigError, isRunestoneError, type RunestoneError } from '../errors/index.ts';

/**
 * What a door tells of any error: those of the house as they are, all others as a fault inside.
 *
 * A foreign error comes from a plug-in of the pool's owner. What it says may be of any content, so it stays in `cause`.
 */
export function asRunestoneError(error: unknown): RunestoneError {
  if (isRunestoneError(error)) return error;
  return new ConfigError('the request failed inside the server', { reason: 'internal_error', cause: error });
}
