import type { Answer, AnswerBlock } from '../model-answer.ts';
import { wordsOf } from '../pieces.ts';
import { isObject, listOf, objectOf, textOf } from '../read-json.ts';
import { sampleJson } from '../sample-json.ts';
import { signatureOf } from '../signature.ts';
import { cutShort, politeAnswer, subjectOf } from '../small-talk.ts';
import { blocksOf } from './prompt-segments.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * What the upstream says when nobody told it what to say: an answer that fits the request.
 *
 * It thinks when asked to, calls the first tool until it has a result, follows a response schema, stops at stop
 * sequences and at `max_tokens`. The same request always gets the same answer.
 */
export function defaultAnswer(body: Body): Answer {
  const turn = blocksOf(objectOf(listOf(body['messages']).at(-1))['content']).map(objectOf);
  const thoughts = thoughtsOf(body);
  const call = toolCall(body, turn);
  if (call) return { blocks: [...thoughts, call] };
  const { text, ...stop } = cutShort(
    sentence(body, turn),
    listOf(body['stop_sequences']),
    body['max_tokens'],
  );
  return { blocks: [...thoughts, { type: 'text', pieces: wordsOf(text) }], ...stop };
}

/** Text is hidden unless a summary is asked for; a budget asks for it (docs: thinking, `display`). */
function thoughtsOf({ thinking }: Body): AnswerBlock[] {
  const { type, display } = objectOf(thinking);
  if (type !== 'enabled' && type !== 'adaptive') return [];
  const hidden = display === 'omitted' || (type === 'adaptive' && display !== 'summarized');
  const thought = hidden ? '' : 'The question is clear, so the answer can be short.';
  return [{ type: 'thinking', pieces: wordsOf(thought), signature: signatureOf(thought) }];
}

/** A call of the tool that was forced, else of the first; none once there are results to talk about. */
function toolCall(body: Body, turn: readonly Body[]): AnswerBlock | undefined {
  const { type, name } = objectOf(body['tool_choice']);
  const tools = listOf(body['tools']).map(objectOf);
  const tool = tools.find((one) =>
    name === undefined ? isObject(one['input_schema']) : one['name'] === name,
  );
  const hasResult = turn.some((block) => block['type'] === 'tool_result');
  if (!tool || type === 'none' || hasResult) return undefined;
  const input = objectOf(sampleJson(tool['input_schema'], subjectOf(textIn(turn))));
  return { type: 'tool_use', name: String(tool['name']), input };
}

/** Results read out, a schema filled in, or a polite word about the question: in this order. */
function sentence(body: Body, turn: readonly Body[]): string {
  const results = turn.filter((block) => block['type'] === 'tool_result');
  if (results.length > 0)
    return `The tool says: ${results.map((one) => textIn(blocksOf(one['content']))).join('; ')}`;
  const question = textIn(turn);
  const { schema } = objectOf(objectOf(body['output_config'])['format']);
  if (schema !== undefined) return JSON.stringify(sampleJson(schema, subjectOf(question)));
  return politeAnswer(question, 'Anthropic');
}

/** The text of blocks, whatever stands between them. */
function textIn(blocks: readonly unknown[]): string {
  return blocks
    .map((block) => textOf(objectOf(block)['text']) ?? '')
    .join(' ')
    .trim();
}
