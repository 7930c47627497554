import {
  type FailureContext,
  type HeaderReader,
  httpError,
  inBandError,
  ProviderError,
} from '../../provider-kit/index.ts';
import { classifyCompletionsFailure } from './completions-failure.ts';

/** What is known of the call whose failure is to be told. */
export interface ChatErrorContext extends Omit<FailureContext, 'classify' | 'nowMs'> {
  /** The id in the head of the answer (HDR-13). */
  readonly upstreamRequestId?: string | undefined;
}

/** An answer whose status says that it failed (ERR-40 to 53). */
export function completionsError(
  status: number,
  headers: HeaderReader,
  bodyText: string,
  context: ChatErrorContext,
  nowMs: number = Date.now(),
): ProviderError {
  return httpError({ ...context, nowMs, classify: classifyCompletionsFailure, status, headers, bodyText });
}

/**
 * An error inside a stream that began with a 200 (ERR-54).
 *
 * @param body - the whole envelope
 */
export function inStreamFailure(
  body: unknown,
  context: ChatErrorContext,
  nowMs: number = Date.now(),
): ProviderError {
  return inBandError({ ...context, nowMs, classify: classifyCompletionsFailure, body });
}

/** An error that came with a 200 in place of an answer: by its words, else it is no answer at all (ERR-55). */
export function inAnswerFailure(
  body: unknown,
  context: ChatErrorContext,
  nowMs: number = Date.now(),
): ProviderError {
  return inBandError({
    ...context,
    nowMs,
    body,
    classify: (failure) =>
      failure.status === undefined
        ? { code: 'bad_response', reason: 'upstream_invalid_response', retryable: true }
        : classifyCompletionsFailure(failure),
  });
}

/**
 * An answer that breaks the protocol.
 *
 * @param retryable - true for what may be gone on the next call
 */
export function notAnAnswer(
  { provider, model }: Pick<ChatErrorContext, 'provider' | 'model'>,
  message: string,
  retryable = false,
): ProviderError {
  return new ProviderError({ provider, model, code: 'bad_response', message, retryable });
}
