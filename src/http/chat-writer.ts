import type { AnswerInfo, ChatCompletionChunk } from '../chat/completion.ts';
import { type AnswerForm, type AnswerHead, ChunkEncoder } from '../chat/encode-chunk.ts';
import { encodeSse, encodeSseError, SSE_DONE } from '../chat/encode-sse.ts';
import type { Batch, ChatEvent } from '../chat/events.ts';
import type { RunestoneError } from '../errors/index.ts';
import type { StreamWriter } from './dialect.ts';

/**
 * A streamed answer as OpenAI's chat completion chunks.
 *
 * Nearly all chunks of an answer differ in their text alone. Once the head stands, such a chunk is that text between
 * two strings, which costs a third of encoding an object.
 */
export class ChatWriter implements StreamWriter {
  readonly #form: AnswerForm;
  readonly #head: AnswerHead | undefined;
  #encoder: ChunkEncoder | undefined;
  /** What stands around the text of a chunk; '' until the head is told. */
  #before = '';
  #after = '';

  /** @param head - what the answer is called until its provider says so itself. @default after the request's id */
  constructor(form: AnswerForm, head?: AnswerHead) {
    this.#form = form;
    this.#head = head;
  }

  write(batch: Batch, info: () => AnswerInfo): string {
    let text = '';
    for (const event of batch) {
      if (event.type !== 'text_delta' || this.#before === '') text += this.#encode(event, info);
      else if (event.text) text += this.#before + JSON.stringify(event.text) + this.#after;
    }
    return text;
  }

  end(): string {
    return SSE_DONE;
  }

  fail(error: RunestoneError): string {
    return encodeSseError(error);
  }

  /** The long way. The end comes last, when all is known. */
  #encode(event: ChatEvent, info: () => AnswerInfo): string {
    this.#encoder ??= new ChunkEncoder(this.#form, this.#head ?? headOf(info()));
    const chunks: ChatCompletionChunk[] = [];
    this.#encoder.encode([event], chunks);
    if (event.type === 'finish') this.#encoder.finish(event.reason, event.raw, info(), chunks);
    const [first] = chunks;
    if (first && this.#before === '') this.#settle(first);
    return encodeSse(chunks);
  }

  /** The head of the first chunk is that of all. */
  #settle({ id, object, created, model }: ChatCompletionChunk): void {
    const head = JSON.stringify({ id, object, created, model }).slice(0, -1);
    const usage = this.#form.includeUsage ? ',"usage":null' : '';
    this.#before = `data: ${head},"choices":[{"index":0,"delta":{"content":`;
    this.#after = `},"finish_reason":null,"logprobs":null}]${usage}}\n\n`;
  }
}

function headOf({ requestId, model }: AnswerInfo): AnswerHead {
  return { id: `chatcmpl-${requestId}`, model, created: Math.floor(Date.now() / 1000) };
}
