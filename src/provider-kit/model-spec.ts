/** What the pool may know of a model. Facts are data, never read off the id. */
export interface ModelSpec {
  readonly id: string;
  readonly aliases?: readonly string[];
  /** Input and output together, in tokens. */
  readonly contextWindow?: number;
  /** Longest answer, in tokens. */
  readonly maxOutputTokens?: number;
  /** Absent or undefined means unknown, and unknown excludes nothing. */
  readonly capabilities?: ModelCapabilities;
  readonly lifecycle?: ModelLifecycle;
  /** Where these facts stand, and when they were read. */
  readonly source?: string;
  readonly asOf?: string;
}

/** What a model can take or do. */
export interface ModelCapabilities {
  readonly tools?: boolean;
  readonly vision?: boolean;
  readonly pdf?: boolean;
  readonly structuredOutput?: boolean;
  /** Thinks before it answers, or can be asked to. */
  readonly reasoning?: boolean;
}

/** Dates as `YYYY-MM-DD`. */
export interface ModelLifecycle {
  readonly released?: string;
  readonly deprecated?: string;
  /** The vendor's promise: not retired before this day. */
  readonly notRetiredBefore?: string;
  /** Requests fail at the vendor's own API from this day on. */
  readonly retired?: string;
  /** What the vendor recommends instead. */
  readonly successor?: string;
  /** A newer one than that recommendation. */
  readonly preferred?: string;
}
