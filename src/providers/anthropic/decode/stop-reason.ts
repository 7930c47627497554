import { type FinishReason, isRecord, type JsonObject } from '../../../provider-kit/index.ts';

/** Why an answer ended, in Anthropic's words. */
export interface Stop {
  readonly reason: string;
  readonly sequence: unknown;
  readonly details: unknown;
}

/**
 * Takes note of what a `message_delta` says of the end. There may be several: what is null or absent leaves the
 * earlier word standing (STR-13).
 */
export function mergeStop(earlier: Stop | undefined, delta: JsonObject): Stop | undefined {
  const reason = delta['stop_reason'] || earlier?.reason;
  if (typeof reason !== 'string') return earlier;
  return {
    reason,
    sequence: delta['stop_sequence'] ?? earlier?.sequence,
    details: delta['stop_details'] ?? earlier?.details,
  };
}

/**
 * OpenAI's word for a stop reason; `undefined` for one that is not known yet (FIN-1 to 10).
 *
 * @param hasCalls - the caller has calls to execute. Clients switch on the finish reason, so calls win over
 *   `end_turn` (FIN-10), but not over a cut, after which the arguments may be incomplete (FIN-5)
 */
export function finishReasonOf(stopReason: string, hasCalls: boolean): FinishReason | undefined {
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
    case 'tool_use':
      return hasCalls ? 'tool_calls' : 'stop';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'content_filter';
    // The turn goes on when its content is sent back; OpenAI has no word for that.
    case 'pause_turn':
    case 'compaction':
      return 'stop';
    default:
      return undefined;
  }
}

/** True when the model was stopped in the middle of what it was writing. */
export function isCut(stopReason: string): boolean {
  return finishReasonOf(stopReason, false) === 'length';
}

/** FIN-6: why the model declined, as far as it says. */
export function refusalText(details: unknown): string {
  const { explanation, category } = isRecord(details) ? details : {};
  if (typeof explanation === 'string' && explanation !== '') return explanation;
  const declined = 'The model declined to answer.';
  return typeof category === 'string' ? `${declined} Category: ${category}.` : declined;
}
