import type { ChatMessage, ChatRequest } from './request.ts';

/** How a target is asked to go on with an answer: by its beginning alone, or in words. */
export type ContinuationMethod = 'prefill' | 'plain';

/** Characters of the answer that a plain continuation has to begin with, so that the seam can be proven. */
const ANCHOR_CHARS = 48;

/** The words of a plain continuation. The anchor must be in them. */
export type ContinuationWords = (anchor: string) => string;

/** Says no more than what is needed: no role, no tone, no excuse. */
export const continuationWords: ContinuationWords = (anchor) =>
  [
    'Your last message was cut off. Continue it.',
    'Begin with exactly the text between the tags, which is how it ended, and go on from there without any other words.',
    `<end_of_message>${anchor}</end_of_message>`,
  ].join('\n');

/** The end of an answer, without white space around it: models quote that badly. */
export function anchorOf(said: string): string {
  return said.trimEnd().slice(-ANCHOR_CHARS).trimStart();
}

/**
 * The request that goes on with an answer.
 *
 * @param said - the text so far
 * @param usedTokens - what of the caller's cap it has used up
 */
export function continuationOf(
  request: ChatRequest,
  said: string,
  method: ContinuationMethod,
  usedTokens: number,
  words: ContinuationWords = continuationWords,
): ChatRequest {
  const answer: ChatMessage = { role: 'assistant', content: said };
  const asked: ChatMessage = { role: 'user', content: words(anchorOf(said)) };
  const { max_completion_tokens: cap, max_tokens: old } = request;
  return {
    ...request,
    messages: [...request.messages, answer, ...(method === 'plain' ? [asked] : [])],
    ...(cap != null && { max_completion_tokens: Math.max(1, cap - usedTokens) }),
    ...(old != null && { max_tokens: Math.max(1, old - usedTokens) }),
  };
}
