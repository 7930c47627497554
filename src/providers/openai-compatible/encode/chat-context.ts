import {
  type ChatRequest,
  type ModelSpec,
  ProviderError,
  type Warning,
} from '../../../provider-kit/index.ts';
import type { Quirks } from '../quirks.ts';

/** What decides how a request goes out, besides the request. No clock, no chance, no memory (T-10). */
export interface ChatEncodeOptions {
  /** The provider's name: for errors, and the key under which it finds what it said in earlier turns. */
  readonly provider: string;
  /** The id to send upstream. */
  readonly model: string;
  /** What is known of the model, if anything. */
  readonly spec: ModelSpec | undefined;
  readonly quirks: Quirks;
  /** Whether upstream is asked for a stream, which is not necessarily what the caller wants. */
  readonly stream: boolean;
  /** Refuse wherever something would otherwise be dropped with a warning. */
  readonly strict: boolean;
}

/** The state of one encoding: the parameters as they will go out, and the warnings gathered on the way. */
export interface ChatContext extends ChatEncodeOptions {
  readonly request: ChatRequest;
  /** A map, so that a key such as `__proto__` stays data. */
  readonly params: Map<string, unknown>;
  readonly warnings: Warning[];
}

/** A fresh state: every parameter as the caller wrote it. */
export function createChatContext(request: ChatRequest, options: ChatEncodeOptions): ChatContext {
  return { ...options, request, params: new Map(Object.entries(request)), warnings: [] };
}

/**
 * The error that refuses a request before anything is sent. Throw it.
 *
 * @param param - path in the caller's request
 * @param message - says what happened and what to do; never quotes content
 */
export function refusalOf(
  { provider, model }: ChatContext,
  param: string,
  message: string,
  reason: 'invalid_value' | 'unsupported_parameter' = 'unsupported_parameter',
): ProviderError {
  return new ProviderError({
    code: 'invalid_request',
    provider,
    model,
    message: `${provider}: ${param}: ${message}`,
    param,
    reason,
    retryable: false,
  });
}

/**
 * Notes that something is dropped or weakened.
 *
 * @param param - path in the caller's request
 * @param message - says what happened and what to do; never quotes content
 * @param code - of the warning; @default 'unsupported_parameter'
 * @throws ProviderError `invalid_request` with the same `param` when `strict`
 */
export function warnOf(
  context: ChatContext,
  param: string,
  message: string,
  code = 'unsupported_parameter',
): void {
  if (context.strict) {
    throw refusalOf(context, param, message, code === 'clamped' ? 'invalid_value' : 'unsupported_parameter');
  }
  context.warnings.push({ code, param, message });
}

/** As `warnOf`, but the same message at most once: a history repeats itself in every message. */
export function warnOnceOf(context: ChatContext, param: string, message: string, code?: string): void {
  if (!context.warnings.some((warning) => warning.message === message)) warnOf(context, param, message, code);
}
