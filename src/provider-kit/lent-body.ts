import { ProviderError } from '../errors/index.ts';
import { responseToWire } from './fetch-transport.ts';
import type { WireResponse } from './wire.ts';

/**
 * The body of an answer, lent to an SDK that may rewrite it: Bedrock's comes in frames of Amazon's own, which its
 * SDK turns into server-sent events.
 */
export class LentBody {
  /** For the SDK. Nothing is read before somebody reads here. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #answer: WireResponse;
  #ended = false;
  #failure: unknown;

  constructor(answer: WireResponse) {
    this.#answer = answer;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> =>
      this.#pull(controller);
    this.stream = new ReadableStream({ pull }, { highWaterMark: 0 });
  }

  /**
   * The answer as it is to be read: past the SDK when that left the body alone, else as the SDK rewrote it.
   *
   * @param returned - what the SDK handed out
   */
  takeBack(provider: string, returned: Response, signal: AbortSignal): WireResponse {
    const answer = this.#answer;
    if (returned.body === this.stream) return answer;
    const rewritten = responseToWire(provider, returned, signal);
    return {
      status: answer.status,
      headers: answer.headers,
      read: () =>
        rewritten.read().catch((error: unknown) => {
          throw signal.aborted ? error : (this.#failure ?? this.#unreadable(provider));
        }),
      finish: () => {
        rewritten.finish();
        // An SDK in the middle of a read would let go only after it.
        answer.finish();
      },
    };
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const chunks = await this.#answer.read();
      this.#ended = chunks === undefined;
      if (!chunks) controller.close();
      else for (const chunk of chunks) controller.enqueue(chunk);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** The connection did not break, so the bytes did not fit. What the SDK says of them may quote them. */
  #unreadable(provider: string): ProviderError {
    return this.#ended
      ? new ProviderError({ provider, code: 'stream_truncated', message: 'the answer ends in the middle' })
      : new ProviderError({ provider, code: 'bad_response', message: 'the SDK could not read the answer' });
  }
}
