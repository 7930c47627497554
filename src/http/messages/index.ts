import type { ChatRequest } from '../../chat/request.ts';
import type { Dialect } from '../dialect.ts';
import { messageForm } from './message-form.ts';
import { MessagesWriter } from './messages-writer.ts';
import { readCounted, readMessages } from './read-messages.ts';
import { wholeMessage } from './whole-message.ts';

export { messagesErrors } from './messages-errors.ts';

/**
 * Anthropic's Messages API, of version 2023-06-01 and of 2026-10-21, as the header `anthropic-version` says.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */
export const messagesDialect: Dialect = {
  name: 'messages',
  read(body, headers) {
    const request = readMessages(body, headers);
    const form = messageForm(headers);
    return {
      request,
      stream: Object(body).stream === true,
      whole: (completion) => wholeMessage(completion, form),
      writer: () => new MessagesWriter(form),
    };
  },
};

/**
 * The chat request of `POST /v1/messages/count_tokens`, for `pool.countTokens`.
 *
 * @throws InvalidRequestError naming the client's field
 */
export function countedMessages(body: unknown, headers: Headers): ChatRequest {
  return readCounted(body, headers);
}

/** The body of its answer. */
export function countedTokens({ tokens }: { readonly tokens: number }): { readonly input_tokens: number } {
  return { input_tokens: tokens };
}
