import { type Batch, commits, isCommitting } from '../chat/events.ts';
import {
  type AttemptRecord,
  type ErrorCode,
  isRunestoneError,
  type RunestoneError,
  verdictOf,
} from '../errors/index.ts';
import type { AttemptContext, RequestContext } from '../pipeline/middleware.ts';
import type { Ending, Watch } from '../pipeline/observe.ts';
import type { Draft, Emit, TelemetryEvents } from '../telemetry/events.ts';
import { attemptEvent } from './attempt-event.ts';
import type { Memory } from './memory.ts';
import { totalsOf } from './totals.ts';

/** What the tellers need: whom to tell, and what time it is. */
export interface Teller {
  readonly emit: Emit;
  /** Monotonic, milliseconds. */
  readonly nowMs: () => number;
  /** Wall clock, epoch milliseconds. */
  readonly epochMs: () => number;
}

// Payloads are filled in field by field: a second spread in a literal, or one behind a condition, costs as much
// as the whole rest of the event.

/** Tells of every request: one `request.start`, and one `request.stop` on every exit. */
export function traceRequest(teller: Teller): Watch<RequestContext> {
  const { emit, nowMs, epochMs } = teller;
  return function traceRequest(context) {
    const { requestId, tenant, request } = context;
    const startedMs = nowMs();
    if (emit.wants('request.start')) {
      const { model: requestedModel } = request;
      const stream = request.stream === true;
      const event: Draft<TelemetryEvents['request.start']> = {
        requestId,
        at: epochMs(),
        requestedModel,
        stream,
      };
      if (tenant !== undefined) event.tenant = tenant;
      emit('request.start', event);
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
function requestStop(
  { requestId, tenant, trail }: RequestContext,
  ending: Ending,
  at: number,
  durationMs: number,
): TelemetryEvents['request.stop'] {
  const { last, costUsd, precision } = totalsOf(trail);
  const { outcome } = ending;
  const attempts = trail.length;
  const event: Draft<TelemetryEvents['request.stop']> = {
    requestId,
    at,
    outcome,
    durationMs,
    attempts,
    precision,
  };
  const code = codeOf(ending);
  if (code) event.code = code;
  if (tenant !== undefined) event.tenant = tenant;
  if (costUsd !== undefined) event.costUsd = costUsd;
  if (!last) return event;
  event.provider = last.provider;
  event.model = last.model;
  if (last.usage) event.usage = last.usage;
  if (last.ttftMs !== undefined) event.ttftMs = last.ttftMs;
  if (last.finishReason !== undefined) event.finishReason = last.finishReason;
  return event;
}

/** A consumer who just left has thrown nothing; a foreign error has no code. */
function codeOf({ outcome, error }: Ending): ErrorCode | undefined {
  if (isRunestoneError(error)) return error.code;
  return outcome === 'cancelled' ? 'cancelled' : undefined;
}

/** Tells of every attempt that leaves the process, and writes its record into the trail. */
export function traceAttempt(teller: Teller, memory: Memory): Watch<AttemptContext> {
  const { emit, nowMs, epochMs } = teller;
  return function traceAttempt(attempt) {
    const { tally, request, target } = attempt;
    const state = memory.of(target);
    state.began();
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
        state.ended(record);
        const { error, outcome } = ending;
        if (outcome === 'error' && isRunestoneError(error) && emit.wants('provider.error')) {
          emit('provider.error', errorEvent(error, attempt, epochMs()));
        }
        if (!emit.wants('provider.request.stop')) return;
        emit('provider.request.stop', {
          ...record,
          requestId: request.requestId,
          at: epochMs(),
          target: target.label,
        });
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

function recordOf({ attempt, target, tally }: AttemptContext, ending: Ending, nowMs: number): AttemptRecord {
  const record: Draft<AttemptRecord> = {
    attempt,
    provider: target.provider.name,
    model: target.model,
    outcome: ending.outcome,
    durationMs: nowMs - tally.startedMs,
    precision: tally.precision,
  };
  const code = codeOf(ending);
  if (code) record.code = code;
  if (isRunestoneError(ending.error)) addUpstreamFacts(record, ending.error);
  const { ttftMs } = tally;
  if (ttftMs !== undefined) record.ttftMs = ttftMs;
  if (tally.usage) record.usage = tally.usage;
  if (tally.costUsd !== undefined) record.costUsd = tally.costUsd;
  if (tally.finish !== undefined) record.finishReason = tally.finish;
  return record;
}

function addUpstreamFacts(
  record: Draft<Pick<AttemptRecord, 'status' | 'upstreamRequestId'>>,
  { status, upstreamRequestId }: RunestoneError,
): void {
  if (status !== undefined) record.status = status;
  if (upstreamRequestId !== undefined) record.upstreamRequestId = upstreamRequestId;
}

function errorEvent(
  error: RunestoneError,
  attempt: AttemptContext,
  at: number,
): TelemetryEvents['provider.error'] {
  const { retry, failover } = verdictOf(error);
  // Whoever wants the whole answer has seen nothing of it yet.
  const committed = attempt.tally.committed && attempt.request.request.stream === true;
  const event: Draft<TelemetryEvents['provider.error']> = {
    ...attemptEvent(attempt, at),
    code: error.code,
    message: error.message,
    committed,
    retryable: !committed && (retry || failover !== false),
  };
  addUpstreamFacts(event, error);
  if (error.retryAfterMs !== undefined) event.retryAfterMs = error.retryAfterMs;
  return event;
}
