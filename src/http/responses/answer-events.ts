import type { ChatCompletion, CompletionMessage, CompletionToolCall } from '../../chat/completion.ts';
import type { ChatEvent, ThinkingBlock } from '../../chat/events.ts';
import { isRecord, type JsonObject } from '../../chat/json.ts';
import { finishReasonOf } from '../finish-reason.ts';

/**
 * The events that a whole answer could have come in, so that it is written by what writes a stream: an answer is then
 * the same in both forms.
 */
export function answerEvents({ id, model, created, choices }: ChatCompletion): ChatEvent[] {
  const [choice] = choices;
  const message = choice?.message;
  return [
    { type: 'start', id, model, created },
    ...(message ? (nativeEvents(message) ?? plainEvents(message)) : []),
    ...(message?.refusal ? [{ type: 'refusal_delta' as const, text: message.refusal }] : []),
    ...(message?.annotations ? [{ type: 'annotations' as const, annotations: message.annotations }] : []),
    { type: 'finish', reason: finishReasonOf(choice?.finish_reason), raw: choice?.native_finish_reason },
  ];
}

/** In the order in which Claude said it; `undefined` where that is not known, or says less than the message. */
function nativeEvents(message: CompletionMessage): ChatEvent[] | undefined {
  const own = message.provider_specific_fields?.['anthropic'];
  const content = isRecord(own) ? own['content'] : undefined;
  if (!Array.isArray(content)) return undefined;
  const shows = message.reasoning_content !== undefined;
  const calls = message.tool_calls ?? [];
  const events: ChatEvent[] = [];
  for (const block of content.filter(isRecord)) {
    if (block['type'] === 'tool_use') {
      const index = calls.findIndex(({ id }) => id === block['id']);
      const call = calls[index];
      if (!call) return undefined;
      events.push(...callEvents(call, index));
    } else events.push(...blockEvents(block, shows));
  }
  return events;
}

/**
 * The events of a block that is no call.
 *
 * @param shows - reasoning was readable in the answer, so that it may be shown here
 */
function blockEvents(block: JsonObject, shows: boolean): ChatEvent[] {
  const { type, text, thinking, signature, data } = block;
  if (type === 'text' && typeof text === 'string') return [{ type: 'text_delta', text }];
  if (type === 'redacted_thinking' && typeof data === 'string') return signed({ type, data });
  if (type !== 'thinking' || typeof thinking !== 'string') return [];
  const read: ChatEvent[] = shows ? [{ type: 'reasoning_delta', text: thinking }] : [];
  return typeof signature === 'string' && signature !== ''
    ? [...read, ...signed({ type, thinking, signature })]
    : read;
}

/** Signed reasoning, which always goes out: the next turn needs it (RES-8). */
const signed = (block: ThinkingBlock): ChatEvent[] => [{ type: 'thinking_block', block }];

/** In the order in which a stream usually has them: reasoning, text, calls. */
function plainEvents(message: CompletionMessage): ChatEvent[] {
  const { reasoning_content: reasoning, thinking_blocks: blocks, content, tool_calls: calls } = message;
  return [
    ...(reasoning ? [{ type: 'reasoning_delta' as const, text: reasoning }] : []),
    ...(blocks ?? []).flatMap(signed),
    ...(content ? [{ type: 'text_delta' as const, text: content }] : []),
    ...(calls ?? []).flatMap(callEvents),
  ];
}

/** The events of a call, its arguments in one piece. */
function callEvents(call: CompletionToolCall, index: number): ChatEvent[] {
  const { id } = call;
  if (call.type === 'custom') return [{ type: 'custom_tool_call', index, id, ...call.custom }];
  const { name, arguments: json } = call.function;
  return [
    { type: 'tool_call_start', index, id, name },
    { type: 'tool_call_delta', index, arguments: json },
  ];
}
