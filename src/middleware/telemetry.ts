import { type Batch, commits, isCommitting } from '../chat/events.ts';
import { type AttemptRecord, isRunestoneError, type RunestoneError, verdictOf } from '../errors/index.ts';
import { hasLost } from '../pipeline/lost-race.ts';
import type { AttemptContext, RequestContext } from '../pipeline/middleware.ts';
import type { Ending, Watch } from '../pipeline/observe.ts';
import type { StartTimer } from '../resilience/timing.ts';
import type { OperationName } from '../telemetry/event-payloads.ts';
import type { Emit, TelemetryEvents } from '../telemetry/events.ts';
import { attemptEvent, codeOf } from './attempt-event.ts';
import type { Memory } from './memory.ts';
import { leaderOf, totalsOf } from './totals.ts';

/** What the tellers need: whom to tell, and what time it is. */
export interface Teller {
  readonly emit: Emit;
  /** Monotonic, milliseconds. */
  readonly nowMs: () => number;
  /** Wall clock, epoch milliseconds. */
  readonly epochMs: () => number;
  /** @default Node's own */
  readonly startTimer?: StartTimer | undefined;
}

// Payloads are plain literals with every field, known or not. Spreading an object that holds a fraction, as
// durations are, takes 3.5 µs on Node 20: as much as everything else that is done for an event.

/** Tells of every request: one `request.start`, and one `request.stop` on every exit. */
export function traceRequest(teller: Teller): Watch<RequestContext> {
  const { emit, nowMs, epochMs } = teller;
  return function traceRequest(context) {
    const { requestId, tenant, request } = context;
    const operation = operationOf(context);
    const startedMs = nowMs();
    if (emit.wants('request.start')) {
      const { model: requestedModel } = request;
      const stream = request.stream === true;
      emit('request.start', { requestId, at: epochMs(), operation, requestedModel, stream, tenant });
    }
    return {
      onEnd(ending) {
        const { outcome, error } = ending;
        if (outcome === 'error' && isRunestoneError(error) && emit.wants('request.error')) {
          emit('request.error', { requestId, at: epochMs(), code: error.code, message: error.message });
        }
        if (emit.wants('request.stop')) {
          emit('request.stop', requestStop(context, ending, epochMs(), nowMs() - startedMs));
        }
      },
    };
  };
}

/** The attempt that ended the request, and the money of all of them. */
// Not of the trail alone: a request may end before anything was tried.
function requestStop(
  context: RequestContext,
  ending: Ending,
  at: number,
  durationMs: number,
): TelemetryEvents['request.stop'] {
  const { requestId, tenant, trail } = context;
  const { last, costUsd, precision } = totalsOf(trail);
  return {
    requestId,
    at,
    operation: operationOf(context),
    tenant,
    outcome: ending.outcome,
    code: codeOf(ending),
    attempts: trail.length,
    provider: last?.provider,
    model: last?.model,
    usage: last?.usage,
    costUsd,
    precision,
    durationMs,
    ttftMs: last?.ttftMs,
    finishReason: last?.finishReason,
    sharedWith: leaderOf(context)?.requestId,
  };
}

/** In the words of OpenTelemetry's conventions. */
function operationOf({ operation: { kind } }: RequestContext): OperationName {
  return kind === 'embed' ? 'embeddings' : kind;
}

/** Tells of every attempt that leaves the process, and writes its record into the trail. */
export function traceAttempt(teller: Teller, memory: Memory): Watch<AttemptContext> {
  const { emit, nowMs, epochMs } = teller;
  return function traceAttempt(attempt) {
    const { tally, request, target } = attempt;
    const state = memory.of(target);
    const tokens = request.size.known ?? 0;
    state.began(tokens);
    if (emit.wants('provider.request.start'))
      emit('provider.request.start', attemptEvent(attempt, epochMs()));
    let committed = false;
    let chunks = 0;
    return {
      onBatch(batch) {
        if (!committed && commits(batch)) {
          committed = true;
          const ttftMs = nowMs() - tally.startedMs;
          if (emit.wants('provider.stream.first_token')) {
            emit('provider.stream.first_token', { ...attemptEvent(attempt, epochMs()), ttftMs });
          }
        }
        if (emit.wants('provider.stream.chunk')) chunks = tellChunks(attempt, batch, chunks, teller);
        if (emit.wants('translation.warning')) tellWarnings(attempt, batch, teller);
      },
      onEnd(ending) {
        const record = recordOf(attempt, ending, nowMs());
        request.trail.push(record);
        state.ended(record, { sent: tally.sent, tokens });
        const { error, outcome } = ending;
        if (outcome === 'error' && isRunestoneError(error) && emit.wants('provider.error')) {
          emit('provider.error', errorEvent(error, attempt, epochMs()));
        }
        if (!emit.wants('provider.request.stop')) return;
        emit('provider.request.stop', attemptStop(record, attempt, epochMs()));
      },
    };
  };
}

function tellChunks(attempt: AttemptContext, batch: Batch, from: number, { emit, epochMs }: Teller): number {
  let index = from;
  for (const event of batch) {
    const chars = 'text' in event ? event.text.length : 'arguments' in event ? event.arguments.length : 0;
    if (chars === 0 && !isCommitting(event)) continue;
    emit('provider.stream.chunk', { ...attemptEvent(attempt, epochMs()), index: index++, chars });
  }
  return index;
}

function tellWarnings({ request, target }: AttemptContext, batch: Batch, { emit, epochMs }: Teller): void {
  for (const event of batch) {
    if (event.type !== 'warning') continue;
    const { requestId } = request;
    const provider = target.provider.name;
    emit('translation.warning', { ...event.warning, requestId, at: epochMs(), provider });
  }
}

function recordOf(context: AttemptContext, ending: Ending, nowMs: number): AttemptRecord {
  const { attempt, target, waitedMs, tally, hedge } = context;
  const error = isRunestoneError(ending.error) ? ending.error : undefined;
  return {
    attempt,
    provider: target.provider.name,
    model: target.model,
    target: target.label,
    waitedMs,
    hedge: hedge ? true : undefined,
    lost: hasLost(error) ? true : undefined,
    outcome: ending.outcome,
    code: codeOf(ending),
    status: error?.status,
    upstreamRequestId: error?.upstreamRequestId ?? tally.upstream?.requestId,
    upstream: tally.upstream,
    durationMs: nowMs - tally.startedMs,
    ttftMs: tally.ttftMs,
    usage: tally.usage,
    costUsd: tally.costUsd,
    precision: tally.precision,
    finishReason: tally.finish,
  };
}

function attemptStop(
  record: AttemptRecord,
  { request, target }: AttemptContext,
  at: number,
): TelemetryEvents['provider.request.stop'] {
  return {
    requestId: request.requestId,
    at,
    provider: record.provider,
    model: record.model,
    target: target.label,
    attempt: record.attempt,
    outcome: record.outcome,
    code: record.code,
    status: record.status,
    upstreamRequestId: record.upstreamRequestId,
    usage: record.usage,
    costUsd: record.costUsd,
    precision: record.precision,
    durationMs: record.durationMs,
    ttftMs: record.ttftMs,
    finishReason: record.finishReason,
  };
}

function errorEvent(
  error: RunestoneError,
  attempt: AttemptContext,
  at: number,
): TelemetryEvents['provider.error'] {
  const { retry, failover } = verdictOf(error);
  // Whoever wants the whole answer has seen nothing of it yet.
  const committed = attempt.tally.committed && attempt.request.request.stream === true;
  return {
    ...attemptEvent(attempt, at),
    code: error.code,
    message: error.message,
    status: error.status,
    upstreamRequestId: error.upstreamRequestId,
    retryAfterMs: error.retryAfterMs,
    committed,
    retryable: !committed && (retry || failover !== false),
  };
}
