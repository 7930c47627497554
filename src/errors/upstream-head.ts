/** One limit as the provider told it. What it did not tell is absent. */
export interface RateLimitBucket {
  readonly limit?: number;
  readonly remaining?: number;
  /** Until the limit is whole again, in milliseconds from the moment of the answer. */
  readonly resetMs?: number;
}

/** What an answer's headers say of the limits of this key and model. */
export interface RateLimits {
  readonly requests?: RateLimitBucket;
  /** Input and output together, or whichever is the tightest. */
  readonly tokens?: RateLimitBucket;
  readonly inputTokens?: RateLimitBucket;
  readonly outputTokens?: RateLimitBucket;
}

/** What the headers of an upstream's answer say beside the answer (RES-17). What they do not say is absent. */
export interface UpstreamHead {
  /** Upstream's own id of the request, for its support. */
  readonly requestId?: string;
  /** Whose account the key is of, in upstream's ids. */
  readonly organizationId?: string;
  readonly workspaceId?: string;
  readonly rateLimits?: RateLimits;
}
