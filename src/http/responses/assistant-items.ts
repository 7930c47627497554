import type { ThinkingBlock } from '../../chat/events.ts';
import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ChatMessage, ToolCall } from '../../chat/request.ts';
import { callInput } from '../call-input.ts';
import { fromEncrypted } from './encrypted-reasoning.ts';
import { unsupported } from './responses-refusals.ts';

/**
 * The items of one assistant turn, gathered into the one message that chat has for them: reasoning, texts and calls
 * stand each for themselves in this dialect.
 */
export class AssistantItems {
  #text = '';
  #refusal = '';
  /** Some of the reasoning is ours, and signed. */
  #hasReasoning = false;
  readonly #calls: ToolCall[] = [];
  /** The same in Claude's blocks, in the order of the items. */
  readonly #blocks: JsonObject[] = [];

  /** Takes an item of the assistant's; false for any other. */
  add(item: JsonObject, path: string): boolean {
    switch (item['type'] ?? 'message') {
      case 'message':
        if (item['role'] !== 'assistant') return false;
        this.#say(item['content'], `${path}.content`);
        return true;
      case 'reasoning':
        this.#think(fromEncrypted(item['encrypted_content']));
        return true;
      case 'function_call':
        this.#call(item, callInput(String(item['arguments'])));
        return true;
      case 'custom_tool_call':
        this.#call(item, { input: item['input'] });
        return true;
      default:
        return false;
    }
  }

  /** The message; `undefined` when there is nothing to say in one. */
  message(): ChatMessage | undefined {
    const calls = this.#calls;
    if (this.#blocks.length === 0 && this.#refusal === '') return undefined;
    return {
      role: 'assistant',
      content: this.#text || (calls.length > 0 || this.#refusal ? null : ''),
      ...(this.#refusal && { refusal: this.#refusal }),
      ...(calls.length > 0 && { tool_calls: calls }),
      // With the reasoning in its place, Claude gets back what it said, in the order in which it said it (TH-13).
      ...(this.#hasReasoning && { provider_specific_fields: { anthropic: { content: this.#blocks } } }),
    };
  }

  /** What a message says. Clients that simplify write its text as they would a user's. */
  #say(content: unknown, path: string): void {
    const parts = Array.isArray(content) ? content.filter(isRecord) : [{ type: 'text', text: content }];
    for (const [index, part] of parts.entries()) {
      if (part['type'] === 'refusal') this.#refusal += String(part['refusal']);
      else if (typeof part['text'] === 'string') this.#write(part['text']);
      else
        throw unsupported(
          `${path}[${index}].type`,
          'an assistant says text only',
          'unsupported_content_part',
        );
    }
  }

  /** Texts of one turn join without a separator, as those of an answer do (RES-5). */
  #write(text: string): void {
    if (text === '') return;
    this.#text += text;
    this.#blocks.push({ type: 'text', text });
  }

  /** Reasoning that is none of ours says nothing here: whoever signed it is not who will read it. */
  #think(block: ThinkingBlock | undefined): void {
    if (!block) return;
    this.#hasReasoning = true;
    this.#blocks.push({ ...block });
  }

  /** @param input - `undefined` for arguments that are no object; in the past they are told as they were (TL-H4) */
  #call(
    { type, call_id: callId, name: named, arguments: json, input: text }: JsonObject,
    input: JsonObject | undefined,
  ): void {
    const id = String(callId);
    const name = String(named);
    this.#calls.push(
      type === 'function_call'
        ? { id, type: 'function', function: { name, arguments: String(json) } }
        : { id, type: 'custom', custom: { name, input: String(text) } },
    );
    this.#blocks.push({ type: 'tool_use', id, name, input: input ?? { _invalid_arguments: json } });
  }
}
