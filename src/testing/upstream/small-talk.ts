import type { Answer } from './model-answer.ts';

/** How much of a question an answer quotes, in UTF-16 units. */
const QUOTED = 60;

/** A polite word about a question, for want of understanding. */
export function politeAnswer(question: string, vendor: string): string {
  const quote = question.length > QUOTED ? `${question.slice(0, QUOTED)}…` : question;
  return `You said: “${quote}” I am the test upstream: the wire is ${vendor}'s, the answer is made up, and nothing left this machine.`;
}

/** What a question is about, as far as one can see: its last capitalised word, else its last word. */
export function subjectOf(question: string): string {
  const words = question.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.findLast((word) => /^\p{Lu}/u.test(word)) ?? words.at(-1) ?? 'example';
}

/**
 * A text cut as the APIs cut it: before the first stop sequence that comes up, and at the last token allowed.
 *
 * @param maxTokens - of four characters each; no limit when it is not a number
 */
export function cutShort(
  text: string,
  stops: readonly unknown[],
  maxTokens: unknown,
): Pick<Answer, 'stopReason' | 'stopSequence'> & { readonly text: string } {
  const found = stops.filter((stop) => typeof stop === 'string').filter((stop) => text.includes(stop));
  const first = found.sort((a, b) => text.indexOf(a) - text.indexOf(b))[0];
  const said = first === undefined ? text : text.slice(0, text.indexOf(first));
  const room = typeof maxTokens === 'number' ? maxTokens * 4 : said.length;
  if (said.length > room) return { text: said.slice(0, room), stopReason: 'max_tokens' };
  return { text: said, ...(first !== undefined && { stopReason: 'stop_sequence', stopSequence: first }) };
}
