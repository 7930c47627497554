import {
  type AnswerReader,
  type Batch,
  isRunestoneError,
  type ProviderCall,
  readErrorText,
  readUpstreamHead,
  requestIdIn,
  type WireResponse,
} from '../../provider-kit/index.ts';
import type { ClaudeHost } from './claude-host.ts';
import { type AnswerContext, MessageReducer } from './decode/message-reducer.ts';
import type { EncodedRequest } from './encode/encode-options.ts';
import { encodeRequest } from './encode/index.ts';
import { type ErrorContext, fromSdkError, messagesError } from './errors.ts';
import { messageReader } from './message-reader.ts';
import { requireClaudeModel } from './models/resolve-claude.ts';
import { continuedFrom, continuing } from './pausing.ts';

const DONE: IteratorResult<Batch> = { value: undefined, done: true };

/**
 * One call of the Messages API as a stream: translate, send, read.
 *
 * An iterator by hand, not a generator, for it is asked once for each network read.
 */
export class ClaudeStream implements AsyncIterableIterator<Batch> {
  readonly #host: ClaudeHost;
  readonly #call: ProviderCall;
  #encoded: EncodedRequest | undefined;
  #response: WireResponse | undefined;
  #answer: AnswerReader | undefined;
  #over = false;

  constructor(host: ClaudeHost, call: ProviderCall) {
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

  /** First what the translation has to say, if anything; then the request goes out, once. */
  async #begin(): Promise<IteratorResult<Batch>> {
    try {
      const { request, model, continues } = this.#call;
      const claude = requireClaudeModel(model, this.#host.name);
      if (!this.#encoded) {
        this.#encoded = encodeRequest(
          continuing(request, continues),
          claude,
          this.#host.encodeOptions(this.#call),
        );
        const { warnings } = this.#encoded;
        if (warnings.length > 0) {
          return { value: warnings.map((warning) => ({ type: 'warning', warning })), done: false };
        }
      }
      return await this.#send(this.#encoded, claude.id, claude.lifecycle);
    } catch (error) {
      this.#over = true;
      throw error;
    }
  }

  async #send(
    encoded: EncodedRequest,
    model: string,
    lifecycle: AnswerContext['lifecycle'],
  ): Promise<IteratorResult<Batch>> {
    const { blockMap, reading } = encoded;
    const apiKey = await this.#host.reveal(this.#call);
    // Completed when the head of the answer is in; one object throughout, since a copy costs more than filling it.
    const context: { -readonly [Fact in keyof AnswerContext]: AnswerContext[Fact] } = {
      provider: this.#host.name,
      model,
      secrets: this.#host.secrets(apiKey),
      lifecycle,
      toCallerPath: (path) => blockMap.callerPath(path),
      repairs: encoded.repairs,
      upstreamRequestId: undefined,
      created: 0,
      modelOf: (name) => this.#host.modelOf(name),
      mayPause: this.#call.mayPause ?? false,
      continued: continuedFrom(this.#call.continues),
    };
    const response = await this.#sent(encoded, apiKey, context);
    this.#response = response;
    this.#call.onHead?.(readUpstreamHead(response.headers, Date.now(), context.secrets));
    if (this.#over) {
      response.finish();
      return DONE;
    }
    if (response.status !== 200) throw await failed(response, context);
    context.created = Math.floor(Date.now() / 1000);
    context.upstreamRequestId = requestIdIn(response.headers);
    this.#answer = messageReader(response, new MessageReducer(reading, context), context);
    return this.#answer.next();
  }

  async #sent(encoded: EncodedRequest, apiKey: string, context: ErrorContext): Promise<WireResponse> {
    const { betas, body } = encoded;
    const { signal, connectMs, onSend } = this.#call;
    const path = betas.length > 0 ? '/v1/messages?beta=true' : '/v1/messages';
    try {
      const headers = this.#host.headers(apiKey, encoded);
      return await this.#host.client.send({ path, body, headers, signal, connectMs, onSend });
    } catch (error) {
      if (signal.aborted || isRunestoneError(error)) throw error;
      throw fromSdkError(error, context);
    }
  }
}

/** The error for an answer that is none. Reads its body, and lets go of the connection. */
export async function failed(response: WireResponse, context: ErrorContext): Promise<Error> {
  try {
    return messagesError(response.status, response.headers, await readErrorText(response), context);
  } finally {
    response.finish();
  }
}
