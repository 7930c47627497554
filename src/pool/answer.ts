import { Accumulator } from '../chat/accumulate.ts';
import type { ChatCompletion } from '../chat/completion.ts';
import type { Batch, FinishReason } from '../chat/events.ts';
import { CancelledError } from '../errors/index.ts';
import type { OpenedStream } from '../pipeline/open-stream.ts';
import type { RunningRequest } from './running-request.ts';

/**
 * An opened answer and its end: pulls it, folds what it pulls, and sees to it that the request ends exactly once.
 * Streamed or not, every answer goes through here.
 */
export class Answer {
  readonly running: RunningRequest;
  readonly #opened: OpenedStream;
  readonly #onEnd: () => void;
  readonly #folded: Accumulator;
  readonly #unhook: () => void;
  #ended = false;
  #failure: unknown;
  #waiting: (() => void)[] = [];

  /** @param onEnd - called once, when the answer is complete, has failed, or was cancelled */
  constructor(running: RunningRequest, opened: OpenedStream, onEnd: () => void) {
    this.running = running;
    this.#opened = opened;
    this.#onEnd = onEnd;
    this.#folded = new Accumulator(running.head);
    // An answer that nobody reads at that moment ends too: the layers below only learn of it when they are pulled.
    this.#unhook = running.context.cancellation.onCancel(() => void this.#drain());
  }

  /** How it ended; `undefined` before its last event. */
  get finish(): { readonly reason: FinishReason; readonly raw: string | undefined } | undefined {
    return this.#folded.finish;
  }

  /** The next batch; `undefined` at the end. Rejects when the answer breaks, and from then on. */
  async pull(): Promise<Batch | undefined> {
    if (this.#ended) {
      if (this.#failure !== undefined) throw this.#failure;
      return undefined;
    }
    try {
      const { value, done } = await this.#opened.next();
      const { cancellation } = this.running.context;
      if (done && cancellation.isCancelled) throw cancellation.reason;
      if (done) {
        this.#end(undefined);
        return undefined;
      }
      this.#folded.add(value);
      // The layers below learn of the end, and write the last facts, only when they are asked for more.
      if (this.#folded.finish) {
        while (!(await this.#opened.next()).done);
        this.#end(undefined);
      }
      return value;
    } catch (error) {
      this.#end(this.#explain(error));
      throw error;
    }
  }

  /** The whole answer. Reads to the end itself, or waits for whoever does. */
  async completion(readItself: boolean): Promise<ChatCompletion> {
    if (readItself) while (await this.pull());
    else if (!this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#failure !== undefined) throw this.#failure;
    return this.#folded.completion(this.running.form, this.running.info());
  }

  /** Cuts the request upstream. Does nothing once the answer has ended. */
  async cancel(): Promise<void> {
    if (this.#ended) return;
    const error = new CancelledError('the stream was cancelled by its consumer');
    // Abort, then return: a pending pull only ends by the abort.
    this.running.abort(error);
    try {
      await this.#opened.return();
    } finally {
      this.#end(this.#explain(error));
    }
  }

  async #drain(): Promise<void> {
    try {
      while (await this.pull());
    } catch {
      // Whoever reads on is told.
    }
  }

  #explain(error: unknown): unknown {
    return this.running.explain(error, { committed: true, partial: this.#folded.partial() });
  }

  #end(failure: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#unhook();
    this.#onEnd();
    for (const wake of this.#waiting) wake();
    this.#waiting = [];
  }
}
