import type { WireFinishReason } from '../chat/completion.ts';
import type { FinishReason } from '../chat/events.ts';

/** The finish of a whole answer as its stream told it: the legacy `function_call` is a call like others. */
export function finishReasonOf(reason: WireFinishReason | undefined): FinishReason {
  if (reason === undefined) return 'stop';
  return reason === 'function_call' ? 'tool_calls' : reason;
}
