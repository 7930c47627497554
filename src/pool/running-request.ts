import type { AnswerInfo } from '../chat/completion.ts';
import type { AnswerForm, AnswerHead } from '../chat/encode-chunk.ts';
import type { ChatRequest } from '../chat/request.ts';
import {
  annotate,
  CancelledError,
  DeadlineExceededError,
  isRunestoneError,
  type PartialAnswer,
  type RoutePlan,
  type RunestoneError,
} from '../errors/index.ts';
import { lastOf, leaderOf, totalsOf } from '../middleware/totals.ts';
import { Cancellation } from '../pipeline/cancellation.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import { CHAT, type Operation } from '../pipeline/operation.ts';
import { PromptSize } from '../pipeline/prompt-size.ts';
import { Secret } from '../provider-kit/secret.ts';
import { allowManyListeners } from '../resilience/node-signal.ts';
import type { Environment } from './environment.ts';
import type { CallOptions } from './options.ts';

/** What a pool decides for all its requests. */
export interface RequestDefaults {
  readonly totalMs: number;
  readonly strict: boolean;
  readonly retiredModels: RequestContext['retiredModels'];
  /** @default false */
  readonly singleFlight?: boolean;
}

/**
 * One request on its way: its context, the three who may end it (caller, clock, pool), and what can be told of it.
 *
 * It always ends with an error of the house as reason, so that whoever finds it ended can throw that.
 */
export class RunningRequest {
  readonly context: RequestContext;
  readonly #environment: Environment;
  readonly #startedMs: number;
  readonly #cancellation = new Cancellation();
  readonly #caller: AbortSignal | undefined;
  readonly #deadline: NodeJS.Timeout;

  constructor(
    request: ChatRequest,
    call: CallOptions,
    defaults: RequestDefaults,
    environment: Environment,
    operation: Operation = CHAT,
  ) {
    const totalMs = call.deadlineMs ?? defaults.totalMs;
    const cancellation = this.#cancellation;
    this.#environment = environment;
    this.#startedMs = environment.nowMs();
    const context = {
      requestId: call.requestId ?? crypto.randomUUID(),
      request,
      operation,
      size: new PromptSize(request, operation),
      sessionId: call.sessionId ?? cacheKeyOf(request),
      cancellation,
      deadlineMs: this.#startedMs + totalMs,
      tenant: call.tenant,
      priority: call.priority ?? 'normal',
      maxNanoUsd: call.maxCostUsd === undefined ? undefined : Math.floor(call.maxCostUsd * 1e9),
      metadata: call.metadata ?? {},
      pinned: call.provider,
      apiKey: call.apiKey === undefined ? undefined : new Secret(call.apiKey),
      strict: call.strict ?? defaults.strict,
      retiredModels: defaults.retiredModels,
      singleFlight: call.singleFlight ?? defaults.singleFlight ?? false,
      trail: [],
      plans: [],
      seams: [],
      warnings: [],
      sharedWith: [],
    };
    giveSignal(context);
    this.context = context;
    this.#caller = call.signal;
    this.#deadline = setTimeout(() => this.abort(overdue(totalMs)), totalMs);
    this.#follow();
  }

  /** How its answer shall look. */
  get form(): AnswerForm {
    const { request } = this.context;
    return {
      includeUsage: request.stream_options?.include_usage === true,
      legacyFunctions: request['functions'] !== undefined,
    };
  }

  /** What its answer is called until a provider says so itself. */
  get head(): AnswerHead {
    const { requestId, request } = this.context;
    return {
      id: `chatcmpl-${requestId}`,
      model: request.model ?? '',
      created: Math.floor(this.#environment.epochMs() / 1000),
    };
  }

  /** What is known of its answer now; complete once it has ended. */
  info(): AnswerInfo {
    const { requestId, trail, seams, warnings } = this.context;
    const { costUsd, precision } = totalsOf(trail);
    const leader = leaderOf(this.context);
    const answering = leader ?? this.context;
    const last = lastOf(answering.trail);
    return {
      requestId,
      provider: last?.provider ?? '',
      model: last?.model ?? '',
      attempts: trail.length,
      usage: last?.usage,
      costUsd,
      precision,
      ttftMs: last?.ttftMs,
      durationMs: this.#environment.nowMs() - this.#startedMs,
      warnings: [...warnings],
      trace: {
        ...(answering.plans.at(-1) ?? NO_PLAN),
        // One that lost a race may have been slower to end.
        attempts: trail.toSorted((one, other) => one.attempt - other.attempt),
        ...(seams.length > 0 && { seams: [...seams] }),
        ...(leader && { sharedWith: leader.requestId }),
      },
    };
  }

  /** Adds to an error what only the request knows. A foreign error passes as it is. */
  explain(
    error: unknown,
    answer: { readonly committed: boolean; readonly partial?: PartialAnswer },
  ): unknown {
    if (!isRunestoneError(error)) return error;
    const { requestId, costUsd, usage, trace } = this.info();
    return annotate(error, {
      ...answer,
      requestId,
      attempts: trace.attempts,
      ...(usage && { usage }),
      ...(costUsd !== undefined && { costUsd }),
    });
  }

  /** Ends the request. The first reason stands. */
  abort(reason: RunestoneError): void {
    this.end();
    this.#cancellation.cancel(reason);
  }

  /** Lets go of clock and caller. Call it once the request is over, on every exit. */
  end(): void {
    clearTimeout(this.#deadline);
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }

  #follow(): void {
    if (!this.#caller) return;
    allowManyListeners(this.#caller);
    this.#caller.addEventListener('abort', this.#onAbort);
    if (this.#caller.aborted) this.#onAbort();
  }

  readonly #onAbort = (): void => {
    this.abort(new CancelledError('the request was aborted by its caller', { cause: this.#caller?.reason }));
  };
}

/** The signal of a request, made when it is asked for. One accessor for all: with one each, V8 keeps hash tables. */
const SIGNAL: PropertyDescriptor & ThisType<RequestContext> = {
  get() {
    return this.cancellation.signal;
  },
  enumerable: true,
};

function giveSignal<Context extends Pick<RequestContext, 'cancellation'>>(
  context: Context,
): asserts context is Context & Pick<RequestContext, 'signal'> {
  Object.defineProperty(context, 'signal', SIGNAL);
}

/** Before a plan was made, or where a middleware answered. */
const NO_PLAN: RoutePlan = { strategy: '', candidates: [], excluded: [] };

/** OpenAI's hint which requests share a prompt prefix (REQ-34). */
function cacheKeyOf({ prompt_cache_key: key }: ChatRequest): string | undefined {
  return typeof key === 'string' && key !== '' ? key : undefined;
}

function overdue(totalMs: number): DeadlineExceededError {
  return new DeadlineExceededError(`the request was not done within ${totalMs} ms`);
}
