/** What went wrong at, or on the way to, a provider. One code, one meaning; see `policy` for what follows. */
export type ProviderErrorCode =
  /** Refused by our own check, or a 400 or 422 from upstream. */
  | 'invalid_request'
  /** A 413: the body is over the host's limit. */
  | 'request_too_large'
  /** The conversation does not fit the model's context window. */
  | 'context_overflow'
  /** Refused by a content policy before any answer. */
  | 'content_filtered'
  /** A 401: the key is not accepted. */
  | 'authentication'
  /** A 403: the key may not do this. */
  | 'permission'
  /** A 402, or credit or a spending limit used up. */
  | 'quota_exhausted'
  /** A 404: the host does not know the model. */
  | 'model_not_found'
  /** A 429. */
  | 'rate_limited'
  /** A 503 or 529, or the same said inside a stream. */
  | 'overloaded'
  /** Another 5xx, or a 425. */
  | 'server_error'
  /** A 409. */
  | 'conflict'
  /** Refused, reset, no such host, or TLS failed. Only a reset is retried at the same target. */
  | 'connection'
  /** A 408 or 504 (retried at the same target), or a timer of ours (not); `phase` says which. */
  | 'timeout'
  /** The stream ended without a finish reason. Retried only before the first content. */
  | 'stream_truncated'
  /** Not the protocol: HTML, an empty 200, something that cannot be parsed. */
  | 'bad_response'
  /** Any 3xx: redirects are never followed. */
  | 'redirect';

/** What the pool itself refuses or ends. */
export type PoolErrorCode =
  /** A constructor option is wrong; the message names every path. Thrown before anything is sent. */
  | 'config_invalid'
  /** Nobody in the pool serves the model. */
  | 'no_route'
  /** The target failed too often and is left alone for a while. */
  | 'circuit_open'
  /** A limit of the pool's own is reached. */
  | 'limit_exceeded'
  /** Too many requests wait already. */
  | 'queue_full'
  /** Waited in the queue for as long as is allowed. */
  | 'queue_timeout'
  /** The money of this window is spent. */
  | 'budget_exceeded'
  /** The time for the whole request is over. */
  | 'deadline_exceeded'
  /** The answer is complete, but is not what its `schemaFormat` asks for. It is paid for and never asked again. */
  | 'invalid_output'
  /** Several targets failed; `errors` holds one error for each. */
  | 'failover_exhausted'
  /** The caller's signal fired, or `cancel()` was called. */
  | 'cancelled'
  /** The pool is closed, or closed while the request ran. */
  | 'pool_closed';

/** Every value `error.code` can have. */
export type ErrorCode = ProviderErrorCode | PoolErrorCode;

/** Which timer of ours ended an attempt, or `upstream` for a 408 or 504. */
export type TimeoutPhase = 'connect' | 'first_token' | 'idle' | 'progress' | 'upstream';
