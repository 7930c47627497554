import type { ProviderErrorCode } from './codes.ts';
import type { FailoverError } from './failover-error.ts';
import { policy, type Verdict } from './policy.ts';
import type {
  BudgetExceededError,
  CancelledError,
  CircuitOpenError,
  ConfigError,
  DeadlineExceededError,
  InvalidOutputError,
  InvalidRequestError,
  LimitExceededError,
  NoRouteError,
  PoolClosedError,
} from './pool-errors.ts';
import type { ProviderError } from './provider-error.ts';
import { errorMarker, type RunestoneError } from './runestone-error.ts';

/** All errors of the house, so that `switch (error.code)` narrows the other fields too. */
export type AnyRunestoneError =
  | ConfigError
  | InvalidRequestError
  | NoRouteError
  | LimitExceededError
  | BudgetExceededError
  | CircuitOpenError
  | ProviderError
  | FailoverError
  | DeadlineExceededError
  | InvalidOutputError
  | CancelledError
  | PoolClosedError;

/** True for every error of this package, also from another copy of it. */
export function isRunestoneError(error: unknown): error is AnyRunestoneError {
  return typeof error === 'object' && error !== null && errorMarker in error;
}

/** The policy row of an error, narrowed by what the error itself knows: of repeating, and of whose fault it is. */
export function verdictOf(error: RunestoneError): Verdict {
  const row = policy[error.code];
  const { retryable: retry = row.retry, reason } = error;
  const breaker = row.breaker === 'failure' && reason === OUT_OF_FILES ? 'none' : row.breaker;
  return retry === row.retry && breaker === row.breaker ? row : { ...row, retry, breaker };
}

/** The `reason` of a connection that this process may not open: no fault of the target that was to be asked. */
export const OUT_OF_FILES = 'too_many_open_files';

/** Codes that only a provider can cause, as a guard for third-party errors. */
export function isProviderErrorCode(code: unknown): code is ProviderErrorCode {
  return typeof code === 'string' && Object.hasOwn(policy, code) && !POOL_ONLY.has(code);
}

const POOL_ONLY: ReadonlySet<string> = new Set([
  'config_invalid',
  'no_route',
  'circuit_open',
  'limit_exceeded',
  'queue_full',
  'queue_timeout',
  'budget_exceeded',
  'deadline_exceeded',
  'invalid_output',
  'failover_exhausted',
  'cancelled',
  'pool_closed',
]);
