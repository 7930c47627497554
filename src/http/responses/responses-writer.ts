import type { AnswerInfo } from '../../chat/completion.ts';
import type { Batch, ChatEvent, FinishReason } from '../../chat/events.ts';
import type { JsonObject } from '../../chat/json.ts';
import type { RunestoneError } from '../../errors/index.ts';
import type { StreamWriter } from '../dialect.ts';
import { EventLog } from './event-log.ts';
import { OutputItems } from './output-items.ts';
import { type ResponseHead, type ResponseState, responseObject } from './response-object.ts';

/**
 * A streamed answer as the events of the Responses API, from `response.created` to `response.completed` or
 * `response.incomplete`.
 */
export class ResponsesWriter implements StreamWriter {
  readonly #asked: JsonObject;
  readonly #log = new EventLog();
  /** What the host has said of itself, until the head stands. */
  #start: Extract<ChatEvent, { type: 'start' }> | undefined;
  #head: ResponseHead | undefined;
  /** There once the response is announced. */
  #items: OutputItems | undefined;
  /** As the last event told it. */
  #response: JsonObject = {};

  /** @param asked - the request, which the response repeats */
  constructor(asked: JsonObject) {
    this.#asked = asked;
  }

  /** The whole answer, once it has ended. */
  get response(): JsonObject {
    return this.#response;
  }

  /** Nothing is said before there is something to say: until then another host may answer (STR-2). */
  write(batch: Batch, info: () => AnswerInfo): string {
    let frames = '';
    for (const event of batch) {
      if (event.type === 'start') {
        if (!this.#head) this.#start = event;
      } else if (event.type === 'finish') frames += this.#finish(event.reason, info());
      else if (isToldLater(event)) continue;
      else frames += this.#write(event, info);
    }
    return frames;
  }

  /** Nothing: the last event has said it, and OpenAI sends no `[DONE]` here. */
  end(): string {
    return '';
  }

  /**
   * OpenAI's own form, and beside it the flat one of its types: clients look for either. No `response.failed` follows:
   * an SDK would take it for a stream that ended well.
   */
  fail(error: RunestoneError): string {
    const { error: words } = error.toOpenAI();
    const { code, message, param } = words;
    return this.#log.event('error', { code, message, param, error: words });
  }

  #write(event: ChatEvent, info: () => AnswerInfo): string {
    const begun = this.#items ? '' : this.#begin(info());
    const said = event.type === 'text_delta' ? this.#items?.text(event.text) : this.#items?.event(event);
    return begun + (said ?? '');
  }

  /** Announces the response. Ids are made from the request's: those of hosts are not always their own. */
  #begin({ requestId, model }: AnswerInfo): string {
    const created = this.#start?.created ?? Math.floor(Date.now() / 1000);
    this.#head = { id: `resp_${requestId}`, model: this.#start?.model ?? model, created };
    this.#items = new OutputItems(this.#log, requestId);
    const response = this.#state({ output: [] });
    return (
      this.#log.event('response.created', { response }) +
      this.#log.event('response.in_progress', { response })
    );
  }

  /** The end: open items, and the response as a whole once more, with what the pool tells of it. */
  #finish(reason: FinishReason, info: AnswerInfo): string {
    const begun = this.#items ? '' : this.#begin(info);
    const cut = reason === 'length' || reason === 'content_filter';
    const closed = this.#items?.end(cut ? 'incomplete' : 'completed') ?? '';
    this.#response = this.#state({ output: this.#items?.output ?? [], finish: { reason, info } });
    const type = cut ? 'response.incomplete' : 'response.completed';
    return begun + closed + this.#log.event(type, { response: this.#response });
  }

  /** The response as it stands. */
  #state(state: ResponseState): JsonObject {
    return this.#head ? responseObject(this.#asked, this.#head, state) : {};
  }
}

/** Nothing to say yet: until there is, the head may still change. */
function isToldLater({ type }: ChatEvent): boolean {
  return type === 'usage' || type === 'warning' || type === 'vendor';
}
