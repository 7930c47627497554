/** What went wrong at, or on the way to, a provider. One code, one meaning; see `policy` for what follows. */
export type ProviderErrorCode =
  | 'invalid_request'
  | 'request_too_large'
  | 'context_overflow'
  | 'content_filtered'
  | 'authentication'
  | 'permission'
  | 'quota_exhausted'
  | 'model_not_found'
  | 'rate_limited'
  | 'overloaded'
  | 'server_error'
  | 'conflict'
  | 'connection'
  | 'timeout'
  | 'stream_truncated'
  | 'bad_response'
  | 'redirect';

/** What the pool itself refuses or ends. */
export type PoolErrorCode =
  | 'config_invalid'
  | 'no_route'
  | 'circuit_open'
  | 'limit_exceeded'
  | 'queue_full'
  | 'queue_timeout'
  | 'budget_exceeded'
  | 'deadline_exceeded'
  | 'failover_exhausted'
  | 'cancelled'
  | 'pool_closed';

/** Every value `error.code` can have. */
export type ErrorCode = ProviderErrorCode | PoolErrorCode;

/** Which timer of ours ended an attempt, or `upstream` for a 408 or 504. */
export type TimeoutPhase = 'connect' | 'first_token' | 'idle' | 'progress' | 'upstream';
