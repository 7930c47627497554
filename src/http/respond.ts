import { httpStatusOf, type RunestoneError } from '../errors/index.ts';
import type { ErrorWriter } from './dialect.ts';
import { Refusal } from './refusal.ts';

/** Extra headers of a response. */
export type HeaderFields = Readonly<Record<string, string>>;

/** A JSON response. Clients hand back a string when the content type is another. */
export function jsonResponse(body: unknown, headers: HeaderFields, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** Errors in OpenAI's words. */
export const openAIErrors: ErrorWriter = (error) => ({ body: error.toOpenAI() });

/**
 * An error before the first byte, with its true status.
 *
 * The pool has done the retrying: `x-should-retry: false` keeps the official clients from multiplying it.
 */
export function errorResponse(
  error: RunestoneError,
  requestId: string,
  words: ErrorWriter = openAIErrors,
): Response {
  const refusal = error instanceof Refusal ? error : undefined;
  const { body, headers } = words(error, requestId);
  return jsonResponse(
    refusal?.body ?? body,
    {
      'x-request-id': requestId,
      'x-should-retry': 'false',
      ...waitHeaders(error.retryAfterMs),
      ...(error.upstreamRequestId && {
        'x-runestone-upstream-request-id': printable(error.upstreamRequestId),
      }),
      ...refusal?.headers,
      ...headers,
    },
    refusal?.httpStatus ?? httpStatusOf(error),
  );
}

/** Both forms: the official clients look at milliseconds first. */
function waitHeaders(ms: number | undefined): HeaderFields {
  if (ms === undefined) return {};
  return { 'retry-after': String(Math.ceil(ms / 1000)), 'retry-after-ms': String(Math.ceil(ms)) };
}

/** An upstream's word as a header value: what could end the line, or is not ASCII, is left out. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '');
}
