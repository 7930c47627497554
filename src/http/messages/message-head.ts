import type { JsonObject } from '../../chat/json.ts';
import type { Usage } from '../../usage/usage.ts';
import type { MessageForm } from './message-form.ts';
import { messageUsage } from './messages-usage.ts';

/**
 * The id of a message: Claude's own, by which its logs can be joined with Anthropic's, or one after the request. Ids
 * of other hosts are not handed on: some give the same to all answers, and clients keep messages by their ids.
 */
export function messageId(id: string | undefined, requestId: string): string {
  return id?.startsWith('msg_') ? id : `msg_${requestId}`;
}

/** A message that has not said anything yet. */
export function messageHead(
  { id, model }: { readonly id: string; readonly model: string },
  usage: Usage | undefined,
  form: MessageForm,
): JsonObject {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    // These two are there in every version.
    stop_reason: null,
    stop_sequence: null,
    ...form.fields({ stop_details: undefined, container: undefined, diagnostics: undefined }),
    usage: messageUsage(usage, form),
  };
}
