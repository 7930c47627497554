import { toServiceTier } from '../usage/openai-tier.ts';
import { toCompletionUsage } from '../usage/openai-usage.ts';
import type { Usage } from '../usage/usage.ts';
import type { AnswerInfo, ChatCompletionChunk, ChunkDelta, WireFinishReason } from './completion.ts';
import type { Batch, ChatEvent } from './events.ts';
import { ReasoningJoin } from './reasoning-join.ts';

/** What the request says about the form of its answer. */
export interface AnswerForm {
  /** `stream_options.include_usage`: one more chunk with the usage, and `usage: null` on all before it. */
  readonly includeUsage: boolean;
  /** The request used the deprecated `functions`: one call, as `function_call`. */
  readonly legacyFunctions: boolean;
}

/** Who answers, as long as the provider has not said so itself. */
export interface AnswerHead {
  readonly id: string;
  readonly model: string;
  /** Epoch seconds. */
  readonly created: number;
}

/**
 * Turns events into chunks the way OpenAI sends them: the role once and first, one chunk with a finish reason,
 * `id`, `model` and `created` the same in all.
 *
 * Nothing comes out before there is something to say (STR-3), so a silent start leaves the way to failover open.
 */
export class ChunkEncoder {
  readonly #form: AnswerForm;
  #head: AnswerHead;
  readonly #join = new ReasoningJoin();
  #roleSent = false;
  #usage: Usage | undefined;
  /** Parts of the answer that are told in the last delta. */
  readonly #last: ChunkDelta = {};

  constructor(form: AnswerForm, head: AnswerHead) {
    this.#form = form;
    this.#head = head;
  }

  /** Chunks of one batch, appended to `out`. The finish comes with `finish()`, when all is known. */
  encode(batch: Batch, out: ChatCompletionChunk[]): void {
    for (const event of batch) {
      const delta = event.type === 'text_delta' ? textDelta(event.text) : this.#delta(event);
      if (delta) this.#emit(delta, out);
    }
  }

  /** The chunk with the finish reason (STR-14), and the usage chunk if it was asked for (STR-15). */
  finish(
    reason: WireFinishReason,
    raw: string | undefined,
    info: AnswerInfo,
    out: ChatCompletionChunk[],
  ): void {
    if (!this.#roleSent) this.#sendRole(out, '');
    const chunk = this.#chunk(
      this.#last,
      this.#form.legacyFunctions && reason === 'tool_calls' ? 'function_call' : reason,
    );
    const [choice] = chunk.choices;
    if (choice && raw !== undefined) choice.native_finish_reason = raw;
    const tier = this.#usage && toServiceTier(this.#usage);
    if (tier) chunk.service_tier = tier;
    out.push(chunk);
    if (!this.#form.includeUsage) {
      chunk.runestone = info;
      return;
    }
    const usage = this.#usage && toCompletionUsage(this.#usage);
    out.push({
      ...this.#head,
      object: 'chat.completion.chunk',
      choices: [],
      usage: usage ?? null,
      runestone: info,
    });
  }

  #delta(event: ChatEvent): ChunkDelta | undefined {
    switch (event.type) {
      case 'start':
        if (!this.#roleSent) this.#head = { id: event.id, model: event.model, created: event.created };
        return undefined;
      case 'refusal_delta':
        return event.text ? { refusal: event.text } : undefined;
      case 'reasoning_delta':
        return event.text ? { reasoning_content: this.#join.next(event.text) } : undefined;
      case 'thinking_block':
        this.#join.endBlock();
        return { thinking_blocks: [event.block] };
      case 'tool_call_start':
      case 'tool_call_delta':
      case 'custom_tool_call':
        return this.#form.legacyFunctions ? legacyDelta(event) : toolDelta(event);
      case 'usage':
        this.#usage = event.usage;
        return undefined;
      case 'annotations':
        if (event.annotations.length > 0) this.#last.annotations = [...event.annotations];
        return undefined;
      case 'vendor':
        // A literal: assigned to, a key such as `__proto__` would be no key.
        this.#last.provider_specific_fields = {
          ...this.#last.provider_specific_fields,
          [event.provider]: event.data,
        };
        return undefined;
      default:
        return undefined;
    }
  }

  #emit(delta: ChunkDelta, out: ChatCompletionChunk[]): void {
    if (!this.#roleSent) this.#sendRole(out, hasNoText(delta) ? null : '');
    out.push(this.#chunk(delta, null));
  }

  #sendRole(out: ChatCompletionChunk[], content: '' | null): void {
    this.#roleSent = true;
    out.push(this.#chunk({ role: 'assistant', content, refusal: null }, null));
  }

  #chunk(delta: ChunkDelta, finish_reason: WireFinishReason | null): ChatCompletionChunk {
    const { id, created, model } = this.#head;
    const choices = [{ index: 0, delta, finish_reason, logprobs: null }];
    return this.#form.includeUsage
      ? { id, object: 'chat.completion.chunk', created, model, choices, usage: null }
      : { id, object: 'chat.completion.chunk', created, model, choices };
  }
}

/** RES-5: an answer that begins with a call or a refusal has no text yet, which `openai` 7 tells from an empty one. */
function hasNoText({ tool_calls, function_call, refusal }: ChunkDelta): boolean {
  return tool_calls !== undefined || function_call !== undefined || refusal !== undefined;
}

function textDelta(text: string): ChunkDelta | undefined {
  return text ? { content: text } : undefined;
}

type ToolEvent = Extract<ChatEvent, { type: 'tool_call_start' | 'tool_call_delta' | 'custom_tool_call' }>;

/** STR-11, STR-12, STR-12c: id, type and name once, in the first delta of a call; no delta without arguments. */
function toolDelta(event: ToolEvent): ChunkDelta | undefined {
  const { index } = event;
  switch (event.type) {
    case 'tool_call_start':
      return {
        tool_calls: [
          { index, id: event.id, type: 'function', function: { name: event.name, arguments: '' } },
        ],
      };
    case 'tool_call_delta':
      return event.arguments
        ? { tool_calls: [{ index, function: { arguments: event.arguments } }] }
        : undefined;
    case 'custom_tool_call':
      // OpenAI's chunk type knows only functions, though its API streams custom calls too; STR-12c sends the true type.
      return {
        tool_calls: [
          {
            index,
            id: event.id,
            type: 'custom' as 'function',
            custom: { name: event.name, input: event.input },
          },
        ],
      };
  }
}

/** STR-28: the deprecated form knows one call, without id and index. */
function legacyDelta(event: ToolEvent): ChunkDelta | undefined {
  if (event.index !== 0) return undefined;
  switch (event.type) {
    case 'tool_call_start':
      return { function_call: { name: event.name, arguments: '' } };
    case 'tool_call_delta':
      return event.arguments ? { function_call: { arguments: event.arguments } } : undefined;
    case 'custom_tool_call':
      return { function_call: { name: event.name, arguments: event.input } };
  }
}
