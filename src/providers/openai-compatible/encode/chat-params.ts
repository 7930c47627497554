import { isRecord } from '../../../provider-kit/index.ts';
import { type ChatContext, warnOf } from './chat-context.ts';
import { fateOf } from './house-fields.ts';
import { reasons } from './reasoning-model.ts';

/** What the host assumes anyway: to drop such a value loses nothing. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  frequency_penalty: 0,
  logprobs: false,
  n: 1,
  parallel_tool_calls: true,
  presence_penalty: 0,
  service_tier: 'auto',
  store: false,
  temperature: 1,
  top_p: 1,
};

/**
 * What OpenAI's models refuse while they reason (4.5).
 *
 * @see https://platform.openai.com/docs/guides/reasoning
 */
const REFUSED_WHILE_REASONING = [
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias',
];

/** Takes away the parameters of this house and of Claude (4.5). */
export function dropHouseParams(context: ChatContext): void {
  for (const name of [...context.params.keys()]) {
    const fate = fateOf(name, 'top', context.quirks.extensions);
    if (fate === 'keep') continue;
    context.params.delete(name);
    if (fate === 'warn') {
      warnOf(
        context,
        name,
        'not sent: OpenAI-style hosts refuse it; if this one does not, list it in its `extensions`',
      );
    }
  }
}

/** Takes away what this host, or this model, answers with a 400. */
export function dropRefusedParams(context: ChatContext): void {
  for (const name of context.quirks.unsupportedParams ?? [])
    drop(context, name, 'this host does not know it');
  if (!reasons(context) || context.params.get('reasoning_effort') === 'none') return;
  for (const name of REFUSED_WHILE_REASONING) {
    drop(context, name, "this model takes it only with reasoning_effort 'none'");
  }
}

/** Takes one away, and tells of it where that changes anything. */
function drop(context: ChatContext, name: string, why: string): void {
  const { params } = context;
  if (!params.has(name)) return;
  const value = params.get(name);
  params.delete(name);
  if (!isDefault(name, value)) warnOf(context, name, `not sent: ${why}`);
}

/** An empty map, as of `logit_bias`, asks for nothing either. */
function isDefault(name: string, value: unknown): boolean {
  if (isRecord(value)) return Object.keys(value).length === 0;
  return Object.hasOwn(DEFAULTS, name) && DEFAULTS[name] === value;
}

/** Sends the cap on the answer's length under the name that this host knows (4.5, REQ-4). */
export function nameLengthLimit(context: ChatContext): void {
  const { params, quirks } = context;
  const field = quirks.maxTokensField ?? (reasons(context) ? 'max_completion_tokens' : undefined);
  const modern = params.get('max_completion_tokens');
  const dated = params.get('max_tokens');
  const limit = modern ?? dated;
  if (field === undefined || limit === undefined) return;
  if (dated !== undefined && dated !== limit) {
    warnOf(context, 'max_tokens', 'not sent: max_completion_tokens says otherwise, and goes before it');
  }
  params.delete('max_completion_tokens');
  params.delete('max_tokens');
  params.set(field, limit);
}

/** Keeps as many stop sequences as the host takes. */
export function limitStops(context: ChatContext): void {
  const { stopLimit } = context.quirks;
  const stop = context.params.get('stop');
  if (stopLimit === undefined || !Array.isArray(stop) || stop.length <= stopLimit) return;
  warnOf(
    context,
    'stop',
    `only the first ${stopLimit} of ${stop.length} are sent: this host takes no more`,
    'clamped',
  );
  context.params.set('stop', stop.slice(0, stopLimit));
}

/**
 * Asks for a stream, or for none. The usage is always asked for, because the cost is reckoned from it; whether the
 * caller sees it is for the pool to decide (STR-15).
 */
export function setStream({ params, quirks, stream }: ChatContext): void {
  const options = params.get('stream_options');
  params.delete('stream_options');
  if (!stream) {
    params.delete('stream');
    return;
  }
  params.set('stream', true);
  if (quirks.usageInStream === 'none') return;
  params.set('stream_options', { ...(isRecord(options) && options), include_usage: true });
}
