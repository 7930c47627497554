import { Accumulator } from '../chat/accumulate.ts';
import type { ChatCompletion } from '../chat/completion.ts';
import type { Batch, FinishReason } from '../chat/events.ts';
import { parseOutput } from '../chat/parse-output.ts';
import { schemaOf } from '../chat/schema-format.ts';
import type { StandardSchema } from '../chat/standard-schema.ts';
import { CancelledError } from '../errors/index.ts';
import { type Ending, endingOf } from '../pipeline/observe.ts';
import type { OpenedStream } from '../pipeline/open-stream.ts';
import type { RunningRequest } from './running-request.ts';

/**
 * An opened answer and its end: pulls it, folds what it pulls, and sees to it that the request ends exactly once.
 * Streamed or not, every answer goes through here.
 */
export class Answer {
  readonly running: RunningRequest;
  readonly #opened: OpenedStream;
  readonly #onEnd: (ending: Ending) => void;
  readonly #folded: Accumulator;
  readonly #unhook: () => void;
  /** The last pull, and how many are out: the layers below take one at a time. */
  #pulling: Promise<unknown> = Promise.resolve();
  #out = 0;
  /** Set once the request was ended from outside. */
  #cut: Promise<void> | undefined;
  #ended = false;
  #failure: unknown;
  #waiting: (() => void)[] = [];

  /** @param onEnd - called once, when the answer is complete, has failed, or was cancelled */
  constructor(running: RunningRequest, opened: OpenedStream, onEnd: (ending: Ending) => void) {
    this.running = running;
    this.#opened = opened;
    this.#onEnd = onEnd;
    this.#folded = new Accumulator(running.head);
    this.#unhook = running.context.cancellation.onCancel((reason) => {
      this.#cut = this.#settle(reason);
    });
  }

  /** How it ended; `undefined` before its last event. */
  get finish(): { readonly reason: FinishReason; readonly raw: string | undefined } | undefined {
    return this.#folded.finish;
  }

  /** The next batch; `undefined` at the end. Rejects when the answer breaks, and from then on. */
  pull(): Promise<Batch | undefined> {
    const before = this.#cut ?? (this.#out > 0 ? this.#pulling : undefined);
    const pulling = before ? before.then(this.#next, this.#next) : this.#next();
    this.#pulling = pulling;
    return pulling;
  }

  /** The whole answer. Reads to the end itself, or waits for whoever does. */
  async completion(readItself: boolean): Promise<ChatCompletion> {
    if (readItself) while (await this.pull());
    else if (!this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#failure !== undefined) throw this.#failure;
    const completion = this.#folded.completion(this.running.form, this.running.info());
    const { response_format: format } = this.running.context.request;
    const schema = schemaOf(format);
    if (schema && format?.type === 'json_schema')
      await this.#parse(completion, schema, format.json_schema.name);
    return completion;
  }

  /** What a call that is no chat has brought, once it is complete. */
  async result(): Promise<unknown> {
    while (await this.pull());
    return this.#folded.result;
  }

  /** Cuts the request upstream. Does nothing once the answer has ended. */
  async cancel(): Promise<void> {
    if (!this.#ended) this.running.abort(new CancelledError('the stream was cancelled by its consumer'));
    await this.#cut;
  }

  readonly #next = (): Promise<Batch | undefined> => {
    if (this.#ended) {
      return this.#failure === undefined ? Promise.resolve(undefined) : Promise.reject(this.#failure);
    }
    this.#out += 1;
    return this.#opened.next().then(this.#onResult, this.#onBroken);
  };

  readonly #onResult = ({ value, done }: IteratorResult<Batch>): Batch | undefined | Promise<Batch> => {
    const { cancellation } = this.running.context;
    // Whatever a layer made of it: an answer that was cut is not complete.
    if (done && cancellation.isCancelled) return this.#onBroken(cancellation.reason);
    if (!done) {
      try {
        this.#folded.add(value);
      } catch (error) {
        // A plug-in may hand on what is no batch.
        return this.#onBroken(error);
      }
      if (this.#folded.finish) return this.#drain(value);
    }
    this.#out -= 1;
    if (done) this.#end(undefined);
    return value;
  };

  readonly #onBroken = (error: unknown): never => {
    this.#out -= 1;
    this.#end(this.#explain(error));
    throw error;
  };

  /** After the end, so that an answer which its schema refuses is none of retry, failover or breaker. */
  async #parse(completion: ChatCompletion, schema: StandardSchema, name: string): Promise<void> {
    try {
      await parseOutput(completion, schema, name);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** The layers below learn of the end, and write the last facts, only when they are asked for more. */
  async #drain(last: Batch): Promise<Batch> {
    try {
      while (!(await this.#opened.next()).done);
    } catch (error) {
      return this.#onBroken(error);
    }
    this.#out -= 1;
    this.#end(undefined);
    return last;
  }

  /**
   * Ends an answer whose request was ended from outside, also when nobody reads it at that moment. The layers
   * below learn why by being asked once more, after what is held; whoever still goes on then is let go.
   */
  async #settle(reason: unknown): Promise<void> {
    try {
      await this.#pulling;
      for (let pulls = this.#opened.held + 1; pulls > 0 && !this.#ended; pulls--) await this.#next();
      if (!this.#ended) await this.#opened.return();
    } catch {
      // Whoever reads is told.
    }
    this.#end(this.#explain(reason));
  }

  #explain(error: unknown): unknown {
    return this.running.explain(error, { committed: true, partial: this.#folded.partial() });
  }

  #end(failure: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#unhook();
    this.#onEnd(failure === undefined ? { outcome: 'ok' } : endingOf(failure));
    for (const wake of this.#waiting) wake();
    this.#waiting = [];
  }
}
