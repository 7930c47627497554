import { type Answer, type AnswerBlock, stopReasonOf, thoughtText } from '../model-answer.ts';
import { chatUsage } from './openai-tokens.ts';

/** What an answer needs beside its content to become a completion. */
export interface CompletionFacts {
  /** `chatcmpl-…` */
  readonly id: string;
  /** The model asked for; an answer may claim another. */
  readonly model: string;
  readonly promptTokens: number;
}

/** A complete chat completion: the body of a non-streamed answer. */
export function completionOf(answer: Answer, facts: CompletionFacts): Readonly<Record<string, unknown>> {
  return {
    ...completionHead(answer, facts, 'chat.completion'),
    choices: [
      { index: 0, message: messageIn(answer), logprobs: null, finish_reason: finishReasonOf(answer) },
    ],
    usage: chatUsage(answer, facts.promptTokens),
  };
}

/** What a completion says about itself, in every chunk of its stream too. Always of the same moment. */
export function completionHead(
  answer: Answer,
  { id, model }: CompletionFacts,
  object: 'chat.completion' | 'chat.completion.chunk',
): Readonly<Record<string, unknown>> {
  return {
    id,
    object,
    created: 1_796_000_000,
    model: answer.model ?? model,
    service_tier: 'default',
    system_fingerprint: 'fp_upstream',
  };
}

/** OpenAI's words for Anthropic's stop reasons; a refusal is an answer of its own, which ends like any other. */
const finishReasons: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  refusal: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
};

/** Why this answer ends, in OpenAI's words. A word that is not Anthropic's stays as it is. */
export function finishReasonOf(answer: Answer): string {
  const reason = stopReasonOf(answer);
  return finishReasons[reason] ?? reason;
}

/** What a model that refuses says instead of content. */
export function refusalOf(answer: Answer): string | undefined {
  const explanation = answer.stopDetails?.['explanation'];
  return typeof explanation === 'string' ? explanation : undefined;
}

/** True when the answer has text, be it empty: otherwise its content is null. */
export function hasText(answer: Answer): boolean {
  return answer.blocks.some((block) => block.type === 'text');
}

/** Thoughts are shown as DeepSeek and vLLM show them; OpenAI itself only counts them. */
function messageIn(answer: Answer): Readonly<Record<string, unknown>> {
  const calls = answer.blocks.filter((block) => block.type === 'tool_use');
  const thought = thoughtText(answer.blocks.filter((block) => block.type === 'thinking'));
  return {
    role: 'assistant',
    content: hasText(answer) ? textIn(answer.blocks) : null,
    refusal: refusalOf(answer) ?? null,
    annotations: [],
    ...(thought !== '' && { reasoning_content: thought }),
    ...(calls.length > 0 && { tool_calls: calls.map(callOf) }),
  };
}

function textIn(blocks: readonly AnswerBlock[]): string {
  return blocks.map((block) => (block.type === 'text' ? block.pieces.join('') : '')).join('');
}

function callOf({ id, name, input, pieces }: Extract<AnswerBlock, { type: 'tool_use' }>): unknown {
  return { id, type: 'function', function: { name, arguments: pieces?.join('') ?? JSON.stringify(input) } };
}
