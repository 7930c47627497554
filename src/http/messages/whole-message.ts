import type { ChatCompletion, CompletionMessage } from '../../chat/completion.ts';
import { isRecord, type JsonObject } from '../../chat/json.ts';
import { callInput } from '../call-input.ts';
import { finishReasonOf } from '../finish-reason.ts';
import type { MessageForm } from './message-form.ts';
import { messageHead, messageId } from './message-head.ts';
import { type Block, isBlock } from './message-parts.ts';
import { messageStop } from './message-stop.ts';

/** A whole answer as a message. Claude's own content is handed on as it came, wherever there is any. */
export function wholeMessage(completion: ChatCompletion, form: MessageForm): JsonObject {
  const { runestone: info } = completion;
  const [choice] = completion.choices;
  const message = choice?.message;
  const native = nativeOf(message);
  const { stop_sequence, ...stop } = messageStop(
    finishReasonOf(choice?.finish_reason),
    choice?.native_finish_reason,
    message?.refusal ?? '',
    native,
  );
  const head = { id: messageId(completion.id, info.requestId), model: completion.model };
  const blocks = message ? (nativeContent(native, message) ?? contentOf(message)) : [];
  return {
    ...messageHead(head, info.usage, form),
    content: blocks.map((block) => form.fields(blockFields(block, form))),
    ...form.fields({ ...stop, container: native['container'] }),
    stop_sequence: stop_sequence ?? null,
    runestone: info,
  };
}

/** What Claude said of its message (RES-9); nothing where another host answered. */
function nativeOf(message: CompletionMessage | undefined): JsonObject {
  const own = message?.provider_specific_fields?.['anthropic'];
  return isRecord(own) ? own : {};
}

/**
 * The content that Claude told, with the names by which the client knows its tools (TL-4).
 *
 * @returns `undefined` where there is none, or where a call in it is the answer in disguise (RF-4)
 */
function nativeContent({ content }: JsonObject, message: CompletionMessage): readonly Block[] | undefined {
  if (!Array.isArray(content)) return undefined;
  const names = new Map(
    message.tool_calls?.map((call) => [
      call.id,
      call.type === 'custom' ? call.custom.name : call.function.name,
    ]),
  );
  const blocks: Block[] = [];
  for (const block of content) {
    if (!isBlock(block)) continue;
    const name = block.type === 'tool_use' ? names.get(String(block['id'])) : undefined;
    if (block.type === 'tool_use' && name === undefined) return undefined;
    blocks.push(name === undefined ? block : { ...block, name });
  }
  return blocks;
}

/**
 * The content of an answer in OpenAI's words, in the order in which Claude would say it.
 *
 * Reasoning of another host is signed by nobody. It is told with an empty signature, which this wire demands, and
 * which keeps Claude from being sent it in a later turn (TH-12).
 */
function contentOf(message: CompletionMessage): readonly Block[] {
  const { reasoning_content: reasoning, content, tool_calls: calls } = message;
  const blocks: Block[] = [];
  if (reasoning) blocks.push({ type: 'thinking', thinking: reasoning, signature: '' });
  if (content) blocks.push({ type: 'text', text: content });
  for (const call of calls ?? []) {
    const { id } = call;
    if (call.type === 'custom') {
      blocks.push({ type: 'tool_use', id, name: call.custom.name, input: { input: call.custom.input } });
    } else {
      const { name, arguments: json } = call.function;
      // Cut or broken arguments, in the form in which the house takes them back (TL-H4).
      const input = callInput(json) ?? { _invalid_arguments: json };
      blocks.push({ type: 'tool_use', id, name, input });
    }
  }
  return blocks;
}

/** With the fields that the version has on every block of a type; the block's own win. */
function blockFields(block: Block, { call }: MessageForm): JsonObject {
  if (block.type === 'text') return { citations: undefined, ...block };
  return block.type === 'tool_use' ? { ...call, ...block } : block;
}
