/** Anthropic's `error.type` for each status it documents (docs: API errors, 2026-11). */
const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const messages: Readonly<Record<string, string>> = {
  authentication_error: 'invalid x-api-key',
  rate_limit_error: "This request would exceed your organization's rate limit.",
  overloaded_error: 'Overloaded',
  api_error: 'Internal server error',
  timeout_error: 'Request timed out',
};

/** An error as the API words it. */
export interface WireError {
  readonly type: string;
  readonly message?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly requestId: string;
}

/** The body of an error answer, and of an `error` event in a stream. */
export function errorBody({
  type,
  message,
  details,
  requestId,
}: WireError): Readonly<Record<string, unknown>> {
  const error = { type, message: message ?? messages[type] ?? type, ...(details && { details }) };
  return { type: 'error', error, request_id: requestId };
}

/** The type that belongs to a status: `api_error` for what is not in the table. */
export function errorTypeOf(status: number): string {
  return types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}

/** The status that belongs to a type; 500 for an unknown one. */
export function statusOf(type: string): number {
  for (const [status, known] of Object.entries(types)) if (known === type) return Number(status);
  return 500;
}
