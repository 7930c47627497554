import type { AnswerInfo } from '../chat/completion.ts';
import type { AnswerHead } from '../chat/encode-chunk.ts';
import { encodeSseError, SSE_DONE } from '../chat/encode-sse.ts';
import type { Batch, ChatEvent } from '../chat/events.ts';
import type { RunestoneError } from '../errors/index.ts';
import { toCompletionUsage } from '../usage/openai-usage.ts';
import type { StreamWriter } from './dialect.ts';

/** Legacy completions know no tools: a call, which nobody can ask for there, is an end. */
export function textFinish(reason: string | undefined): 'stop' | 'length' | 'content_filter' {
  return reason === 'length' || reason === 'content_filter' ? reason : 'stop';
}

/** A streamed answer as OpenAI's legacy text completions. */
export class TextWriter implements StreamWriter {
  /** Text to begin with: the prompt, for `echo`. */
  #before: string;
  readonly #includeUsage: boolean;
  #head: AnswerHead | undefined;

  constructor(before: string, includeUsage: boolean) {
    this.#before = before;
    this.#includeUsage = includeUsage;
  }

  write(batch: Batch, info: () => AnswerInfo): string {
    let frames = '';
    for (const event of batch) frames += this.#frame(event, info);
    return frames;
  }

  end(): string {
    return SSE_DONE;
  }

  fail(error: RunestoneError): string {
    return encodeSseError(error);
  }

  /** What has no place in a text, such as reasoning and calls, is left out, as it is of a whole completion. */
  #frame(event: ChatEvent, info: () => AnswerInfo): string {
    switch (event.type) {
      case 'start':
        this.#head ??= { id: event.id, model: event.model, created: event.created };
        return '';
      case 'text_delta':
      case 'refusal_delta':
        return event.text ? this.#choice(this.#withBefore(event.text), null, info) : '';
      case 'finish':
        return this.#finish(textFinish(event.reason), info);
      default:
        return '';
    }
  }

  /** Once, with whatever is said first, and be it the end. */
  #withBefore(text: string): string {
    const all = this.#before + text;
    this.#before = '';
    return all;
  }

  /** STR-14 and STR-15, as chats have it: the reason, and then the usage if it was asked for. */
  #finish(reason: string, info: () => AnswerInfo): string {
    const told = info();
    const usage = told.usage && toCompletionUsage(told.usage);
    const last = this.#choice(this.#withBefore(''), reason, info, this.#includeUsage ? undefined : told);
    return this.#includeUsage
      ? last + this.#data({ choices: [], usage: usage ?? null, runestone: told }, info)
      : last;
  }

  /** One chunk. `usage` is null on all but the last, for whoever asks for it. */
  #choice(
    text: string,
    finish_reason: string | null,
    info: () => AnswerInfo,
    runestone?: AnswerInfo,
  ): string {
    const choices = [{ text, index: 0, logprobs: null, finish_reason }];
    return this.#data({ choices, ...(this.#includeUsage && { usage: null }), runestone }, info);
  }

  /** One frame, under the head of the answer. */
  #data(rest: object, info: () => AnswerInfo): string {
    this.#head ??= headOf(info());
    const { id, created, model } = this.#head;
    return `data: ${JSON.stringify({ id, object: 'text_completion', created, model, ...rest })}\n\n`;
  }
}

function headOf({ requestId, model }: AnswerInfo): AnswerHead {
  return { id: `cmpl-${requestId}`, model, created: Math.floor(Date.now() / 1000) };
}
