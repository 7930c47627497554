import type { ChatEvent } from '../../../provider-kit/index.ts';
import { pausedMessage } from '../pausing.ts';
import type { AnswerWarningCode } from '../warning-codes.ts';
import { type NativeParts, nativeMessage } from './native-message.ts';
import { finishReasonOf, isCut, refusalText } from './stop-reason.ts';

/**
 * Tells all that is only known at the end, and `finish` or `pause` last (STR-14).
 *
 * Whatever is told here comes after the last usage, so that a reader who sees `finish` knows the tokens.
 */
export function tellEnding(parts: NativeParts, out: ChatEvent[]): void {
  const { answer, stop } = parts;
  const { annotations } = answer;
  const refused = stop.reason === 'refusal';
  // A call without arguments is complete, unless the answer was cut before they came (STR-12a).
  if (!isCut(stop.reason)) answer.settle(out);
  answer.sayRest(out);
  if (refused) {
    out.push({ type: 'refusal_delta', text: refusalText(stop.details) });
    // STR-25: what was begun before the model declined is not to be executed.
    answer.voidCalls();
  }
  if (annotations.length > 0) out.push({ type: 'annotations', annotations });
  warn(parts, out);
  const native = nativeMessage(parts);
  const paused = isPaused(parts) ? pausedMessage(native) : undefined;
  if (paused) {
    out.push({ type: 'pause', message: paused });
    return;
  }
  out.push({ type: 'vendor', provider: 'anthropic', data: native });
  // FIN-12: an unknown word becomes `stop`, because clients switch over OpenAI's four and no more.
  const reason = finishReasonOf(stop.reason, answer.validCalls > 0) ?? 'stop';
  out.push({ type: 'finish', reason, raw: stop.reason });
}

/** FIN-8. With calls for the caller to execute the turn is theirs. */
function isPaused({ mayPause, stop, answer }: NativeParts): boolean {
  return mayPause && stop.reason === 'pause_turn' && answer.validCalls === 0;
}

/** What the caller should know although the answer is complete. */
function warn({ answer, stop }: NativeParts, out: ChatEvent[]): void {
  const tell = (code: AnswerWarningCode, message: string, param?: string): void => {
    out.push({ type: 'warning', warning: { code, message, ...(param && { param }) } });
  };
  if (answer.servedBy !== undefined && answer.voidCallIds.length > 0) {
    tell('void_tool_calls', 'another model took over: tool calls made before that are not to be executed');
  }
  // TC-10: this model cannot be forced to call, so it was asked to, and may decline.
  if (answer.reading.ephemeralPrompt && answer.validCalls === 0 && stop.reason === 'end_turn') {
    tell('forced_tool_choice_unmet', 'the model answered without the tool call asked for', 'tool_choice');
  }
  if (finishReasonOf(stop.reason, false) === undefined) {
    // The word itself is in `raw`; in a message it would be foreign text.
    tell('unknown_stop_reason', 'the answer ended for a reason this version does not know; told as `stop`');
  }
}
