import type { FinishReason } from '../../chat/events.ts';
import type { JsonObject } from '../../chat/json.ts';

/** Why a message stopped, in Anthropic's words; `undefined` for what there is nothing to say of. */
export interface MessageStop {
  readonly stop_reason: string;
  readonly stop_sequence: unknown;
  readonly stop_details: unknown;
}

/** Words of Anthropic's that are finer than OpenAI's, and what OpenAI's word for them is. */
const FINER: ReadonlyMap<string, FinishReason> = new Map([
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['compaction', 'stop'],
  ['model_context_window_exceeded', 'length'],
]);

/** Anthropic's word where nothing finer is known. */
const WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
};

/**
 * The stop of an answer.
 *
 * @param raw - the provider's own word; it counts where it is one of Anthropic's and means the same
 * @param refusal - why the model declined, where its host says so beside the answer
 * @param native - what Claude said of its message
 */
export function messageStop(
  reason: FinishReason,
  raw: string | undefined,
  refusal: string,
  native: JsonObject,
): MessageStop {
  // OpenAI's models decline in words and call it a stop.
  const declined = reason === 'content_filter' || refusal !== '';
  const finer = raw !== undefined && FINER.get(raw) === reason ? raw : undefined;
  const details = { type: 'refusal', category: null, explanation: refusal || null };
  return {
    stop_reason: declined ? 'refusal' : (finer ?? WORDS[reason]),
    stop_sequence: native['stop_sequence'],
    stop_details: native['stop_details'] ?? (declined ? details : undefined),
  };
}
