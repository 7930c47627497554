import type { PartialAnswer } from '../errors/index.ts';
import { toCompletionUsage } from '../usage/openai-usage.ts';
import type { Usage } from '../usage/usage.ts';
import type { AnswerInfo, ChatCompletion, CompletionMessage, CompletionToolCall } from './completion.ts';
import type { AnswerForm, AnswerHead } from './encode-chunk.ts';
import type { Batch, ChatEvent, FinishReason, ThinkingBlock, UrlCitation } from './events.ts';

interface Call {
  readonly id: string;
  readonly name: string;
  readonly custom: boolean;
  text: string;
}

/**
 * Folds events into a whole answer: the only way in which a `ChatCompletion` comes to be, so that an answer is
 * the same whether it was streamed or not.
 */
export class Accumulator {
  #head: AnswerHead;
  #text = '';
  #refusal = '';
  #reasoning = '';
  #reasoningBreak = false;
  readonly #blocks: ThinkingBlock[] = [];
  readonly #calls = new Map<number, Call>();
  #annotations: readonly UrlCitation[] = [];
  #vendor: Record<string, unknown> | undefined;
  #usage: Usage | undefined;
  #finish: { reason: FinishReason; raw: string | undefined } | undefined;

  constructor(head: AnswerHead) {
    this.#head = head;
  }

  get finish(): { readonly reason: FinishReason; readonly raw: string | undefined } | undefined {
    return this.#finish;
  }

  add(batch: Batch): void {
    for (const event of batch) {
      if (event.type === 'text_delta') this.#text += event.text;
      else this.#add(event);
    }
  }

  /** What has arrived so far, for an answer that broke. */
  partial(): PartialAnswer {
    return {
      content: this.#text,
      ...(this.#refusal && { refusal: this.#refusal }),
      ...(this.#reasoning && { reasoning: this.#reasoning }),
      toolCalls: [...this.#calls.values()].map(({ id, name, text }) => ({ id, name, arguments: text })),
    };
  }

  /** The answer. Only to be asked once the stream has ended properly. */
  completion(form: AnswerForm, info: AnswerInfo): ChatCompletion {
    const finish = this.#finish ?? { reason: 'stop', raw: undefined };
    const usage = this.#usage && toCompletionUsage(this.#usage);
    const legacy = form.legacyFunctions && finish.reason === 'tool_calls';
    return {
      ...this.#head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: this.#message(form),
          finish_reason: legacy ? 'function_call' : finish.reason,
          logprobs: null,
          ...(finish.raw !== undefined && { native_finish_reason: finish.raw }),
        },
      ],
      ...(usage && { usage }),
      runestone: info,
    };
  }

  #add(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        this.#head = { id: event.id, model: event.model, created: event.created };
        break;
      case 'refusal_delta':
        this.#refusal += event.text;
        break;
      case 'reasoning_delta':
        this.#addReasoning(event.text);
        break;
      case 'thinking_block':
        this.#blocks.push(event.block);
        this.#reasoningBreak = true;
        break;
      case 'tool_call_start':
        this.#calls.set(event.index, { id: event.id, name: event.name, custom: false, text: '' });
        break;
      case 'custom_tool_call':
        this.#calls.set(event.index, { id: event.id, name: event.name, custom: true, text: event.input });
        break;
      case 'tool_call_delta': {
        const call = this.#calls.get(event.index);
        if (call) call.text += event.arguments;
        break;
      }
      default:
        this.#addEnding(event);
    }
  }

  /** What usually comes last. */
  #addEnding(event: ChatEvent): void {
    switch (event.type) {
      case 'usage':
        this.#usage = event.usage;
        break;
      case 'annotations':
        this.#annotations = event.annotations;
        break;
      case 'vendor':
        this.#vendor = { ...this.#vendor, [event.provider]: event.data };
        break;
      case 'finish':
        this.#finish = { reason: event.reason, raw: event.raw };
        break;
    }
  }

  /** RES-8: the texts of separate blocks are joined by a line break. */
  #addReasoning(text: string): void {
    if (this.#reasoningBreak && this.#reasoning && text) this.#reasoning += '\n';
    this.#reasoningBreak = false;
    this.#reasoning += text;
  }

  #message(form: AnswerForm): CompletionMessage {
    const calls = [...this.#calls.values()];
    const [first] = calls;
    // RES-5: an empty answer is "", the mere absence of text beside a call or refusal is null.
    const content = this.#text || (calls.length > 0 || this.#refusal ? null : '');
    return {
      role: 'assistant',
      content,
      refusal: this.#refusal || null,
      ...(first && !form.legacyFunctions && { tool_calls: calls.map(toToolCall) }),
      ...(first && form.legacyFunctions && { function_call: { name: first.name, arguments: first.text } }),
      ...(this.#annotations.length > 0 && { annotations: [...this.#annotations] }),
      ...(this.#reasoning && { reasoning_content: this.#reasoning }),
      ...(this.#blocks.length > 0 && { thinking_blocks: this.#blocks }),
      ...(this.#vendor && { provider_specific_fields: this.#vendor }),
    };
  }
}

function toToolCall({ id, name, custom, text }: Call): CompletionToolCall {
  return custom
    ? { id, type: 'custom', custom: { name, input: text } }
    : { id, type: 'function', function: { name, arguments: text } };
}
