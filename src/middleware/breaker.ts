import { commits } from '../chat/events.ts';
import { CircuitOpenError, isRunestoneError, type RunestoneError, verdictOf } from '../errors/index.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import type { Watch } from '../pipeline/observe.ts';
import type { Memory } from './memory.ts';

/**
 * Asks the target's circuit before an attempt and tells it how the attempt went.
 *
 * Outermost in the attempt scope: what is refused here never left the process, so it is no attempt.
 */
export function breakCircuit(memory: Memory): Watch<AttemptContext> {
  return function breakCircuit({ target, lastTarget, request }) {
    const state = memory.of(target);
    const permit = state.admit(lastTarget);
    if (!permit) {
      const retryAfterMs = state.retryAfterMs();
      throw new CircuitOpenError(
        `${target.label}: left alone after repeated failures; next probe in ${Math.ceil(retryAfterMs / 1000)} s`,
        { provider: target.provider.name, model: target.model, retryAfterMs },
      );
    }
    let committed = false;
    return {
      onBatch(batch) {
        if (committed || !commits(batch)) return;
        // Success is recorded at the commit point, not at the end: a two-minute answer must not keep a
        // half-open circuit shut to everyone else.
        committed = true;
        permit.succeed();
      },
      onEnd({ outcome, error }) {
        if (outcome === 'ok') permit.succeed();
        else if (outcome === 'error' && isRunestoneError(error)) {
          // What a caller's own key runs into says nothing about ours, and must not take it from everyone else.
          if (!request.apiKey || !concernsKey(error)) permit.fail(error);
        }
        permit.release();
      },
    };
  };
}

/** Refused, spent or limited keys; anything else is about the host. */
function concernsKey(error: RunestoneError): boolean {
  const lesson = verdictOf(error).breaker;
  return lesson === 'key_out' || lesson === 'cooldown';
}
