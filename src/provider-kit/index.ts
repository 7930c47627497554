export type { Embedding, EmbeddingRequest } from '../chat/embedding.ts';
export {
  type Batch,
  type ChatEvent,
  type FinishReason,
  isCommitting,
  type ThinkingBlock,
  type UrlCitation,
  type Warning,
} from '../chat/events.ts';
export { isRecord, type JsonObject, MAX_JSON_DEPTH } from '../chat/json.ts';
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
} from '../chat/request.ts';
export {
  ConfigError,
  isRunestoneError,
  ProviderError,
  type ProviderErrorCode,
  type RateLimitBucket,
  type RateLimits,
  type Repair,
  type UpstreamHead,
} from '../errors/index.ts';
export {
  type ModelRun,
  type PriceModifiers,
  promptTokens,
  type ServerToolUsage,
  tokenCount,
  type Usage,
} from '../usage/usage.ts';
export { type AnswerParser, AnswerReader } from './answer-reader.ts';
export { ApiKeys } from './api-keys.ts';
export { normalizeBaseURL } from './base-url.ts';
export { type BodyKind, readErrorText, readText, sniff } from './body.ts';
export type { Finding, UpstreamFailure } from './failure-kind.ts';
export { type FetchLike, fetchTransport, responseToWire } from './fetch-transport.ts';
export {
  type FailureContext,
  type HttpFailure,
  httpError,
  type InBandFailure,
  inBandError,
  requestIdIn,
} from './http-error.ts';
export { limitBody } from './limit-body.ts';
export type {
  ModelCapabilities,
  ModelLifecycle,
  ModelSpec,
  ModelStatus,
  ThinkingKind,
} from './model-spec.ts';
export { postSse, type SseMessage, type SsePost } from './post-sse.ts';
export type { CheckCall, EmbedCall, Embedded, Provider, ProviderCall } from './provider.ts';
export { type HeaderReader, rateLimits } from './rate-limits.ts';
export { readUpstreamHead } from './read-upstream-head.ts';
export { redact } from './redact.ts';
export { SdkCall, type SdkFetch, type SdkFetchOptions, sdkFetch } from './sdk-fetch.ts';
export { type ApiKey, Secret } from './secret.ts';
export { readSse, SseDecoder } from './sse.ts';
export { createTransport, type TransportOptions } from './transport.ts';
export { transportError } from './transport-error.ts';
export { retryAfterMs } from './wait-headers.ts';
export type { Transport, WireHeaders, WireRequest, WireResponse } from './wire.ts';
