export type { ErrorCode, PoolErrorCode, ProviderErrorCode, TimeoutPhase } from './codes.ts';
export type {
  AttemptRecord,
  CostPrecision,
  ErrorDetails,
  ErrorFacts,
  Outcome,
  OutputIssue,
  PartialAnswer,
  PassedBy,
  Repair,
  RoutePlan,
  SeamRecord,
  Trace,
} from './facts.ts';
export { FailoverError, httpStatusOf } from './failover-error.ts';
export {
  type AnyRunestoneError,
  isProviderErrorCode,
  isRunestoneError,
  OUT_OF_FILES,
  verdictOf,
} from './is-runestone-error.ts';
export type { OpenAIErrorBody } from './openai-body.ts';
export { policy, type Verdict } from './policy.ts';
export {
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
export { ProviderError } from './provider-error.ts';
export { annotate, copyOf, RunestoneError } from './runestone-error.ts';
export type { RateLimitBucket, RateLimits, UpstreamHead } from './upstream-head.ts';
