import { type Answer, thoughtText, writtenText } from '../model-answer.ts';
import { countTokens } from '../tokens.ts';
import type { InputUsage } from './prompt-cache.ts';

/** `usage` of a finished message, as the API writes it. */
export type MessageUsage = Readonly<Record<string, unknown>>;

/** Input as counted, output counted from what was written, single fields replaced by the answer's author. */
export function messageUsage(answer: Answer, input: InputUsage): MessageUsage {
  const thought = countTokens(thoughtText(answer.blocks));
  return {
    ...input,
    output_tokens: countTokens(writtenText(answer.blocks)),
    output_tokens_details: thought > 0 ? { thinking_tokens: thought } : null,
    server_tool_use: null,
    service_tier: 'standard',
    ...answer.usage,
  };
}

/** The same at the start of a stream: output is a placeholder there, never a count (docs: streaming). */
export function startUsage(answer: Answer, input: InputUsage): MessageUsage {
  return { ...messageUsage(answer, input), output_tokens: 1, output_tokens_details: null };
}

/** The same in `message_delta`: running totals, without the fields that cannot change. */
export function deltaUsage(answer: Answer, input: InputUsage): MessageUsage {
  const { cache_creation: _, service_tier: __, ...totals } = messageUsage(answer, input);
  return totals;
}
