import type { AttemptContext } from '../pipeline/middleware.ts';
import type { AttemptEvent } from '../telemetry/events.ts';

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
