import type { ChatMessage, ChatRequest } from '../../../provider-kit/index.ts';
import { isRecord } from '../../../provider-kit/index.ts';
import { isBlock } from './native-parts.ts';
import { isThinking } from './turns.ts';

/**
 * The same request without any reasoning in its history, for the one repair that TH-16 allows.
 *
 * Everything that needs no change is shared with the original, which stays as it is.
 */
export function stripThinking(request: ChatRequest): ChatRequest {
  return { ...request, messages: request.messages.map(stripMessage) };
}

/** Only an assistant reasons; other messages are shared. */
function stripMessage(message: ChatMessage): ChatMessage {
  if (message.role !== 'assistant') return message;
  const { thinking_blocks: _, reasoning_details: __, ...rest } = message;
  const { provider_specific_fields: fields, content } = rest;
  return {
    ...rest,
    role: 'assistant',
    ...(Array.isArray(content) && { content: withoutThinking(content) }),
    ...(isRecord(fields) && { provider_specific_fields: stripFields(fields) }),
  };
}

/** Native content stays native: without its reasoning it is still consistent with the message (TH-13). */
function stripFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const own = fields['anthropic'];
  if (!isRecord(own) || !Array.isArray(own['content'])) return fields;
  return { ...fields, anthropic: { ...own, content: withoutThinking(own['content']) } };
}

/** Parts that are no reasoning, in their order. */
function withoutThinking<Part>(parts: readonly Part[]): readonly Part[] {
  return parts.filter((part) => !(isBlock(part) && isThinking(part)));
}
