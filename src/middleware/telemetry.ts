import type { Batch } from '../chat/events.ts';
import { commits, isCommitting } from '../chat/events.ts';
import { type AttemptRecord, isRunestoneError, type RunestoneError, verdictOf } from '../errors/index.ts';
import type { AttemptContext, RequestContext } from '../pipeline/middleware.ts';
import type { Ending, Watch } from '../pipeline/observe.ts';
import type { AttemptEvent, Emit, TelemetryEvents } from '../telemetry/events.ts';
import type { Memory } from './memory.ts';
import { type AnswerTotals, totalsOf } from './totals.ts';

type AnswerFacts = Pick<
  TelemetryEvents['request.stop'],
  'provider' | 'model' | 'usage' | 'ttftMs' | 'costUsd' | 'precision' | 'finishReason'
>;

/** What the tellers need: whom to tell, and what time it is. */
export interface Teller {
  readonly emit: Emit;
  /** Monotonic, milliseconds. */
  readonly nowMs: () => number;
  /** Wall clock, epoch milliseconds. */
  readonly epochMs: () => number;
}

/** Tells of every request: one `request.start`, and one `request.stop` on every exit. */
export function traceRequest({ emit, nowMs, epochMs }: Teller): Watch<RequestContext> {
  return function traceRequest(context) {
    const { requestId, tenant, request } = context;
    const startedMs = nowMs();
    if (emit.wants('request.start')) {
      emit('request.start', {
        requestId,
        at: epochMs(),
        requestedModel: request.model,
        stream: request.stream === true,
        ...(tenant !== undefined && { tenant }),
      });
    }
    return {
      onEnd({ outcome, error }) {
        const at = epochMs();
        if (outcome === 'error' && isRunestoneError(error) && emit.wants('request.error')) {
          emit('request.error', { requestId, at, code: error.code, message: error.message });
        }
        if (!emit.wants('request.stop')) return;
        emit('request.stop', {
          requestId,
          at,
          outcome,
          ...answerFacts(totalsOf(context.trail)),
          durationMs: nowMs() - startedMs,
          attempts: context.trail.length,
          ...(tenant !== undefined && { tenant }),
          ...(isRunestoneError(error) && { code: error.code }),
        });
      },
    };
  };
}

/** Tells of every attempt that leaves the process, and writes its record into the trail. */
export function traceAttempt(teller: Teller, memory: Memory): Watch<AttemptContext> {
  const { emit, nowMs, epochMs } = teller;
  return function traceAttempt(attempt) {
    const { tally, request, target } = attempt;
    const state = memory.of(target);
    state.began();
    if (emit.wants('provider.request.start')) emit('provider.request.start', eventBase(attempt, epochMs));
    let committed = false;
    let chunks = 0;
    return {
      onBatch(batch) {
        if (!committed && commits(batch)) {
          committed = true;
          const ttftMs = nowMs() - tally.startedMs;
          if (emit.wants('provider.stream.first_token')) {
            emit('provider.stream.first_token', { ...eventBase(attempt, epochMs), ttftMs });
          }
        }
        if (emit.wants('provider.stream.chunk')) chunks = tellChunks(attempt, batch, chunks, teller);
      },
      onEnd(ending) {
        const record = recordOf(attempt, ending, nowMs());
        request.trail.push(record);
        state.ended(record);
        tellEnd(attempt, ending, record, teller);
      },
    };
  };
}

function eventBase({ request, target, attempt }: AttemptContext, epochMs: () => number): AttemptEvent {
  return {
    requestId: request.requestId,
    at: epochMs(),
    provider: target.provider.name,
    model: target.model,
    target: target.label,
    attempt,
  };
}

function tellChunks(attempt: AttemptContext, batch: Batch, from: number, { emit, epochMs }: Teller): number {
  let index = from;
  for (const event of batch) {
    const chars = 'text' in event ? event.text.length : 'arguments' in event ? event.arguments.length : 0;
    if (chars === 0 && !isCommitting(event)) continue;
    emit('provider.stream.chunk', { ...eventBase(attempt, epochMs), index: index++, chars });
  }
  return index;
}

function recordOf({ attempt, target, tally }: AttemptContext, ending: Ending, nowMs: number): AttemptRecord {
  const error = isRunestoneError(ending.error) ? ending.error : undefined;
  return {
    attempt,
    provider: target.provider.name,
    model: target.model,
    outcome: ending.outcome,
    ...upstreamFacts(error),
    durationMs: nowMs - tally.startedMs,
    ...(tally.ttftMs !== undefined && { ttftMs: tally.ttftMs }),
    ...(tally.usage && { usage: tally.usage }),
    ...(tally.costUsd !== undefined && { costUsd: tally.costUsd }),
    precision: tally.precision,
    ...(tally.finish !== undefined && { finishReason: tally.finish }),
  };
}

function upstreamFacts(
  error: RunestoneError | undefined,
): Pick<AttemptRecord, 'code' | 'status' | 'upstreamRequestId'> {
  return {
    ...(error && { code: error.code }),
    ...(error?.status !== undefined && { status: error.status }),
    ...(error?.upstreamRequestId !== undefined && { upstreamRequestId: error.upstreamRequestId }),
  };
}

function tellEnd(
  attempt: AttemptContext,
  { error }: Ending,
  record: AttemptRecord,
  { emit, epochMs }: Teller,
): void {
  if (record.outcome === 'error' && isRunestoneError(error) && emit.wants('provider.error')) {
    const { retry, failover } = verdictOf(error);
    emit('provider.error', {
      ...eventBase(attempt, epochMs),
      ...upstreamFacts(error),
      code: error.code,
      message: error.message,
      ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
      committed: attempt.tally.committed,
      retryable: !attempt.tally.committed && (retry || failover !== false),
    });
  }
  if (!emit.wants('provider.request.stop')) return;
  emit('provider.request.stop', { ...eventBase(attempt, epochMs), ...record });
}

/** What `request.stop` says of the answer: the attempt that ended the request, and the money of all of them. */
function answerFacts({ last, costUsd, precision }: AnswerTotals): AnswerFacts {
  return {
    ...(last && { provider: last.provider, model: last.model }),
    ...(last?.usage && { usage: last.usage }),
    ...(last?.ttftMs !== undefined && { ttftMs: last.ttftMs }),
    ...(last?.finishReason !== undefined && { finishReason: last.finishReason }),
    ...(costUsd !== undefined && { costUsd }),
    precision,
  };
}
