import {
  type ChatRequest,
  ProviderError,
  type ProviderErrorCode,
  type Warning,
} from '../../../provider-kit/index.ts';
import type { ClaudeModel } from '../models/claude-model.ts';
import type { RequestWarningCode } from '../warning-codes.ts';
import type { EncodeOptions } from './encode-options.ts';

/** The state of one translation: what it reads, and the warnings and beta names it gathers. */
export interface EncodeContext {
  readonly request: ChatRequest;
  readonly model: ClaudeModel;
  readonly options: EncodeOptions;
  readonly warnings: Warning[];
  readonly betas: Set<string>;
}

/** A fresh state for one request. */
export function createContext(
  request: ChatRequest,
  model: ClaudeModel,
  options: EncodeOptions,
): EncodeContext {
  return { request, model, options, warnings: [], betas: new Set() };
}

/** Finer words of a refusal, as OpenAI's `error.code` (section 0.3). */
export type RefusalReason =
  | 'missing_required_parameter'
  | 'invalid_value'
  | 'invalid_type'
  | 'unsupported_parameter'
  | 'unsupported_value'
  | 'unsupported_content_part'
  | 'invalid_tool_arguments'
  | 'invalid_json_schema'
  | 'model_not_found'
  | 'model_retired'
  | 'string_above_max_length'
  | 'array_above_max_length';

/**
 * The error that refuses a request before anything is sent. Throw it.
 *
 * @param param - path in the caller's request
 * @param message - says what happened and what to do; never quotes content
 * @param code - `model_not_found` where the model is at fault
 */
export function refusal(
  context: EncodeContext,
  param: string,
  reason: RefusalReason,
  message: string,
  code: ProviderErrorCode = 'invalid_request',
): ProviderError {
  return new ProviderError({
    code,
    provider: context.options.provider,
    model: context.model.id,
    message: `${context.options.provider}: ${param}: ${message}`,
    param,
    reason,
    retryable: false,
  });
}

/** Codes of warnings whose refusal has a word of its own; the rest say that a parameter is unsupported. */
const STRICT_REASONS: Readonly<Partial<Record<RequestWarningCode, RefusalReason>>> = {
  clamped: 'invalid_value',
  invalid_tool_arguments: 'invalid_tool_arguments',
  orphan_tool_result: 'invalid_value',
  duplicate_tool_result: 'invalid_value',
  missing_tool_result: 'invalid_value',
  model_retired: 'model_retired',
  unknown_model: 'model_not_found',
};

/**
 * Notes that something is dropped or weakened.
 *
 * @throws ProviderError `invalid_request` with the same `param` when `strict`
 */
export function warn(context: EncodeContext, code: RequestWarningCode, param: string, message: string): void {
  if (context.options.strict) {
    throw refusal(context, param, STRICT_REASONS[code] ?? 'unsupported_parameter', message);
  }
  context.warnings.push({ code, param, message });
}

/** As `warn`, but at most one warning of this code in a request. */
export function warnOnce(
  context: EncodeContext,
  code: RequestWarningCode,
  param: string,
  message: string,
): void {
  if (!context.warnings.some((warning) => warning.code === code)) warn(context, code, param, message);
}
