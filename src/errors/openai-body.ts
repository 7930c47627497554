import type { ErrorCode } from './codes.ts';

/** The body every OpenAI client knows how to read. */
export interface OpenAIErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string | null;
    readonly param: string | null;
  };
}

/**
 * The words OpenAI's API uses for each code: `type`, then `code`.
 *
 * A spent budget is `insufficient_quota`, because clients already know it as "do not retry".
 */
export const openAIWords: Readonly<Record<ErrorCode, readonly [type: string, code: string | null]>> = {
  invalid_request: ['invalid_request_error', null],
  request_too_large: ['invalid_request_error', 'request_too_large'],
  context_overflow: ['invalid_request_error', 'context_length_exceeded'],
  content_filtered: ['invalid_request_error', 'content_filter'],
  authentication: ['authentication_error', 'invalid_api_key'],
  permission: ['permission_error', 'permission_denied'],
  quota_exhausted: ['insufficient_quota', 'insufficient_quota'],
  model_not_found: ['invalid_request_error', 'model_not_found'],
  rate_limited: ['rate_limit_error', 'rate_limit_exceeded'],
  overloaded: ['server_error', 'overloaded'],
  server_error: ['server_error', 'server_error'],
  conflict: ['invalid_request_error', 'conflict'],
  connection: ['connection_error', 'connection_error'],
  timeout: ['timeout_error', 'timeout'],
  stream_truncated: ['server_error', 'upstream_stream_interrupted'],
  bad_response: ['server_error', 'upstream_invalid_response'],
  redirect: ['server_error', 'upstream_redirect'],
  circuit_open: ['server_error', 'circuit_open'],
  limit_exceeded: ['rate_limit_error', 'rate_limit_exceeded'],
  queue_full: ['rate_limit_error', 'queue_full'],
  queue_timeout: ['rate_limit_error', 'queue_timeout'],
  budget_exceeded: ['insufficient_quota', 'insufficient_quota'],
  deadline_exceeded: ['timeout_error', 'deadline_exceeded'],
  invalid_output: ['server_error', 'invalid_output'],
  no_route: ['invalid_request_error', 'model_not_found'],
  failover_exhausted: ['server_error', 'failover_exhausted'],
  config_invalid: ['server_error', 'config_invalid'],
  pool_closed: ['server_error', 'pool_closed'],
  cancelled: ['aborted', 'client_closed_request'],
};
