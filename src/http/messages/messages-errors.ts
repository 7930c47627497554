import { isRecord, type JsonObject } from '../../chat/json.ts';
import { httpStatusOf, type RunestoneError } from '../../errors/index.ts';
import type { ErrorWriter } from '../dialect.ts';
import { THREAD_DETAILS, THREAD_UNSUPPORTED } from './threads.ts';

/** Anthropic's `error.type` by the status of the door. @see https://platform.claude.com/docs/en/api/errors */
const TYPES: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [408, 'timeout_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

/**
 * An error in Anthropic's words, by the status that the door answers with: of a key that upstream refused the client is
 * not told as if it were its own. Frames inside a stream have no status, so that the type is all their readers have.
 */
export function errorBody(error: RunestoneError): JsonObject {
  const status = statusOf(error);
  const type = TYPES.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  const details = error.reason === THREAD_UNSUPPORTED ? { details: THREAD_DETAILS } : {};
  return { type: 'error', error: { type, message: error.message, ...details } };
}

/** Errors before the first byte. Anthropic's clients look for the request's id in a header of its own. */
export const messagesErrors: ErrorWriter = (error, requestId) => ({
  body: { ...errorBody(error), request_id: requestId },
  headers: { 'request-id': requestId },
});

/** The door's own refusals bring their status along. */
function statusOf(error: RunestoneError): number {
  const own = isRecord(error) ? error['httpStatus'] : undefined;
  return typeof own === 'number' ? own : httpStatusOf(error);
}
