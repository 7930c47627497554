import {
  type AnswerReader,
  type Batch,
  type ProviderCall,
  readErrorText,
  readUpstreamHead,
  requestIdIn,
  type WireResponse,
} from '../../provider-kit/index.ts';
import { completionReader } from './completion-reader.ts';
import { type EncodedChat, encodeChat } from './encode/index.ts';
import { type ChatErrorContext, completionsError } from './errors.ts';
import type { OpenAIHost } from './openai-host.ts';

const DONE: IteratorResult<Batch> = { value: undefined, done: true };

/**
 * One call of a Chat Completions API as a stream: encode, send, read.
 *
 * An iterator by hand, not a generator, for it is asked once for each network read.
 */
export class CompletionStream implements AsyncIterableIterator<Batch> {
  readonly #host: OpenAIHost;
  readonly #call: ProviderCall;
  #encoded: EncodedChat | undefined;
  #response: WireResponse | undefined;
  #answer: AnswerReader | undefined;
  #over = false;

  constructor(host: OpenAIHost, call: ProviderCall) {
    this.#host = host;
    this.#call = call;
  }

  next(): Promise<IteratorResult<Batch>> {
    if (this.#over) return Promise.resolve(DONE);
    return this.#answer ? this.#answer.next() : this.#begin();
  }

  /** Lets go of the connection; what is still on its way is stopped by the call's signal. */
  async return(): Promise<IteratorResult<Batch>> {
    this.#over = true;
    this.#response?.finish();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** First what the encoding has to say, if anything; then the request goes out, once. */
  async #begin(): Promise<IteratorResult<Batch>> {
    try {
      if (!this.#encoded) {
        this.#encoded = this.#encode();
        const { warnings } = this.#encoded;
        if (warnings.length > 0) {
          return { value: warnings.map((warning) => ({ type: 'warning', warning })), done: false };
        }
      }
      return await this.#send(this.#encoded);
    } catch (error) {
      this.#over = true;
      throw error;
    }
  }

  /** Pure, and before anything is sent: a strict call is refused without a request. */
  #encode(): EncodedChat {
    const { name: provider, quirks } = this.#host;
    const { request, model, stream, strict } = this.#call;
    return encodeChat(request, { provider, model, spec: this.#host.spec(model), quirks, stream, strict });
  }

  /** Once. Whatever goes wrong is for the pool to repeat. */
  async #send(encoded: EncodedChat): Promise<IteratorResult<Batch>> {
    const { model, requestId, signal, connectMs, stream, onSend } = this.#call;
    const { name: provider, quirks } = this.#host;
    const apiKey = await this.#host.reveal(this.#call);
    const lifecycle = this.#host.spec(model)?.lifecycle;
    const context = { provider, model, secrets: this.#host.secrets(apiKey), lifecycle };
    const accept = stream ? 'text/event-stream' : 'application/json';
    const response = await this.#host.post('chat', encoded.body, apiKey, {
      model,
      signal,
      connectMs,
      accept,
      ...(onSend && { onSend }),
    });
    this.#response = response;
    this.#call.onHead?.(readUpstreamHead(response.headers, Date.now(), context.secrets));
    if (this.#over) {
      response.finish();
      return DONE;
    }
    if (response.status !== 200) throw await failedCall(response, context);
    this.#answer = completionReader(response, {
      ...context,
      upstreamRequestId: requestIdIn(response.headers),
      // As the pool itself would call it.
      answerId: `chatcmpl-${requestId}`,
      created: Math.floor(Date.now() / 1_000),
      thinkTags: quirks.thinkTags === true,
    });
    return this.#answer.next();
  }
}

/** The error for an answer that is none. Reads its body, and lets go of the connection. */
export async function failedCall(response: WireResponse, context: ChatErrorContext): Promise<Error> {
  try {
    return completionsError(response.status, response.headers, await readErrorText(response), context);
  } finally {
    response.finish();
  }
}
