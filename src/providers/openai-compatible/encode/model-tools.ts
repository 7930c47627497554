import type { ChatRequest, ReasoningEffort } from '../../../provider-kit/index.ts';
import { type ChatContext, refusalOf, warnOf } from './chat-context.ts';

/**
 * Brings a request with tools to what its model makes of them (4.5).
 *
 * @throws ProviderError `invalid_request` for a model that takes none: the host would say the same, later
 */
export function fitToolsToModel(context: ChatContext): void {
  const { tools, toolEfforts = [] } = context.spec?.capabilities ?? {};
  const param = toolParam(context.request);
  if (param === undefined) return;
  if (tools === false) throw refusalOf(context, param, 'this model takes no tools through this API');
  settleEffort(context, toolEfforts);
}

/**
 * OpenAI's newer models take tools at some efforts only, and answer all others with a 400. Where the model's default
 * is none of them, it has to be said.
 *
 * @see https://developers.openai.com/api/docs/guides/migrate-to-responses
 */
function settleEffort(context: ChatContext, fitting: readonly ReasoningEffort[]): void {
  const { params, request, spec } = context;
  const asked = request.reasoning_effort ?? spec?.capabilities?.defaultEffort;
  const [first] = fitting;
  if (first === undefined || fitting.some((effort) => effort === asked)) return;
  warnOf(
    context,
    'reasoning_effort',
    `sent as '${first}': with tools this model takes no other through this API`,
    'clamped',
  );
  params.set('reasoning_effort', first);
}

function toolParam(request: ChatRequest): string | undefined {
  return ['tools', 'functions'].find((name) => {
    const list = request[name];
    return Array.isArray(list) && list.length > 0;
  });
}
