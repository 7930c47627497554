import type { PartialAnswer } from '../errors/index.ts';
import { toServiceTier } from '../usage/openai-tier.ts';
import { toCompletionUsage } from '../usage/openai-usage.ts';
import type { Usage } from '../usage/usage.ts';
import type { AnswerInfo, ChatCompletion, CompletionMessage, CompletionToolCall } from './completion.ts';
import type { AnswerForm, AnswerHead } from './encode-chunk.ts';
import type { Batch, ChatEvent, FinishReason, ThinkingBlock, UrlCitation } from './events.ts';
import { ReasoningJoin } from './reasoning-join.ts';

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
  readonly #join = new ReasoningJoin();
  readonly #blocks: ThinkingBlock[] = [];
  readonly #calls = new Map<number, Call>();
  #annotations: readonly UrlCitation[] = [];
  #vendor: Record<string, unknown> | undefined;
  #usage: Usage | undefined;
  #result: unknown;
  #finish: { reason: FinishReason; raw: string | undefined } | undefined;

  constructor(head: AnswerHead) {
    this.#head = head;
  }

  get finish(): { readonly reason: FinishReason; readonly raw: string | undefined } | undefined {
    return this.#finish;
  }

  /** What a call that is no chat has brought. */
  get result(): unknown {
    return this.#result;
  }

  /** True once a chunk would have told the head, which then stands. */
  get #begun(): boolean {
    return Boolean(this.#text || this.#refusal || this.#reasoning || this.#blocks.length || this.#calls.size);
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
    const { reason, raw } = this.#finish ?? { reason: 'stop', raw: undefined };
    const { id, created, model } = this.#head;
    const choice: ChatCompletion['choices'][number] = {
      index: 0,
      message: this.#message(form),
      finish_reason: form.legacyFunctions && reason === 'tool_calls' ? 'function_call' : reason,
      logprobs: null,
    };
    if (raw !== undefined) choice.native_finish_reason = raw;
    const answer: ChatCompletion = {
      id,
      object: 'chat.completion',
      created,
      model,
      choices: [choice],
      runestone: info,
    };
    const tier = this.#usage && toServiceTier(this.#usage);
    if (tier) answer.service_tier = tier;
    const usage = this.#usage && toCompletionUsage(this.#usage);
    if (usage) answer.usage = usage;
    return answer;
  }

  #add(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        if (!this.#begun) this.#head = { id: event.id, model: event.model, created: event.created };
        break;
      case 'refusal_delta':
        this.#refusal += event.text;
        break;
      case 'reasoning_delta':
        this.#reasoning += this.#join.next(event.text);
        break;
      case 'thinking_block':
        this.#blocks.push(event.block);
        this.#join.endBlock();
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
        if (event.annotations.length > 0) this.#annotations = event.annotations;
        break;
      case 'vendor':
        // A literal: assigned to, a key such as `__proto__` would be no key.
        this.#vendor = { ...this.#vendor, [event.provider]: event.data };
        break;
      case 'result':
        this.#result = event.value;
        break;
      case 'finish':
        this.#finish = { reason: event.reason, raw: event.raw };
        break;
    }
  }

  #message(form: AnswerForm): CompletionMessage {
    const calls = [...this.#calls.values()];
    const [first] = calls;
    const message: CompletionMessage = {
      role: 'assistant',
      // RES-5: an empty answer is "", the mere absence of text beside a call or refusal is null.
      content: this.#text || (first || this.#refusal ? null : ''),
      refusal: this.#refusal || null,
    };
    if (first && form.legacyFunctions) message.function_call = { name: first.name, arguments: first.text };
    else if (first) message.tool_calls = calls.map(toToolCall);
    if (this.#annotations.length > 0) message.annotations = [...this.#annotations];
    if (this.#reasoning) message.reasoning_content = this.#reasoning;
    if (this.#blocks.length > 0) message.thinking_blocks = this.#blocks;
    if (this.#vendor) message.provider_specific_fields = this.#vendor;
    return message;
  }
}

function toToolCall({ id, name, custom, text }: Call): CompletionToolCall {
  return custom
    ? { id, type: 'custom', custom: { name, input: text } }
    : { id, type: 'function', function: { name, arguments: text } };
}
