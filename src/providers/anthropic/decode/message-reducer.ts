import {
  type ChatEvent,
  isRecord,
  type JsonObject,
  type ProviderError,
} from '../../../provider-kit/index.ts';
import { type ErrorContext, inStreamError } from '../errors.ts';
import type { Continued } from '../pausing.ts';
import type { ReadingOptions } from '../reading.ts';
import type { AnswerWarningCode } from '../warning-codes.ts';
import { AnswerSoFar } from './answer-so-far.ts';
import type { ContentBlock } from './content-block.ts';
import { tellEnding } from './ending.ts';
import { MessageUsage } from './message-usage.ts';
import { startBlock } from './start-block.ts';
import { mergeStop, type Stop } from './stop-reason.ts';
import { TextBlock } from './text-block.ts';
import { eventsOfBlock } from './whole-block.ts';

/** What the errors of an answer are to name, and when it began. */
export interface AnswerContext extends Omit<ErrorContext, 'nowMs'> {
  /** Epoch seconds, taken when the head of the answer came (RES-2). */
  readonly created: number;
  /** Anthropic's id for the name by which a host may tell the model. @default the name itself */
  readonly modelOf?: (name: string) => string;
  /** A paused turn may be told as such (FIN-8). */
  readonly mayPause: boolean;
  /** What this answer goes on from. */
  readonly continued: Continued;
}

/**
 * Reads a message of the Messages API into events, one for each answer, streamed or whole.
 *
 * Fed with the parsed `data` of each server-sent event; the type inside decides, never the event's name (STR-17).
 * Throws nothing but `ProviderError`, whatever it is fed. After `finish` it says nothing more (V9).
 */
export class MessageReducer {
  readonly #context: AnswerContext;
  readonly #answer: AnswerSoFar;
  readonly #usage = new MessageUsage();
  /** By the wire's index. Keys are compared, never written to an object: `__proto__` is an index to some (V7). */
  readonly #open = new Map<unknown, ContentBlock>();
  /** All of them, in the order in which they started: what the native content is made of. */
  readonly #blocks: ContentBlock[] = [];
  #head: JsonObject | undefined;
  /** Content that came whole in `message_start`, as long as it may still be streamed as well (V16). */
  #whole: readonly unknown[] = [];
  #container: unknown;
  #stop: Stop | undefined;
  #finished = false;

  constructor(reading: ReadingOptions, context: AnswerContext) {
    this.#context = context;
    this.#answer = new AnswerSoFar(context.provider, reading, context.continued.textLength);
  }

  /** True once `finish` was told. */
  get finished(): boolean {
    return this.#finished;
  }

  /** True once the stop reason is known: whatever breaks from here on, the answer is complete (T38). */
  get stopped(): boolean {
    return this.#stop !== undefined;
  }

  /**
   * Reads one event of the wire and appends what it tells to `out`.
   *
   * @throws ProviderError for an `error` event, a second message spliced in, and what breaks the protocol
   */
  push(data: unknown, out: ChatEvent[]): void {
    if (this.#finished || !isRecord(data)) return;
    const type = data['type'];
    // Nearly all events are these, and nearly all of them text.
    if (type === 'content_block_delta') this.#takeDelta(data, out);
    else if (type === 'content_block_start') this.#startBlock(data, out);
    else if (type === 'content_block_stop') this.#stopBlock(data, out);
    else this.#takeMessageEvent(type, data, out);
  }

  /** The body is over. With a stop reason the answer is complete (STR-19); without, it was cut, and the pool says so. */
  endOfStream(out: ChatEvent[]): void {
    if (this.#finished || !this.#stop) return;
    const message = 'the stream ended after its stop reason, but without its end event';
    const code: AnswerWarningCode = 'missing_end';
    out.push({ type: 'warning', warning: { code, message } });
    this.#finish(this.#stop, out);
  }

  /** The error for an answer that breaks the protocol. */
  badResponse(message: string): ProviderError {
    return this.#answer.badResponse(message);
  }

  /** STR-23: a delta for no block, or after its stop, is a stray and says nothing (V6). */
  #takeDelta(event: JsonObject, out: ChatEvent[]): void {
    const block = this.#open.get(event['index']);
    const delta = event['delta'];
    if (!block) this.#expectHead();
    else if (isRecord(delta)) block.delta(delta, out);
  }

  /**
   * V7: an index that is no whole number names no place. One in use again means that the block before is over:
   * some proxies give every block the index 0.
   */
  #startBlock(event: JsonObject, out: ChatEvent[]): void {
    this.#expectHead();
    const { index, content_block: start } = event;
    if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0 || !isRecord(start)) return;
    this.#readWhole(index, out);
    this.#open.get(index)?.close(out);
    // The next block has begun, so the one before was not cut (STR-12a).
    this.#answer.settle(out);
    // Texts join, but citations are about one of them: where it begins is told too.
    if (start['type'] === 'text' && this.#blocks.at(-1) instanceof TextBlock) {
      out.push({ type: 'vendor', provider: 'anthropic', data: { text_ended: true } });
    }
    const block = startBlock(start, this.#answer, out);
    this.#open.set(index, block);
    this.#blocks.push(block);
  }

  #stopBlock(event: JsonObject, out: ChatEvent[]): void {
    const block = this.#open.get(event['index']);
    if (!block) return;
    this.#open.delete(event['index']);
    block.close(out);
  }

  /** What concerns the message as a whole, and what is none of it. */
  #takeMessageEvent(type: unknown, event: JsonObject, out: ChatEvent[]): void {
    switch (type) {
      case 'message_start':
        this.#start(event['message'], out);
        break;
      case 'message_delta':
        this.#takeMessageDelta(event, out);
        break;
      case 'message_stop':
        // N8: an end without a beginning is no answer; the pool reports the truncation.
        if (!this.#head) break;
        if (!this.#stop) throw this.#answer.truncated();
        this.#finish(this.#stop, out);
        break;
      case 'error':
        throw inStreamError(event, this.#errorContext());
      default:
        // Some proxies send the bare envelope (B3). Other unknown types are the future's (STR-22).
        if (type === undefined && isRecord(event['error'])) throw inStreamError(event, this.#errorContext());
    }
  }

  /** STR-2: nothing here commits, so the pool may still go elsewhere. */
  #start(message: unknown, out: ChatEvent[]): void {
    if (!isRecord(message)) throw this.badResponse('the answer does not start with a message');
    const { id, model } = message;
    if (this.#head) {
      // The same start twice is a stutter (V3); another message must not be mixed into this one (V4).
      if (id !== this.#head['id']) throw this.badResponse('a second message began inside the answer');
      return;
    }
    const { modelOf, model: asked = '', created } = this.#context;
    const named = typeof model === 'string' ? (modelOf?.(model) ?? model) : undefined;
    this.#head = named === undefined || named === model ? message : { ...message, model: named };
    // Without an id of its own the answer keeps the one the pool gave it.
    if (typeof id === 'string' && id !== '') {
      out.push({ type: 'start', id, model: named ?? asked, created });
    }
    if (Array.isArray(message['content'])) this.#whole = message['content'];
    // A message that came whole brings its stop reason along.
    this.#stop = mergeStop(undefined, message);
    this.#usage.merge(message['usage'], true);
    this.#tellUsage(out);
  }

  /** STR-13: there may be several, so the finish waits for `message_stop`. */
  #takeMessageDelta(event: JsonObject, out: ChatEvent[]): void {
    if (!this.#head) return;
    this.#readWhole(this.#whole.length, out);
    const delta = event['delta'];
    if (isRecord(delta)) {
      this.#stop = mergeStop(this.#stop, delta);
      this.#container = delta['container'] ?? this.#container;
    }
    this.#usage.merge(event['usage'], false);
    this.#tellUsage(out);
  }

  /** Reads the blocks before `end` out of what `message_start` held; the stream itself brings the others. */
  #readWhole(end: number, out: ChatEvent[]): void {
    const blocks = this.#whole.slice(0, end);
    this.#whole = [];
    for (const [index, block] of blocks.entries()) {
      if (isRecord(block)) for (const event of eventsOfBlock(block, index)) this.push(event, out);
    }
  }

  /** A running total after each report, so that a stream that dies leaves the last one behind (USE-11). */
  #tellUsage(out: ChatEvent[]): void {
    const usage = this.#usage.read({
      stopped: this.stopped,
      thought: this.#answer.thought,
      unbilled: this.#stop?.reason === 'refusal' && this.#blocks.length === 0,
    });
    if (usage) out.push({ type: 'usage', usage });
  }

  /** Completes what is still open: hosts forget to close blocks (V8). */
  #finish(stop: Stop, out: ChatEvent[]): void {
    this.#readWhole(this.#whole.length, out);
    for (const block of this.#open.values()) block.close(out);
    this.#open.clear();
    tellEnding(
      {
        head: this.#head ?? {},
        container: this.#container,
        stop,
        usage: this.#usage.native,
        before: this.#context.continued.content,
        mayPause: this.#context.mayPause,
        blocks: this.#blocks,
        answer: this.#answer,
      },
      out,
    );
    this.#finished = true;
  }

  /** Content before the message it belongs to (V5). */
  #expectHead(): void {
    if (!this.#head) throw this.badResponse('content came before the start of a message');
  }

  /** In-band errors name no clock of their own; that of the answer's beginning is near enough. */
  #errorContext(): ErrorContext {
    return { ...this.#context, nowMs: this.#context.created * 1_000 };
  }
}
