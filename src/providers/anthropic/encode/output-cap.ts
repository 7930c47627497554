import type { ChatRequest } from '../../../provider-kit/index.ts';
import { isRecord } from '../../../provider-kit/index.ts';
import type { ClaudeModel } from '../models/claude-model.ts';
import { repairedCap } from '../repairs.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';

/** What is sent when neither the caller nor the table names a cap (REQ-5). */
const UNKNOWN_MODEL_CAP = 32_000;

/**
 * The `max_tokens` that a request will be sent with (REQ-3 to REQ-6).
 *
 * Decides whether the JSON wire may be used: the SDK refuses to wait for more than 21,333 tokens (T-6).
 */
export function effectiveMaxTokens(request: ChatRequest, model: ClaudeModel): number {
  if (isPrewarm(request)) return 0;
  const limit = model.maxOutputTokens;
  const asked = request.max_completion_tokens ?? request.max_tokens;
  if (asked === undefined || asked === null) return limit ?? UNKNOWN_MODEL_CAP;
  return limit !== undefined && asked > limit ? limit : asked;
}

/** Which of the caller's two fields holds the cap. */
export function capPath(request: ChatRequest): 'max_completion_tokens' | 'max_tokens' {
  const isOld = (request.max_completion_tokens ?? undefined) === undefined && request.max_tokens != null;
  return isOld ? 'max_tokens' : 'max_completion_tokens';
}

/** True when the caller left the length of the answer to us. */
export function asksForNoCap(request: ChatRequest): boolean {
  return request.max_completion_tokens == null && request.max_tokens == null && !isPrewarm(request);
}

/** As `effectiveMaxTokens`, with what has to be said about it. */
export function outputCap(context: EncodeContext): number {
  const { request, model } = context;
  const cap = Math.min(effectiveMaxTokens(request, model), repairedCap(context.options.repairs));
  const { max_completion_tokens: asked, max_tokens: old } = request;
  if (asked != null && old != null && asked !== old) {
    warn(context, 'unsupported_parameter', 'max_tokens', 'differs from max_completion_tokens, which is used');
  }
  const effective = asked ?? old;
  if (effective == null || isPrewarm(request)) return cap;
  const path = capPath(request);
  if (!Number.isInteger(effective) || effective < 1) {
    throw refusal(context, path, 'invalid_value', 'expected a whole number of at least 1');
  }
  if (cap < effective) warn(context, 'clamped', path, `this model answers with at most ${cap} tokens`);
  return cap;
}

/** 0 fills the prompt cache without an answer; only the native bag can ask for it. */
function isPrewarm(request: ChatRequest): boolean {
  const bag = request['anthropic'];
  return isRecord(bag) && bag['prewarm'] === true;
}
