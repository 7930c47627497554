import type { JsonObject } from '../../chat/json.ts';
import { InvalidRequestError } from '../../errors/index.ts';

/** Anthropic's word for a request that its servers cannot thread. */
export const THREAD_UNSUPPORTED = 'thread_unsupported_request';

/**
 * What the refusal lists. Not one of Anthropic's own values, for it is the feature as such that is missing; clients
 * are told to take an unknown one as a reason to send the whole conversation.
 */
export const THREAD_DETAILS: JsonObject = { error_code: THREAD_UNSUPPORTED, unsupported: ['threads'] };

/**
 * Refuses a request that counts on a conversation stored at the server: answered without it, all earlier turns would
 * be lost without an error. On this very refusal Anthropic's client sends its whole history by itself.
 *
 * @throws InvalidRequestError with `reason` `thread_unsupported_request`
 */
export function refuseThread({ thread }: JsonObject): void {
  if (thread === undefined || thread === null) return;
  throw new InvalidRequestError(
    'thread: nothing is stored here; send the whole conversation without `thread`',
    {
      param: 'thread',
      reason: THREAD_UNSUPPORTED,
    },
  );
}
