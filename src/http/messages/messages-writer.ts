import type { AnswerInfo } from '../../chat/completion.ts';
import type { Batch, ChatEvent, FinishReason } from '../../chat/events.ts';
import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { RunestoneError } from '../../errors/index.ts';
import type { Usage } from '../../usage/usage.ts';
import type { StreamWriter } from '../dialect.ts';
import { eventFrame } from '../event-frame.ts';
import { BlockFrames } from './block-frames.ts';
import type { MessageForm } from './message-form.ts';
import { messageHead, messageId } from './message-head.ts';
import { messageStop } from './message-stop.ts';
import { errorBody } from './messages-errors.ts';
import { deltaUsage } from './messages-usage.ts';

/**
 * A streamed answer as the events of the Messages API: `message_start` once there is something to say, the blocks,
 * `message_delta`, `message_stop`.
 */
export class MessagesWriter implements StreamWriter {
  readonly #form: MessageForm;
  readonly #blocks: BlockFrames;
  /** `message_start` is out, and the head stands. */
  #begun = false;
  /** Who answers, as far as its host has said so. */
  #head: { readonly id: string; readonly model: string } | undefined;
  /** The last report: input tokens are known before the answer begins, and its start tells them. */
  #usage: Usage | undefined;
  /** The words in which the model declines. On this wire they are no content (FIN-6). */
  #refusal = '';
  /** What Claude said of its message beyond its blocks. */
  #native: JsonObject = {};
  /** And of the call that it is about to make. */
  #nextCall: JsonObject = {};

  /** @param form - of the client's version */
  constructor(form: MessageForm) {
    this.#form = form;
    this.#blocks = new BlockFrames(form);
  }

  /** The start comes before the first frame of content, and not sooner: until then another host may answer (STR-2). */
  write(batch: Batch, info: () => AnswerInfo): string {
    let frames = '';
    for (const event of batch) {
      const said =
        event.type === 'text_delta'
          ? this.#blocks.text(event.text)
          : this.#blockEvent(event) || this.#note(event);
      if (said !== '') frames += this.#begin(info) + said;
      if (event.type === 'finish')
        frames += this.#begin(info) + this.#finish(event.reason, event.raw, info());
    }
    return frames;
  }

  /** Nothing: `message_stop` has said it. */
  end(): string {
    return '';
  }

  /** Named `error`, without which the SDK would go on as if nothing had happened. */
  fail(error: RunestoneError): string {
    return eventFrame('error', errorBody(error));
  }

  /** What becomes part of the content. */
  #blockEvent(event: ChatEvent): string {
    switch (event.type) {
      case 'reasoning_delta':
        return this.#blocks.thinking(event.text);
      case 'thinking_block':
        return this.#blocks.signed(event.block);
      case 'tool_call_start':
        return this.#startCall(event);
      case 'tool_call_delta':
        return this.#blocks.callDelta(event.index, event.arguments);
      case 'custom_tool_call':
        return this.#blocks.whole({
          type: 'tool_use',
          id: event.id,
          name: event.name,
          input: { input: event.input },
        });
      case 'vendor':
        return event.provider === 'anthropic' && isRecord(event.data) ? this.#claude(event.data) : '';
      default:
        return '';
    }
  }

  /** Claude's own: a block, the citations of a text, or at last what it says of the whole message. */
  #claude(data: JsonObject): string {
    const { content_block: block, citations, text_ended: hasEnded, tool_use: call } = data;
    if (isRecord(block)) return this.#blocks.whole(block);
    if (Array.isArray(citations)) return this.#blocks.cited(citations);
    if (hasEnded === true) return this.#blocks.cited([]);
    if (isRecord(call)) this.#nextCall = this.#form.fields(call);
    else this.#native = data;
    return '';
  }

  /** A call, with what Claude has just said of it. */
  #startCall({
    index,
    id,
    name,
  }: {
    readonly index: number;
    readonly id: string;
    readonly name: string;
  }): string {
    const more = this.#nextCall;
    this.#nextCall = {};
    return this.#blocks.callStart(index, id, name, more);
  }

  /** What is told at the beginning or at the end. */
  #note(event: ChatEvent): '' {
    if (event.type === 'start' && !this.#begun) this.#head = { id: event.id, model: event.model };
    else if (event.type === 'usage') this.#usage = event.usage;
    else if (event.type === 'refusal_delta') this.#refusal += event.text;
    return '';
  }

  /** `message_start`, once. */
  #begin(info: () => AnswerInfo): string {
    if (this.#begun) return '';
    this.#begun = true;
    const { requestId, model } = info();
    const head = { id: messageId(this.#head?.id, requestId), model: this.#head?.model ?? model };
    return eventFrame('message_start', { message: messageHead(head, this.#usage, this.#form) });
  }

  /**
   * The end: open blocks, the stop with the tokens, and `message_stop`. What the pool tells of the answer rides along,
   * for the warnings have no other way to a client that streams.
   */
  #finish(reason: FinishReason, raw: string | undefined, info: AnswerInfo): string {
    const { stop_sequence, ...stop } = messageStop(reason, raw, this.#refusal, this.#native);
    const { container } = this.#native;
    // The sequence is there in every version, null or not.
    const delta = { ...this.#form.fields({ ...stop, container }), stop_sequence: stop_sequence ?? null };
    const usage = deltaUsage(info.usage ?? this.#usage, this.#form);
    return (
      this.#blocks.end() +
      eventFrame('message_delta', { delta, usage, runestone: info }) +
      eventFrame('message_stop', {})
    );
  }
}
