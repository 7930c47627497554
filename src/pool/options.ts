import type { Middleware } from '../pipeline/middleware.ts';
import type { PriceOverrides } from '../pricing/price-table.ts';
import type { Provider } from '../provider-kit/provider.ts';
import type { RouteTarget, RoutingStrategy } from '../routing/index.ts';
import type { Budget } from './budget-options.ts';
import type { LedgerOptions } from './ledger-options.ts';
import type { LimitsOptions, Priority } from './limit-options.ts';
import type { SharedOptions } from './shared-options.ts';

/** How a pool behaves. `{ providers }` is enough; every default is in the table of `docs/options.md`. */
export interface PoolOptions {
  /** Who answers. At least one; names are unique. */
  readonly providers: readonly Provider[];
  /** Aliases: a name of yours, and the targets behind it in order of preference. */
  readonly models?: Readonly<Record<string, readonly RouteTarget[]>>;
  /** Used when a request names no model. @default the first provider's own default model */
  readonly defaultModel?: string;
  /** The order in which candidates are tried; a function puts them in order itself. @default priority() */
  readonly routing?: RoutingStrategy | RoutingStrategy['order'];
  /** Further attempts, before the first content; `false` for none. */
  readonly retry?: RetryOptions | false;
  /** When a failing target is left alone; `false` for never. */
  readonly breaker?: BreakerOptions | false;
  readonly timeouts?: TimeoutOptions;
  readonly limits?: LimitsOptions;
  /** Limits, budgets and cooldowns kept together with other processes. @default each process for itself */
  readonly shared?: SharedOptions;
  /** A second attempt beside one that is slow to begin; the first to answer wins. @default none */
  readonly hedge?: HedgeOptions;
  readonly cost?: CostOptions;
  readonly ledger?: LedgerOptions;
  /**
   * Requests of one tenant that ask for the same at the same time share one upstream attempt, booked to the first; not
   * streams, and not with an `apiKey` of the call's own.
   * @default false
   */
  readonly singleFlight?: boolean;
  /**
   * Rounds in which a turn that its provider paused is continued, each an attempt of its own; 0 for none.
   * @default 5
   */
  readonly autoContinue?: number;
  /**
   * What becomes of a stream that breaks after its first content: an error, or an answer that goes on at the next
   * target, text alone and at most twice. An object says in which words that is asked for.
   * @default 'error'
   */
  readonly midStream?: 'error' | 'continue' | MidStreamWords;
  /** Models their vendor has retired: send with a warning, refuse, or use the successor. @default 'warn' */
  readonly retiredModels?: 'warn' | 'reject' | 'remap';
  /** Turn every warning of the translation into `invalid_request`. @default false */
  readonly strict?: boolean;
  /** Yours, first is outermost. */
  readonly middleware?: readonly Middleware[];
}

/** `midStream: 'continue'`, in words of your own. */
export interface MidStreamWords {
  /** Asks for the rest of an answer that ended with the anchor; the reply must begin with the anchor. */
  readonly words: (anchor: string) => string;
}

/** Attempts and waits. */
export interface RetryOptions {
  /** Upstream calls for one request, over all targets. Integer ≥ 1. @default 3 */
  readonly attempts?: number;
  /** Upstream calls at one target. Integer ≥ 1. @default 2 */
  readonly attemptsPerTarget?: number;
  /** Ceiling of the first wait, in milliseconds; doubles with each retry. The wait itself is random below it. @default 500 */
  readonly baseDelayMs?: number;
  /** Ceiling of every wait, in milliseconds. @default 8_000 */
  readonly maxDelayMs?: number;
  /** Longest `Retry-After` that is waited for, in milliseconds. @default 60_000 */
  readonly retryAfterCapMs?: number;
  /** A rate-limited target is waited for this long, in milliseconds, before a lower tier is used. @default 2_000 */
  readonly preferWaitMs?: number;
  readonly budget?: RetryBudgetOptions;
}

/** How many retries the whole pool may make, so that an outage is not multiplied. */
export interface RetryBudgetOptions {
  /** Retries as a share of requests in the window. @default 0.1 */
  readonly ratio?: number;
  /** Retries that are always allowed in a window. @default 30 */
  readonly minimum?: number;
  /** In milliseconds. @default 10_000 */
  readonly windowMs?: number;
}

/** The circuit breaker of each target. What counts as a failure is the breaker column of the error table. */
export interface BreakerOptions {
  /** Failures in a row that open the circuit. Integer ≥ 1. @default 5 */
  readonly failureThreshold?: number;
  /** Share of failures in the window that opens it, 0 to 1. @default 0.5 */
  readonly failureRatio?: number;
  /** Attempts in the window before the share counts. @default 10 */
  readonly minimumRequests?: number;
  /** In milliseconds. @default 30_000 */
  readonly windowMs?: number;
  /** How long an open circuit waits for its first probe, in milliseconds; doubles. @default 5_000 */
  readonly openMs?: number;
  /** Longest wait for a probe, in milliseconds. @default 15_000 */
  readonly maxOpenMs?: number;
  /** Time over which a closed circuit takes its full share again, in milliseconds. @default 10_000 */
  readonly slowStartMs?: number;
}

/** The timers of an attempt and of a request, in milliseconds. Nothing else in the house owns time. */
export interface TimeoutOptions {
  /** Until a connection stands, name look-up included. @default 10_000 */
  readonly connectMs?: number;
  /** Until the first content. @default 60_000 */
  readonly firstTokenMs?: number;
  /** The same for a model or request that reasons, and for an answer by a schema. @default 180_000 */
  readonly reasoningFirstTokenMs?: number;
  /** Between two network reads; pings count. @default 60_000 */
  readonly idleMs?: number;
  /** Between two pieces of content; pings do not count. Off for requests that reason. @default 300_000 */
  readonly progressMs?: number;
  /** The whole request: queue, waits and all attempts. @default 600_000 */
  readonly totalMs?: number;
}

/** When an attempt that is slow to begin gets another beside it, at the next free target. Both are paid for. */
export interface HedgeOptions {
  /** Without content for so long, in milliseconds; with `afterPercentile`, as long as that is not known. @default never */
  readonly afterMs?: number;
  /** For longer than this share of the target's answers took, once it gave 20; above 0, below 100. @default not used */
  readonly afterPercentile?: number;
  /** For one request. Each counts towards `retry.attempts` and draws on `retry.budget`. Integer ≥ 1. @default 1 */
  readonly maxExtra?: number;
}

/** Money. */
export interface CostOptions {
  /** Prices of your own, above the bundled table. */
  readonly prices?: PriceOverrides;
  /** Hard caps on spending: an attempt that could pass one of them is not sent. @default none */
  readonly budgets?: readonly Budget[];
}

/** What one call may say beside its request. */
export interface CallOptions {
  /** Ends the call at any moment; upstream is cut within 50 ms. */
  readonly signal?: AbortSignal;
  /** The whole call, in milliseconds from now. @default `timeouts.totalMs` */
  readonly deadlineMs?: number;
  /** Yours, for logs and events. @default a random UUID */
  readonly requestId?: string;
  /** On whose behalf: for limits and fairness, and told by events. Never sent upstream. */
  readonly tenant?: string;
  /** Whom the queues of `limits` serve first. @default 'normal' */
  readonly priority?: Priority;
  /**
   * The conversation, of at most 256 characters: its turns go to the target that answered the last one, where its
   * prompt cache is, while that one is free. @default the request's `prompt_cache_key`
   */
  readonly sessionId?: string;
  /**
   * The most this call may cost over all its attempts, in US dollars, > 0. The answer is capped to what that pays for;
   * where it pays for none, the call is refused with `budget_exceeded`. Needs a price.
   *
   * @default no cap
   */
  readonly maxCostUsd?: number;
  /** Labels of yours, for middlewares and, by name, for `ledger.labels`. Never sent upstream. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Overrides the pool's `strict`. */
  readonly strict?: boolean;
  /** Overrides the pool's `singleFlight`. */
  readonly singleFlight?: boolean;
  /** Only this provider, by name. */
  readonly provider?: string;
  /** Another key, for this call alone. Needs `provider`, so that a key goes to one known host. */
  readonly apiKey?: string;
}
