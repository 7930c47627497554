import { type Answer, thoughtText, writtenText } from '../model-answer.ts';
import { listOf, objectOf, textOf } from '../read-json.ts';
import { countTokens } from '../tokens.ts';

/** Input tokens of a chat request: tools, then what was said, whatever its form. */
export function chatTokens(body: unknown): number {
  const { tools, messages } = objectOf(body);
  const texts = [
    ...listOf(tools).map((tool) => JSON.stringify(tool)),
    ...listOf(messages)
      .map(objectOf)
      .flatMap((message) => [
        ...partTexts(message['content']),
        ...listOf(message['tool_calls']).map((call) => JSON.stringify(call)),
      ]),
  ];
  return countTokens(texts.join(''));
}

/** The texts of a content; a part that is no text counts as its JSON. */
export function partTexts(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  return listOf(content).map((part) => textOf(objectOf(part)['text']) ?? JSON.stringify(part));
}

/** `usage` of an answer: reasoning is a part of the output, as OpenAI counts it. Its author may replace fields. */
export function chatUsage(answer: Answer, promptTokens: number): Readonly<Record<string, unknown>> {
  const completionTokens = countTokens(writtenText(answer.blocks));
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: countTokens(thoughtText(answer.blocks)),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...answer.usage,
  };
}
