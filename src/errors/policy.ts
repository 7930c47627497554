import type { ErrorCode } from './codes.ts';

/** What the pool does about an error. The only place where that is decided. */
export interface Verdict {
  /** Another attempt at the same target may help; acts only before the commit point and while attempts are left. */
  readonly retry: boolean;
  /**
   * Another target may help. `larger_window`: only one whose context window is larger or unknown;
   * `provider_scope`: only when the refusal concerns one provider rather than the whole pool.
   */
  readonly failover: boolean | 'larger_window' | 'provider_scope';
  /**
   * What the target's memory learns: `failure` counts for the circuit breaker, `cooldown` keeps away for
   * the time the provider named, `key_out` takes the provider's key out of rotation, `none` changes nothing.
   */
  readonly breaker: 'failure' | 'cooldown' | 'key_out' | 'none';
  /** The HTTP status a door of ours answers with. An upstream 401 is our misconfiguration, hence 502. */
  readonly status: number;
}

const row = (
  retry: Verdict['retry'],
  failover: Verdict['failover'],
  breaker: Verdict['breaker'],
  status: number,
): Verdict => ({ retry, failover, breaker, status });

/**
 * One row per error code. A single error can narrow its row by `retryable`: this connection was refused rather
 * than reset, this timeout was ours. Only upstream's own `x-should-retry` may widen it.
 */
export const policy: Readonly<Record<ErrorCode, Verdict>> = {
  invalid_request: row(false, false, 'none', 400),
  request_too_large: row(false, false, 'none', 413),
  context_overflow: row(false, 'larger_window', 'none', 400),
  content_filtered: row(false, false, 'none', 400),
  authentication: row(false, true, 'key_out', 502),
  permission: row(false, true, 'key_out', 502),
  quota_exhausted: row(false, true, 'key_out', 503),
  model_not_found: row(false, true, 'none', 404),
  rate_limited: row(true, true, 'cooldown', 429),
  overloaded: row(true, true, 'failure', 503),
  server_error: row(true, true, 'failure', 502),
  conflict: row(true, true, 'none', 409),
  connection: row(true, true, 'failure', 502),
  timeout: row(true, true, 'failure', 504),
  stream_truncated: row(true, true, 'failure', 502),
  bad_response: row(false, true, 'failure', 502),
  redirect: row(false, true, 'failure', 502),
  circuit_open: row(false, true, 'none', 503),
  limit_exceeded: row(false, 'provider_scope', 'none', 429),
  queue_full: row(false, 'provider_scope', 'none', 429),
  queue_timeout: row(false, 'provider_scope', 'none', 429),
  budget_exceeded: row(false, false, 'none', 429),
  deadline_exceeded: row(false, false, 'none', 504),
  invalid_output: row(false, false, 'none', 502),
  no_route: row(false, false, 'none', 404),
  failover_exhausted: row(false, false, 'none', 502),
  config_invalid: row(false, false, 'none', 500),
  pool_closed: row(false, false, 'none', 503),
  cancelled: row(false, false, 'none', 499),
};
