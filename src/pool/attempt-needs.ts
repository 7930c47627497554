import { type RunestoneError, verdictOf } from '../errors/index.ts';
import type { RequestContext, Target } from '../pipeline/middleware.ts';

/** An overflow of the context window is only worth sending where the window is larger, or unknown. */
export function mayDoBetter(from: Target, to: Target, error: RunestoneError): boolean {
  if (verdictOf(error).failover !== 'larger_window') return true;
  const had = from.spec?.contextWindow;
  const has = to.spec?.contextWindow;
  return had === undefined || has === undefined || has > had;
}

/** Only a chat is streamed, and not where the whole answer is best waited for. */
export function isStreamed({ request, operation }: RequestContext, { provider, model }: Target): boolean {
  if (operation.kind !== 'chat') return false;
  return request.stream === true || !provider.answersWhole?.(request, model);
}

/** How long the first content may take; on the JSON wire nothing comes before the whole answer, whenever that is. */
export function firstTokenLimitMs(
  request: RequestContext,
  target: Target,
  timeouts: { readonly firstTokenMs: number; readonly reasoningFirstTokenMs: number },
): number {
  if (!isStreamed(request, target)) return Number.POSITIVE_INFINITY;
  const isSlow = reasons(request, target) || isConstrained(request);
  return isSlow ? timeouts.reasoningFirstTokenMs : timeouts.firstTokenMs;
}

/** A schema is compiled at its first use, which may take Anthropic up to 180 s (RF-10). */
export function isConstrained({ request }: RequestContext): boolean {
  return request.response_format?.type === 'json_schema';
}

/** Reasoning is silent for long; a request for it, or a model known for it, is given more time. */
export function reasons({ request }: RequestContext, { spec }: Target): boolean {
  const effort = request.reasoning_effort;
  return effort === undefined || effort === null ? spec?.capabilities?.reasoning === true : effort !== 'none';
}
