import type { Answer, AnswerBlock } from '../model-answer.ts';
import { wordsOf } from '../pieces.ts';
import { listOf, objectOf } from '../read-json.ts';
import { sampleJson } from '../sample-json.ts';
import { cutShort, politeAnswer, subjectOf } from '../small-talk.ts';
import { partTexts } from './openai-tokens.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * What the upstream says when nobody told it what to say: an answer that fits the request.
 *
 * It calls the first tool until it has a result, follows a response schema, stops at stop sequences and at the limit
 * of tokens. The same request always gets the same answer.
 */
export function chatAnswer(body: Body): Answer {
  const messages = listOf(body['messages']).map(objectOf);
  const question = textIn(messages.findLast(({ role }) => role === 'user'));
  const results = resultsIn(messages);
  const call = results.length > 0 ? undefined : toolCall(body, question);
  if (call) return { blocks: [call] };
  const said =
    results.length > 0 ? `The tool says: ${results.map(textIn).join('; ')}` : sentence(body, question);
  const stops = typeof body['stop'] === 'string' ? [body['stop']] : listOf(body['stop']);
  const { text, ...stop } = cutShort(said, stops, body['max_completion_tokens'] ?? body['max_tokens']);
  return { blocks: [{ type: 'text', pieces: wordsOf(text) }], ...stop };
}

/** The results at the end of the conversation, which no answer has followed yet. */
function resultsIn(messages: readonly Body[]): readonly Body[] {
  const last = messages.findLastIndex(({ role }) => role !== 'tool');
  return messages.slice(last + 1);
}

/** A call of the tool that was forced, else of the first. */
function toolCall(body: Body, question: string): AnswerBlock | undefined {
  const choice = body['tool_choice'];
  if (choice === 'none') return undefined;
  const forced = objectOf(objectOf(choice)['function'])['name'];
  const functions = listOf(body['tools']).map((tool) => objectOf(objectOf(tool)['function']));
  const wanted = functions.find(
    ({ name }) => name !== undefined && (forced === undefined || name === forced),
  );
  if (!wanted) return undefined;
  const input = objectOf(sampleJson(wanted['parameters'], subjectOf(question)));
  return { type: 'tool_use', name: String(wanted['name']), input };
}

/** A schema filled in, an empty object where any JSON will do, or a polite word about the question. */
function sentence(body: Body, question: string): string {
  const format = objectOf(body['response_format']);
  const { schema } = objectOf(format['json_schema']);
  if (schema !== undefined) return JSON.stringify(sampleJson(schema, subjectOf(question)));
  return format['type'] === 'json_object' ? '{}' : politeAnswer(question, 'OpenAI');
}

function textIn(message: Body | undefined): string {
  return partTexts(message?.['content']).join(' ').trim();
}
