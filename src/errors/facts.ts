import type { Usage } from '../usage/usage.ts';
import type { ErrorCode, TimeoutPhase } from './codes.ts';
import type { UpstreamHead } from './upstream-head.ts';

/** How an attempt or a request ended. */
export type Outcome = 'ok' | 'error' | 'cancelled';

/** How sure a cost is: `reported` by the provider, `estimated` by us, or `unknown`. Unknown is never 0. */
export type CostPrecision = 'reported' | 'estimated' | 'unknown';

/** One upstream try, as errors, telemetry and the trace tell it. Free of prompt and answer. */
export interface AttemptRecord {
  /** 1-based, counted over the whole request. */
  readonly attempt: number;
  readonly provider: string;
  /** The model id that was sent upstream. */
  readonly model: string;
  /** The label of the target: `provider/model`, with the key where there are several. */
  readonly target: string;
  /** How long the request had waited since its last attempt, or its beginning, in milliseconds. */
  readonly waitedMs: number;
  /** True when it was made beside an attempt that was slow to begin. */
  readonly hedge?: boolean | undefined;
  /** True when it was stopped because another attempt had answered before it: no failure of its target. */
  readonly lost?: boolean | undefined;
  readonly outcome: Outcome;
  /** Set when the outcome is not `ok`. */
  readonly code?: ErrorCode | undefined;
  /** The upstream's own status, where there was one. */
  readonly status?: number | undefined;
  readonly upstreamRequestId?: string | undefined;
  /** What the headers of its answer said; absent when none came, or the provider does not tell. */
  readonly upstream?: UpstreamHead | undefined;
  readonly durationMs: number;
  /** Attempt start to commit point. Absent when no content came. */
  readonly ttftMs?: number | undefined;
  readonly usage?: Usage | undefined;
  readonly costUsd?: number | undefined;
  readonly precision: CostPrecision;
  /** In OpenAI's words; absent when the answer did not end. */
  readonly finishReason?: string | undefined;
}

/** A target that was passed by, and why. */
export interface PassedBy {
  readonly target: string;
  /** `cooldown`, `key_out`, `rate_limit` (its headers said so), or what the target lacks for the request: `no_tools`, `window_too_small`, … */
  readonly reason: string;
}

/** How a request was routed: what could be asked, in which order, and what could not. */
export interface RoutePlan {
  readonly strategy: string;
  /** Labels of targets, in the order in which they are tried. */
  readonly candidates: readonly string[];
  readonly excluded: readonly PassedBy[];
}

/** A place where an answer broke, and another target went on. */
export interface SeamRecord {
  readonly from: string;
  readonly to: string;
  /** Of the break. */
  readonly code: string;
  /** UTF-16 length of the text before the seam. */
  readonly afterChars: number;
  /** How the other target was asked: by the beginning of the answer alone, or in words. */
  readonly method: 'prefill' | 'plain';
}

/** The way of a request through the pool. Free of prompt and answer. */
export interface Trace extends RoutePlan {
  /** Every attempt, in order, ended or not. */
  readonly attempts: readonly AttemptRecord[];
  /** Absent for an answer in one piece. */
  readonly seams?: readonly SeamRecord[];
  /** Id of the request whose attempts answered this one too (`singleFlight`), and that pays for them. */
  readonly sharedWith?: string;
}

/** What had arrived of an answer when it broke. */
export interface PartialAnswer {
  readonly content: string;
  readonly refusal?: string;
  readonly reasoning?: string;
  /** Tool calls begun; `arguments` may stop anywhere. */
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
}

/**
 * A change under which a refused request may be accepted: it asks for one more attempt at the same target, with
 * the change. Only its provider reads it.
 */
export interface Repair {
  /** What to change, in the provider's own word. The same kind is tried once in a request. */
  readonly kind: string;
  /** Tokens, for a cap on the answer. */
  readonly maxTokens?: number;
}

/** One place at which an answer is not what its schema says, in the words of the schema's library. */
export interface OutputIssue {
  /** May quote the answer. */
  readonly message: string;
  /** Keys from the root to the place; empty at the root. */
  readonly path: readonly PropertyKey[];
}

/** What the thrower of an error may know. */
export interface ErrorDetails {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** The upstream's own HTTP status. */
  readonly status?: number | undefined;
  readonly upstreamRequestId?: string | undefined;
  /** How long to stay away, in milliseconds, when somebody said so. */
  readonly retryAfterMs?: number | undefined;
  /** Path of the offending field in the caller's request, OpenAI style: `messages[3].content`. */
  readonly param?: string | null | undefined;
  /** The provider's own or OpenAI's finer word, shown as `code` in `toOpenAI()`. */
  readonly reason?: string | undefined;
  /** For `timeout`: which timer. */
  readonly phase?: TimeoutPhase | undefined;
  /** Goes before the policy row: false when repeating this very call cannot help, true when upstream asked for it. */
  readonly retryable?: boolean | undefined;
  readonly repair?: Repair | undefined;
  readonly cause?: unknown;
}

/** What the pool adds on the way out. */
export interface ErrorFacts {
  readonly requestId?: string;
  readonly committed?: boolean;
  readonly attempts?: readonly AttemptRecord[];
  readonly usage?: Usage;
  readonly costUsd?: number;
  readonly partial?: PartialAnswer;
}
