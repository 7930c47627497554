import { isRecord } from '../../../provider-kit/index.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { NATIVE_FIELDS, nativeField } from './native-fields.ts';

/** Values that lose nothing when they are left out, by parameter; all others are worth a warning. */
const DROPPED: Readonly<Record<string, (value: unknown) => boolean>> = {
  verbosity: (value) => value === 'medium',
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: (value) => isRecord(value) && Object.keys(value).length === 0,
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  seed: () => false,
  store: (value) => value === false,
  prediction: () => false,
  audio: () => false,
  // Of OpenRouter's object only the wish to see reasoning has a rule (TH-11).
  reasoning: (value) => isRecord(value) && Object.keys(value).every((key) => key === 'exclude'),
};

/**
 * Parameters of Chat Completions that other modules read, or that mean nothing here (REQ-12, REQ-13,
 * REQ-34, REQ-35).
 */
const HANDLED: ReadonlySet<string> = new Set([
  'messages',
  'model',
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'top_p',
  'stop',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'response_format',
  'reasoning_effort',
  'n',
  'user',
  'safety_identifier',
  'modalities',
  'moderation',
  'web_search_options',
  'prompt_cache_key',
  'prompt_cache_retention',
  'prompt_cache_options',
  'include_reasoning',
  'anthropic',
  ...Object.keys(DROPPED),
  ...NATIVE_FIELDS,
]);

/**
 * Deals with the parameters that never reach the body (REQ-20 to REQ-25, REQ-28, REQ-30 to REQ-32, REQ-36, REQ-37).
 *
 * @throws ProviderError `invalid_request` where leaving one out would be worse than failing
 */
export function checkPlainParams(context: EncodeContext): void {
  const { request } = context;
  refuseUnsafe(context);
  for (const key of Object.keys(request)) {
    const value = request[key];
    if (value === undefined || value === null) continue;
    const isHarmless = Object.hasOwn(DROPPED, key) ? DROPPED[key] : undefined;
    if (isHarmless && !isHarmless(value)) {
      warn(context, 'unsupported_parameter', key, 'Claude has no counterpart; not sent');
    } else if (!HANDLED.has(key)) {
      warn(context, 'unknown_parameter', key, 'not a parameter this translation knows; not sent');
    }
  }
}

/** The few parameters whose silent loss would cost the caller money, or safety. */
function refuseUnsafe(context: EncodeContext): void {
  const { n, modalities, moderation } = context.request;
  if (n != null && n !== 1) {
    throw refusal(context, 'n', 'unsupported_value', 'Claude gives one answer; ask several times');
  }
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) {
    throw refusal(context, 'modalities', 'unsupported_value', 'Claude answers in text only');
  }
  if (moderation != null) {
    // A safety control: to ignore it silently is worse than to fail.
    throw refusal(context, 'moderation', 'unsupported_parameter', 'Claude cannot honour it; remove it');
  }
}

/**
 * The stop sequences to send (REQ-10). Four is OpenAI's limit: a list in the `anthropic` bag may be longer.
 *
 * @returns `undefined` when none is left
 */
export function stopSequences(context: EncodeContext): readonly string[] | undefined {
  const own = nativeField(context, 'stop_sequences', 'bag');
  const isOwn = Array.isArray(own) && own.every((sequence) => typeof sequence === 'string');
  const stop = isOwn ? own : context.request.stop;
  if (stop == null) return undefined;
  const asked = typeof stop === 'string' ? [stop] : stop;
  if (!isOwn && asked.length > 4) {
    throw refusal(context, 'stop', 'array_above_max_length', 'at most 4 stop sequences');
  }
  // "Each stop sequence must contain non-whitespace"; a kept one is never trimmed.
  const kept = asked.filter((sequence) => sequence.trim() !== '');
  if (kept.length < asked.length) {
    warn(context, 'unsupported_value', 'stop', 'stop sequences without a visible character are not sent');
  }
  return kept.length > 0 ? [...new Set(kept)] : undefined;
}
