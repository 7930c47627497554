import type { ErrorBody } from './read-error-body.ts';

/** Which HTTP status a word would have come with, had the answer not begun with a 200 already (translation 3.2). */
const statusByWord: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  authentication_error: 401,
  invalid_api_key: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  model_not_found: 404,
  timeout_error: 504,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  // OpenAI's names of the limit that was hit.
  requests: 429,
  tokens: 429,
  api_error: 500,
  server_error: 500,
  internal_error: 500,
  internal_server_error: 500,
  service_unavailable: 503,
  overloaded_error: 529,
  overloaded: 529,
  // Exceptions in a stream of Amazon Bedrock (API reference, `ResponseStream`).
  validationException: 400,
  throttlingException: 429,
  internalServerException: 500,
  modelStreamErrorException: 500,
  serviceUnavailableException: 503,
  modelTimeoutException: 504,
};

/** An overload in prose, from hosts that have no word for it: xAI ("Service temporarily unavailable"), proxies. */
const OVERLOADED = /\boverloaded\b|\b(?:temporarily|currently) unavailable\b|\bat capacity\b/i;

/**
 * The status an in-band error stands for, by its `code`, then its `type`, then its message; `undefined` for words
 * nobody knows.
 *
 * Some routers put the number itself into `code`.
 */
export function inBandStatus({ code, type, message }: ErrorBody): number | undefined {
  if (code !== undefined && /^[45]\d\d$/.test(code)) return Number(code);
  return lookUp(code) ?? lookUp(type) ?? (OVERLOADED.test(message) ? 503 : undefined);
}

/** Own members only: `constructor` is a word a host may send. */
function lookUp(word: string | undefined): number | undefined {
  return word !== undefined && Object.hasOwn(statusByWord, word) ? statusByWord[word] : undefined;
}
