import { type ErrorCode, isRunestoneError } from '../errors/index.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import type { Ending } from '../pipeline/observe.ts';
import type { AttemptEvent } from '../telemetry/event-payloads.ts';

/** What every event of an attempt begins with. */
export function attemptEvent(
  { request, target, attempt }: Pick<AttemptContext, 'request' | 'target' | 'attempt'>,
  at: number,
): AttemptEvent {
  return {
    requestId: request.requestId,
    at,
    provider: target.provider.name,
    model: target.model,
    target: target.label,
    attempt,
  };
}

/** The code of an ending. A consumer who just left has thrown nothing; a foreign error has no code. */
export function codeOf({ outcome, error }: Ending): ErrorCode | undefined {
  if (isRunestoneError(error)) return error.code;
  return outcome === 'cancelled' ? 'cancelled' : undefined;
}
