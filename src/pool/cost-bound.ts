import type { JsonObject } from '../chat/json.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import { PromptSize } from '../pipeline/prompt-size.ts';
import type { CostBound } from './request-cap.ts';
import type { Routes } from './routes.ts';

/** What an attempt can cost at most: its prompt at the dearest rate there is for it, and the longest answer it allows. */
export function costBound(routes: Pick<Routes, 'estimate'>): CostBound {
  return function costBound({ request, target, continues }, maxTokens) {
    // To count is free wherever it is offered.
    if (request.operation.kind === 'count_tokens') return 0;
    const goingOn = continues ? withTurn(request, continues) : request;
    const capped = maxTokens === undefined ? goingOn : withCap(goingOn, maxTokens);
    return routes.estimate(capped, target).maxNanoUsd;
  };
}

/** A turn that was paused is read again, all of it. */
function withTurn(context: RequestContext, turn: JsonObject): RequestContext {
  const { messages } = context.request;
  const said = { role: 'assistant' as const, content: JSON.stringify(turn) };
  const request = { ...context.request, messages: [...messages, said] };
  return { ...context, request, size: new PromptSize(request) };
}

function withCap(context: RequestContext, tokens: number): RequestContext {
  return { ...context, request: { ...context.request, max_completion_tokens: tokens } };
}
