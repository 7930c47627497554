// The public root: everything that a user may name, values and types, in the order of the folders they come from.
// Nothing is exported as a whole folder, so that what is public is decided here, line by line. What only an author of a
// provider needs is in `runestone/provider-kit`, and doors, sinks and testing aids are sub-paths of their own.
export type {
  AnswerInfo,
  ChatCompletion,
  ChatCompletionChunk,
  ChunkDelta,
  CompletionMessage,
  CompletionToolCall,
  ParsedCompletion,
  ParsedMessage,
} from './chat/completion.ts';
export type { Embedding, EmbeddingRequest, EmbeddingResponse } from './chat/embedding.ts';
export type { Batch, ChatEvent, FinishReason, ThinkingBlock, UrlCitation, Warning } from './chat/events.ts';
export type { ForeignChatRequest } from './chat/foreign-request.ts';
export type {
  ChatMessage,
  ChatRequest,
  ContentPart,
  MessageContent,
  ReasoningEffort,
  ResponseFormat,
  Tool,
  ToolCall,
  ToolChoice,
} from './chat/request.ts';
export {
  type SchemaFormat,
  type SchemaFormatOptions,
  type SchemaRequest,
  schemaFormat,
} from './chat/schema-format.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './chat/standard-schema.ts';
export {
  type AnyRunestoneError,
  type AttemptRecord,
  BudgetExceededError,
  CancelledError,
  CircuitOpenError,
  ConfigError,
  type CostPrecision,
  DeadlineExceededError,
  type ErrorCode,
  FailoverError,
  httpStatusOf,
  InvalidOutputError,
  InvalidRequestError,
  isRunestoneError,
  LimitExceededError,
  NoRouteError,
  type OpenAIErrorBody,
  type Outcome,
  type OutputIssue,
  type PartialAnswer,
  type PassedBy,
  PoolClosedError,
  ProviderError,
  type ProviderErrorCode,
  policy,
  type RateLimitBucket,
  type RateLimits,
  type RoutePlan,
  RunestoneError,
  type TimeoutPhase,
  type Trace,
  type UpstreamHead,
  type Verdict,
} from './errors/index.ts';
export type { ClientOptions } from './http/client-options.ts';
export type { BodyLimits, PoolFetchInit } from './http/incoming.ts';
export type { PoolFetch } from './http/pool-fetch.ts';
export type { LedgerStats } from './ledger/ledger.ts';
export type { LedgerRow } from './ledger/ledger-row.ts';
export type { LedgerSink } from './ledger/ledger-sink.ts';
export {
  type ReconciledDifference,
  type ReconcileOptions,
  type Reconciliation,
  reconcile,
} from './ledger/reconcile/reconcile.ts';
export type { ReconciledFigure } from './ledger/reconcile/usage-line.ts';
export type { SpendStats, SpendWindow } from './ledger/spend-memory.ts';
export type {
  CheckedSpendQuery,
  SpendAnswer,
  SpendDimension,
  SpendGroup,
  SpendQuery,
} from './ledger/spend-query.ts';
export { type SpendCounts, type SpendSum, toSpendSum } from './ledger/spend-sum.ts';
export {
  type AttemptContext,
  type Handler,
  type Middleware,
  perEvent,
  type RequestContext,
  type Target,
  type Wrap,
} from './pipeline/middleware.ts';
export type { Budget, BudgetScope } from './pool/budget-options.ts';
export type { BudgetRow } from './pool/budgets.ts';
export type {
  ChatStream,
  ParsedStream,
  StreamResponseInit,
} from './pool/chat-stream.ts';
export type { TokenCount } from './pool/count-tokens.ts';
export type { Environment } from './pool/environment.ts';
export type { CostRange, RequestEstimate, TargetEstimate } from './pool/estimate.ts';
export type { ExplainedTarget, Explanation } from './pool/explain.ts';
export type { FromEnvOptions } from './pool/from-env.ts';
export type { HealthCheck, HealthStatus, PoolHealth, ProviderInfo, TargetInfo } from './pool/health.ts';
export type { LedgerOptions } from './pool/ledger-options.ts';
export type { Limit, LimitsOptions, Priority, QueueOptions } from './pool/limit-options.ts';
export type { LimitRow, LimitStats } from './pool/limits.ts';
export type { ListedModel, ListedModelInfo, ModelList, ModelListOptions } from './pool/list-models.ts';
export type { ModelRefresh } from './pool/model-catalogue.ts';
export type {
  BreakerOptions,
  CallOptions,
  CostOptions,
  HedgeOptions,
  PoolOptions,
  RetryBudgetOptions,
  RetryOptions,
  TimeoutOptions,
} from './pool/options.ts';
export type { FetchCallOptions } from './pool/pool-doors.ts';
export type { PoolStats } from './pool/pool-stats.ts';
export { ProviderPool } from './pool/provider-pool.ts';
export type { SharedOptions } from './pool/shared-options.ts';
export type { Quantiles, StatsRow } from './pool/target-stats.ts';
export type { PriceOverrides } from './pricing/price-table.ts';
export type {
  ModelCapabilities,
  ModelLifecycle,
  ModelSpec,
  ModelStatus,
  ThinkingKind,
} from './provider-kit/model-spec.ts';
export type { Provider, ProviderCall } from './provider-kit/provider.ts';
export {
  type Candidate,
  leastCost,
  leastLatency,
  priority,
  type RouteTarget,
  type RoutingStrategy,
  type RoutingView,
  roundRobin,
  type TargetLoad,
  weighted,
} from './routing/index.ts';
export { memoryStore } from './state/memory-store.ts';
export type { OnStoreFailure } from './state/shared-store.ts';
export {
  type Account,
  type AccountSpan,
  type Known,
  SETTLED_MS,
  SLOTS,
  type StateStore,
  type Take,
  type Taken,
  UNDER_WAY_MS,
} from './state/state-store.ts';
export type {
  AnyTelemetryEvent,
  EventName,
  EventOf,
  Listener,
  Subscription,
  TelemetryEvents,
} from './telemetry/events.ts';
export type { ServiceTier } from './usage/openai-tier.ts';
export type { CompletionUsage } from './usage/openai-usage.ts';
export type { ModelRun, Usage } from './usage/usage.ts';
