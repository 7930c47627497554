import type { Answer, AnswerBlock } from '../model-answer.ts';
import { wordsOf } from '../pieces.ts';
import { isObject, listOf, objectOf, textOf } from '../read-json.ts';
import { signatureOf } from '../signature.ts';
import { blocksOf } from './prompt-segments.ts';
import { sampleJson } from './sample-json.ts';

type Body = Readonly<Record<string, unknown>>;

/** How much of a question an answer quotes, in UTF-16 units. */
const QUOTED = 60;

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
  const { text, ...stop } = limited(sentence(body, turn), body);
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
  const quote = question.length > QUOTED ? `${question.slice(0, QUOTED)}…` : question;
  return `You said: “${quote}” I am the test upstream: the wire is Anthropic's, the answer is made up, and nothing left this machine.`;
}

/** Cut as the API cuts: before the first stop sequence, and at the last token allowed. */
function limited(text: string, body: Body): Pick<Answer, 'stopReason' | 'stopSequence'> & { text: string } {
  const stops = listOf(body['stop_sequences']).filter((stop) => typeof stop === 'string');
  const found = stops.filter((stop) => text.includes(stop));
  const first = found.sort((a, b) => text.indexOf(a) - text.indexOf(b))[0];
  const said = first === undefined ? text : text.slice(0, text.indexOf(first));
  const room = Number(body['max_tokens']) * 4;
  if (said.length > room) return { text: said.slice(0, room), stopReason: 'max_tokens' };
  return { text: said, ...(first !== undefined && { stopReason: 'stop_sequence', stopSequence: first }) };
}

/** The text of blocks, whatever stands between them. */
function textIn(blocks: readonly unknown[]): string {
  return blocks
    .map((block) => textOf(objectOf(block)['text']) ?? '')
    .join(' ')
    .trim();
}

/** What a question is about, for want of understanding: its last capitalised word, else its last word. */
function subjectOf(question: string): string {
  const words = question.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.findLast((word) => /^\p{Lu}/u.test(word)) ?? words.at(-1) ?? 'example';
}
