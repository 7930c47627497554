export { frame, framesOf } from './anthropic/frames.ts';
export { messageOf } from './anthropic/message.ts';
export type { ApiOptions } from './api-request.ts';
export type { Admission, Arrival, Gate } from './arrival.ts';
export type { BilledTokens } from './billed-tokens.ts';
export type { Frame, Point } from './frame.ts';
export type { Answer, AnswerBlock } from './model-answer.ts';
export { startUpstream, type UpstreamOptions } from './node-upstream.ts';
export { completionOf } from './openai/openai-completion.ts';
export { chunkFramesOf } from './openai/openai-frames.ts';
export type { AnswerOptions, ThinkingOptions, ToolUse } from './replies/answers.ts';
export type { EventsOptions } from './replies/bytes.ts';
export type { FaultOptions } from './replies/faults.ts';
/** Everything an upstream can be told to answer. */
export * as reply from './replies/index.ts';
export type {
  AnswerEdit,
  AnswerReply,
  Fault,
  Pace,
  RawReply,
  Reply,
  SilentReply,
  StatusReply,
  StepsReply,
} from './reply.ts';
export { type LoggedRequest, maskKey } from './request-log.ts';
export type { Responder } from './script.ts';
export type { SseStyle } from './sse-style.ts';
export type { Ending, Split, Step } from './step.ts';
export { countTokens } from './tokens.ts';
export type { Upstream } from './upstream.ts';
export type { WireName } from './wire-of.ts';
