import type { ErrorDetails, OutputIssue } from './facts.ts';
import { RunestoneError } from './runestone-error.ts';

/** A constructor option is wrong; `message` lists every path. Thrown before anything is sent. */
export class ConfigError extends RunestoneError {
  override readonly name = 'ConfigError';
  readonly code = 'config_invalid';
}

/** The request is wrong; `param` is the path of the first fault, `message` lists all. Nothing was sent. */
export class InvalidRequestError extends RunestoneError {
  override readonly name = 'InvalidRequestError';
  readonly code = 'invalid_request';
}

/** Nobody in this pool serves the model that was asked for. */
export class NoRouteError extends RunestoneError {
  override readonly name = 'NoRouteError';
  readonly code = 'no_route';
}

/** Our own admission said no; `retryAfterMs` is when to come back. A provider's own 429 is `rate_limited`. */
export class LimitExceededError extends RunestoneError {
  override readonly name = 'LimitExceededError';
  readonly code: 'limit_exceeded' | 'queue_full' | 'queue_timeout';
  /** Whose limit it was. */
  readonly scope: 'pool' | 'provider' | 'tenant';

  constructor(
    message: string,
    details: ErrorDetails & {
      readonly code?: LimitExceededError['code'];
      readonly scope: LimitExceededError['scope'];
    },
  ) {
    const { code, scope, ...rest } = details;
    super(message, rest);
    this.code = code ?? 'limit_exceeded';
    this.scope = scope;
  }
}

/** The money allowed for a window is spent or reserved. Nothing was sent. */
export class BudgetExceededError extends RunestoneError {
  override readonly name = 'BudgetExceededError';
  readonly code = 'budget_exceeded';
  readonly spentUsd: number;
  readonly limitUsd: number;
  /** When the window frees money again, in epoch milliseconds. */
  readonly resetsAt: number;

  constructor(
    message: string,
    details: ErrorDetails & {
      readonly spentUsd: number;
      readonly limitUsd: number;
      readonly resetsAt: number;
    },
  ) {
    const { spentUsd, limitUsd, resetsAt, ...rest } = details;
    super(message, rest);
    this.spentUsd = spentUsd;
    this.limitUsd = limitUsd;
    this.resetsAt = resetsAt;
  }
}

/** The target's circuit is open, its key is out, or it asked to be left alone; `retryAfterMs` says for how long. */
export class CircuitOpenError extends RunestoneError {
  override readonly name = 'CircuitOpenError';
  readonly code = 'circuit_open';
}

/** The request's total time is over. Nothing is tried again. */
export class DeadlineExceededError extends RunestoneError {
  override readonly name = 'DeadlineExceededError';
  readonly code = 'deadline_exceeded';
}

/**
 * The answer is complete, and not what its schema says. What came is in `partial`.
 *
 * `reason` is `invalid_json`, `schema_mismatch`, or `validator_failed` when the schema's own code threw.
 */
export class InvalidOutputError extends RunestoneError {
  override readonly name = 'InvalidOutputError';
  readonly code = 'invalid_output';
  /** What the schema found, empty unless it is a mismatch. Not enumerable, as `partial`, for it may quote the answer. */
  declare readonly issues: readonly OutputIssue[];

  constructor(message: string, details: ErrorDetails & { readonly issues?: readonly OutputIssue[] } = {}) {
    const { issues = [], ...rest } = details;
    super(message, rest);
    Object.defineProperty(this, 'issues', { get: () => issues, configurable: true });
  }
}

/** The caller's signal fired, or the consumer left. `cause` is the signal's reason. */
export class CancelledError extends RunestoneError {
  override readonly name = 'CancelledError';
  readonly code = 'cancelled';
}

/** The pool is closed or closing. */
export class PoolClosedError extends RunestoneError {
  override readonly name = 'PoolClosedError';
  readonly code = 'pool_closed';
}
