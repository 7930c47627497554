import type { AnswerInfo } from '../chat/completion.ts';
import { totalsOf } from '../middleware/totals.ts';
import type { RequestContext } from '../pipeline/middleware.ts';

/** What a caller is told about an answer, read off the request's trail. Complete once the request has ended. */
export function answerInfo(context: RequestContext, startedMs: number, nowMs: number): AnswerInfo {
  const { last, costUsd, precision } = totalsOf(context.trail);
  return {
    requestId: context.requestId,
    provider: last?.provider ?? '',
    model: last?.model ?? '',
    attempts: context.trail.length,
    usage: last?.usage,
    costUsd,
    precision,
    ttftMs: last?.ttftMs,
    durationMs: nowMs - startedMs,
    warnings: [...context.warnings],
    trace: [...context.trail],
  };
}
