/** How OpenAI words a failure. */
interface Row {
  readonly status: number;
  /** The same failure in Anthropic's words, which faults are written in. */
  readonly word: string;
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
}

/**
 * Statuses with the type and code OpenAI gives them, the usual one first (OpenAI's guide to error codes; recorded
 * answers).
 */
const rows: readonly Row[] = [
  row(400, 'invalid_request_error', 'invalid_request_error', null, 'Invalid request.'),
  row(401, 'authentication_error', 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'),
  row(
    403,
    'permission_error',
    'invalid_request_error',
    'unsupported_country_region_territory',
    'Country, region, or territory not supported',
  ),
  row(404, 'not_found_error', 'invalid_request_error', 'model_not_found', 'The model does not exist.'),
  row(409, 'conflict_error', 'invalid_request_error', 'conflict', 'The resource is in use.'),
  row(
    413,
    'request_too_large',
    'invalid_request_error',
    'request_too_large',
    'Maximum content size exceeded.',
  ),
  row(429, 'rate_limit_error', 'requests', 'rate_limit_exceeded', 'Rate limit reached for requests.'),
  row(
    429,
    'billing_error',
    'insufficient_quota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ),
  row(
    500,
    'api_error',
    'server_error',
    'server_error',
    'The server had an error while processing your request.',
  ),
  row(503, 'overloaded_error', 'server_error', 'service_unavailable', 'The engine is currently overloaded.'),
  row(504, 'timeout_error', 'server_error', 'timeout', 'The request timed out.'),
];

function row(status: number, word: string, type: string, code: string | null, message: string): Row {
  return { status, word, type, code, message };
}

/** What may be said otherwise than in the table. */
export interface ErrorWords {
  readonly type?: string | undefined;
  readonly message?: string | undefined;
  /** Fields of `error` to set or replace: `code`, `param`, `innererror`. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** The body of an error answer, and of an error inside a stream. */
export function openaiError(status: number, words: ErrorWords = {}): Readonly<Record<string, unknown>> {
  const { type, code, message } = rowOf(status);
  const error = { message: words.message ?? message, type: words.type ?? type, param: null, code };
  return { error: { ...error, ...words.details } };
}

/**
 * The status a failure has, by Anthropic's word for it, or by OpenAI's code or type; 500 for an unknown one.
 *
 * `overloaded_error` is a 503 here: OpenAI has no 529.
 */
export function openaiStatusOf(word: string): number {
  const found =
    rows.find((one) => one.word === word) ??
    rows.find((one) => one.code === word) ??
    rows.find((one) => one.type === word);
  return found?.status ?? 500;
}

/** An error inside a stream: known words are put as OpenAI puts them, others stay as they are. */
export function inBandError(word: string, message: string): Readonly<Record<string, unknown>> {
  const known = rows.find((one) => one.word === word);
  if (known) return { error: { message, type: known.type, param: null, code: known.code } };
  return openaiError(openaiStatusOf(word), { type: word, message });
}

function rowOf(status: number): Pick<Row, 'type' | 'code' | 'message'> {
  const found = rows.find((one) => one.status === status);
  if (found) return found;
  return status < 500
    ? { type: 'invalid_request_error', code: null, message: 'Invalid request.' }
    : { type: 'server_error', code: null, message: 'The server had an error.' };
}
