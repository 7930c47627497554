import type { ReasoningEffort } from '../chat/request.ts';

/** What the pool may know of a model. Facts are data, never read off the id. */
export interface ModelSpec {
  readonly id: string;
  /** Other names that mean this id; they are replaced by it. */
  readonly aliases?: readonly string[];
  /** Whose catalogue it stands in: the vendor, or the host where others serve it too. */
  readonly provider?: string;
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

/** What a model can take or do, by the way its provider calls it. */
export interface ModelCapabilities {
  readonly tools?: boolean;
  readonly vision?: boolean;
  readonly pdf?: boolean;
  readonly structuredOutput?: boolean;
  /** Thinks before it answers, or can be asked to. */
  readonly reasoning?: boolean;
  /** Goes on with an assistant message that stands last. */
  readonly prefill?: boolean;
  /** Ways of thinking it takes, in Anthropic's words. Empty: none. */
  readonly thinking?: readonly ThinkingKind[];
  /** Efforts it knows, from least to most. Empty: none. What it does not know, its provider may translate. */
  readonly efforts?: readonly ReasoningEffort[];
  /** The effort of a request that names none. */
  readonly defaultEffort?: ReasoningEffort;
  /** Efforts at which it takes tools; the first replaces any other. @default all of `efforts` */
  readonly toolEfforts?: readonly ReasoningEffort[];
}

/** A value of Anthropic's `thinking.type`. */
export type ThinkingKind = 'adaptive' | 'between_tools' | 'enabled' | 'disabled';

/** Where a model stands in its life. A deprecated one is still served. */
export type ModelStatus = 'active' | 'deprecated' | 'retired' | 'unknown';

/** A model's life at its vendor's own API. Dates as `YYYY-MM-DD`. */
export interface ModelLifecycle {
  readonly status?: ModelStatus;
  readonly released?: string;
  readonly deprecated?: string;
  /** The vendor's promise: not retired before this day. */
  readonly notRetiredBefore?: string;
  /** The announced last day of a deprecated model. A day in the past means overdue, not retired (MOD-5). */
  readonly retires?: string;
  /** Requests fail from this day on. */
  readonly retired?: string;
  /** What the vendor recommends instead. */
  readonly successor?: string;
  /** A newer one than that recommendation. */
  readonly preferred?: string;
}
