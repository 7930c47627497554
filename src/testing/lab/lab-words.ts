import { listOf, objectOf, textOf } from '../upstream/read-json.ts';

/** What an answer carries in every piece when the question holds no nonce of its own. */
export const NO_NONCE = 'nonce-lab';

/** A nonce in a text: of a question, or of an answer that may be somebody else's. */
const NONCE = /nonce-[a-z0-9]+/g;

/**
 * The pieces of an answer, each with the nonce of its question and its place: what was lost, doubled or mixed up
 * on the way shows in the text.
 *
 * @param count - pieces, at least 1
 */
export function labWords(nonce: string, count = 4): string[] {
  return Array.from({ length: count }, (_, at) => `${at === 0 ? '' : ' '}${nonce}.${at}`);
}

/** Every nonce in a text, in order. */
export function noncesIn(text: string): string[] {
  return text.match(NONCE) ?? [];
}

/** The nonce in the last question of a request, on either wire. */
export function nonceOf(body: unknown): string {
  const messages = listOf(objectOf(body)['messages']).map(objectOf);
  const asked = messages.findLast(({ role }) => role === 'user')?.['content'];
  const texts = textOf(asked) ?? JSON.stringify(asked ?? '');
  return noncesIn(texts).at(-1) ?? NO_NONCE;
}
