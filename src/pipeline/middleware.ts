import type { Batch, Warning } from '../chat/events.ts';
import type { JsonObject } from '../chat/json.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { AttemptRecord, Repair, RoutePlan, SeamRecord } from '../errors/index.ts';
import type { ModelSpec } from '../provider-kit/model-spec.ts';
import type { Provider } from '../provider-kit/provider.ts';
import type { Secret } from '../provider-kit/secret.ts';
import type { Cancellation } from './cancellation.ts';
import type { Operation } from './operation.ts';
import type { PromptSize } from './prompt-size.ts';
import type { Tally } from './tally.ts';

/** Turns a context into a stream. Nothing happens until the stream is pulled. */
export type Handler<Context> = (context: Context) => AsyncIterable<Batch>;

/** Wraps a handler. Call `next` once, several times, or not at all. */
export type Wrap<Context> = (context: Context, next: Handler<Context>) => AsyncIterable<Batch>;

/**
 * A plug-in: up to one wrap per scope.
 *
 * Code after the loop over `next(context)` runs after the stream, `catch` when it breaks, `finally` always.
 * Contexts are never changed; to change something, pass a copy: `next({ ...context, request: redacted })`.
 */
export interface Middleware {
  /** Shown in errors about this middleware. */
  readonly name: string;
  /** Around a whole request, outside routing, retry and failover: caches, redaction, guardrails. */
  readonly request?: Wrap<RequestContext>;
  /** Around one upstream try, inside the circuit breaker: it sees real tries only. */
  readonly attempt?: Wrap<AttemptContext>;
}

/** One call of the pool. */
export interface RequestContext {
  readonly requestId: string;
  /** Checked and normalised; `stream` says what the caller wants. */
  readonly request: ChatRequest;
  /** How long the prompt is, if anybody needs to know. */
  readonly size: PromptSize;
  /** The conversation it belongs to: `sessionId` of the call, or else the request's `prompt_cache_key`. */
  readonly sessionId: string | undefined;
  /** What is asked for. For vectors `request` has no messages. */
  readonly operation: Operation;
  /** Fires when the caller, the clock or the pool ends the request. The same end as `cancellation`. */
  readonly signal: AbortSignal;
  readonly cancellation: Cancellation;
  /** When the request must be over, on the monotonic clock, in milliseconds. */
  readonly deadlineMs: number;
  readonly tenant: string | undefined;
  /** Whom queues serve first. */
  readonly priority: 'high' | 'normal' | 'low';
  /** The most that all attempts together may cost, in nanodollars. */
  readonly maxNanoUsd: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** Provider the caller pinned, by name. */
  readonly pinned: string | undefined;
  readonly apiKey: Secret | undefined;
  readonly strict: boolean;
  readonly retiredModels: 'warn' | 'reject' | 'remap';
  /** It may share the attempts of another that asks for the same. */
  readonly singleFlight: boolean;
  /** Ended attempts, in order. Appended to by the pool only. */
  readonly trail: AttemptRecord[];
  /** Plans made for it, in order. Appended to by the pool only. */
  readonly plans: RoutePlan[];
  /** Where its answer went on elsewhere, in order. Appended to by the pool only. */
  readonly seams: SeamRecord[];
  /** What the caller will be told beside the answer. Appended to as it is found. */
  readonly warnings: Warning[];
  /** Whose attempts have answered it as well, when it has none of its own. Appended to by the pool only. */
  readonly sharedWith: RequestContext[];
}

/** One upstream try. */
export interface AttemptContext {
  readonly request: RequestContext;
  /** 1-based, counted over the whole request. */
  readonly attempt: number;
  /** Since the last attempt, or the beginning of the request, in milliseconds. */
  readonly waitedMs: number;
  /** Fires when the request ends, or when another attempt has answered before this one (see `hedge`). */
  readonly cancellation: Cancellation;
  /** It runs beside an attempt that was slow to begin. */
  readonly hedge: boolean;
  readonly target: Target;
  /** True: events come as they are made; false: one JSON answer is awaited. */
  readonly stream: boolean;
  /** Time to the commit point allowed for this attempt, in milliseconds; `Infinity` where only the request's ends it. */
  readonly firstTokenMs: number;
  /** The request or the model reasons: long silence is normal, and progress is not watched. */
  readonly reasoning: boolean;
  /** True when no other target could take over: then this one is never refused entirely. */
  readonly lastTarget: boolean;
  /** Changes that the target asked for when it refused the same request. */
  readonly repairs: readonly Repair[];
  /** The message of a paused turn to go on from; `undefined` when a new answer is wanted. */
  readonly continues: JsonObject | undefined;
  /** A turn that upstream pauses will be continued. */
  readonly mayPause: boolean;
  /** What this attempt has brought so far. Written by the innermost layers only. */
  readonly tally: Tally;
}

/** A provider, one of its keys, and the model id it understands. */
export interface Target {
  readonly provider: Provider;
  /** Index into the provider's keys. */
  readonly key: number;
  readonly model: string;
  /** `anthropic/claude-…`, or `anthropic[1]/claude-…` when the provider has several keys. Unique in a pool. */
  readonly label: string;
  /** What the provider says of the model, if it lists it. */
  readonly spec: ModelSpec | undefined;
}

/** First in the list is outermost. */
export function compose<Context>(
  wraps: readonly Wrap<Context>[],
  terminal: Handler<Context>,
): Handler<Context> {
  return wraps.reduceRight<Handler<Context>>((next, wrap) => (context) => wrap(context, next), terminal);
}

/** Lets a middleware that thinks event by event be used where batches travel: its wrap sees batches of one. */
export function perEvent<Context>(wrap: Wrap<Context>): Wrap<Context> {
  return function perEvent(context, next) {
    return wrap(context, (inner) => singles(next(inner)));
  };
}

async function* singles(source: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of source) for (const event of batch) yield [event];
}
